from tmam.web.kept_briefly import KeptBriefly


def test_a_value_is_kept_for_its_time() -> None:
    now = [10.0]
    kept: KeptBriefly[str] = KeptBriefly(seconds=1.0, clock=lambda: now[0])
    assert kept.get() is None
    assert kept.put("EUR") == "EUR"
    now[0] += 0.9
    assert kept.get() == "EUR"
    now[0] += 0.1
    assert kept.get() is None


def test_it_can_be_forgotten() -> None:
    kept: KeptBriefly[str] = KeptBriefly(seconds=1000.0)
    kept.put("EUR")
    kept.forget()
    assert kept.get() is None
