"""At most ten tries at a code an hour, whoever asks at the same moment; then pauses that grow."""

from datetime import datetime, timedelta

import pytest

from tests.cast import NOW, make_user
from tests.threads import at_the_same_moment
from tmam.accounts.errors import TooManyCodesError
from tmam.accounts.guesses import FORGOTTEN_AFTER, MOST_TRIES, GuessScope, claim_guess, forget_guesses

HOUR = timedelta(hours=1)
STRANGERS = GuessScope.STRANGERS


def tries_of(user_id: int, now: datetime, most: int = 50) -> tuple[int, datetime]:
    """(tries that were allowed, when the next one is)."""
    for number in range(most):
        try:
            claim_guess(user_id, STRANGERS, now=now)
        except TooManyCodesError as refusal:
            return number, refusal.free_at
    raise AssertionError("never refused")


@pytest.mark.django_db
def test_ten_tries_then_a_pause_that_doubles_up_to_a_day() -> None:
    user, now = make_user(), NOW
    pauses = []
    for _ in range(7):
        tries, free_at = tries_of(user.pk, now)
        assert tries == MOST_TRIES
        pauses.append((free_at - now) / HOUR)
        now = free_at
    assert pauses == [1, 2, 4, 8, 16, 24, 24]


@pytest.mark.django_db
def test_the_last_try_says_that_the_pause_begins() -> None:
    user = make_user()
    last = [claim_guess(user.pk, STRANGERS, now=NOW) for _ in range(MOST_TRIES)][-1]
    assert last.pauses_until == NOW + HOUR


@pytest.mark.django_db
def test_tries_over_more_than_an_hour_are_counted_anew() -> None:
    user = make_user()
    for _ in range(MOST_TRIES - 1):
        claim_guess(user.pk, STRANGERS, now=NOW)
    assert claim_guess(user.pk, STRANGERS, now=NOW + HOUR).tries == 1


@pytest.mark.django_db
def test_a_right_code_and_a_quiet_week_forget() -> None:
    user = make_user()
    tries_of(user.pk, NOW)
    forget_guesses(user.pk, STRANGERS)
    assert tries_of(user.pk, NOW)[1] == NOW + HOUR
    later = NOW + HOUR + FORGOTTEN_AFTER
    assert tries_of(user.pk, later)[1] == later + HOUR, "a first pause again"


@pytest.mark.django_db
def test_strangers_do_not_use_up_the_tries_of_a_signed_in_browser() -> None:
    user = make_user()
    tries_of(user.pk, NOW)
    assert claim_guess(user.pk, GuessScope.SIGNED_IN, now=NOW).tries == 1


def test_tries_at_the_same_moment_are_no_more(live_database: None) -> None:
    user = make_user()

    def try_five() -> int:
        allowed = 0
        for _ in range(5):
            try:
                claim_guess(user.pk, STRANGERS, now=NOW)
                allowed += 1
            except TooManyCodesError:
                pass
        return allowed

    assert sum(at_the_same_moment(8, try_five)) == MOST_TRIES
