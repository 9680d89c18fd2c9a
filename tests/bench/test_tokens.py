from tmam.bench.tokens import AGAINST, measure_tokens, report_lines


def test_every_kind_of_work_is_measured_beside_the_bare_one() -> None:
    rates = measure_tokens(0.05)
    assert {rate.name for rate in rates} == {*AGAINST, "bare signature", "bare check"}
    assert all(rate.per_s > 0 for rate in rates)
    assert [rate.name for rate in rates if rate.share is None] == ["bare signature", "bare check"]
    lines = report_lines(rates)
    assert len(lines) == 2 + len(rates)
    assert lines[2].startswith("| bare signature | ")
