from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from tmam.kernel.live_digits import are_live, live_digits, live_secret, live_step

NOW = datetime(2026, 12, 5, 19, 0, 7, tzinfo=UTC)
SECRET = live_secret(b"m" * 32, 7, 11, 0)


def test_digits_are_those_of_rfc_6238() -> None:
    # Appendix B of the RFC has a step of 30 s: at 59 s that is step 1.
    assert live_digits(b"12345678901234567890", 1) == "94287082"
    assert live_digits(b"12345678901234567890", 37037036) == "07081804"


def test_another_program_computes_the_same() -> None:
    import base64

    theirs = pyotp.TOTP(base64.b32encode(SECRET).decode(), digits=8, interval=15)
    for seconds in (0, 14, 15, 100_000):
        at = NOW + timedelta(seconds=seconds)
        assert live_digits(SECRET, live_step(at)) == theirs.at(at)


@pytest.mark.parametrize(("aside", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_to_either_side_is_forgiven(aside: int, is_good: bool) -> None:
    assert are_live(live_digits(SECRET, live_step(NOW) + aside), SECRET, NOW) is is_good


def test_each_generation_serial_and_event_has_its_own_secret() -> None:
    others = [live_secret(b"m" * 32, *key) for key in ((7, 11, 1), (7, 12, 0), (8, 11, 0))]
    others.append(live_secret(b"n" * 32, 7, 11, 0))
    assert len({SECRET, *others}) == 5
    assert {len(each) for each in others} == {20}
