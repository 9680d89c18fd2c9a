"""The benchmark of passes runs and compares with the signature of the same run."""

from tmam.bench.apple_passes import SIGNATURE, WRITTEN, measure_passes


def test_both_kinds_of_work_are_measured_and_compared() -> None:
    signature, whole = measure_passes(0.01)
    assert (signature.name, whole.name) == (SIGNATURE, WRITTEN)
    assert signature.share is None
    assert whole.share is not None
    assert whole.share == whole.per_s / signature.per_s
    assert 0 < whole.share < 1
