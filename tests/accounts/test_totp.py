"""Codes of authenticator apps, judged by pyotp: skew, and each code once."""

from datetime import timedelta

import pyotp
import pytest

from tests.cast import NOW, make_user
from tests.threads import at_the_same_moment
from tmam.accounts.totp import accept_code, add_app, app_of, matching_counters, new_secret

STEP = timedelta(seconds=30)


def code_at(secret: str, now: object) -> str:
    return pyotp.TOTP(secret).at(now)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("steps", "is_accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(steps: int, is_accepted: bool) -> None:
    secret = new_secret()
    assert bool(matching_counters(secret, code_at(secret, NOW + steps * STEP), NOW)) is is_accepted


def test_the_vectors_of_rfc_6238() -> None:
    from datetime import UTC, datetime

    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        now = datetime.fromtimestamp(seconds, tz=UTC)
        assert matching_counters(secret, code, now) == [seconds // 30]


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert matching_counters(new_secret(), typed, NOW) == []


def test_spaces_are_forgiven() -> None:
    secret = new_secret()
    code = code_at(secret, NOW)
    assert matching_counters(secret, f" {code[:3]} {code[3:]} ", NOW)


@pytest.mark.django_db
def test_a_code_is_accepted_once_and_no_earlier_one_after_it() -> None:
    user, secret = make_user(), new_secret()
    assert add_app(user.pk, secret, code_at(secret, NOW), now=NOW) is not None
    assert accept_code(user.pk, code_at(secret, NOW), now=NOW) is None, "the code of the set-up is used"
    later = NOW + 3 * STEP
    assert accept_code(user.pk, code_at(secret, later), now=later) is not None
    assert accept_code(user.pk, code_at(secret, later), now=later) is None
    assert accept_code(user.pk, code_at(secret, later), now=later + STEP) is None, (
        "not in the next step either"
    )
    assert accept_code(user.pk, code_at(secret, later - STEP), now=later) is None, "an earlier one"
    assert accept_code(user.pk, code_at(secret, later + STEP), now=later) is not None, "a phone that is ahead"


@pytest.mark.django_db
def test_the_key_is_encrypted_at_rest() -> None:
    user, secret = make_user(), new_secret()
    add_app(user.pk, secret, code_at(secret, NOW), now=NOW)
    app = app_of(user.pk)
    assert app is not None
    assert secret not in str(app.data)
    assert app.data["secret"].startswith("gAAAA")


@pytest.mark.django_db
def test_there_is_one_app_for_an_account() -> None:
    user, secret = make_user(), new_secret()
    assert add_app(user.pk, secret, code_at(secret, NOW), now=NOW) is not None
    assert add_app(user.pk, secret, code_at(secret, NOW), now=NOW) is None


def test_of_two_requests_with_one_code_exactly_one_passes(live_database: None) -> None:
    user, secret = make_user(), new_secret()
    add_app(user.pk, secret, code_at(secret, NOW), now=NOW)
    later = NOW + 3 * STEP
    code = code_at(secret, later)
    answers = at_the_same_moment(8, lambda: accept_code(user.pk, code, now=later))
    assert len([answer for answer in answers if answer is not None]) == 1
