"""The benchmark of sealing measures what it says, each beside the same work without it."""

from __future__ import annotations

from tmam.bench.sealing import AGAINST, measure_sealing


def test_every_work_is_measured_beside_its_plain_one() -> None:
    rates = {rate.name: rate for rate in measure_sealing(0.01)}
    assert rates.keys() >= {*AGAINST, *AGAINST.values(), "seal a name", "open a name"}
    assert all(0 < (rates[name].share or 0) < 1.5 for name in AGAINST)
    assert all(rate.per_s > 100 for rate in rates.values())
