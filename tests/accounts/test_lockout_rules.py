"""Pauses grow, end, and are forgotten; a right attempt leaves nothing behind."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tmam.accounts.lockout_rules import (
    FORGOTTEN_AFTER,
    PAUSES,
    Count,
    Rule,
    after_attempt,
    after_success,
    taken_back,
)

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
RULE = Rule(limit=5, window=timedelta(minutes=15))
NEW = Count(failures=0, since=NOW, last_at=NOW)


def attempts(count: Count, number: int, now: datetime = NOW) -> Count:
    for _ in range(number):
        count = after_attempt(count, now, RULE)
    return count


def test_the_fifth_attempt_pauses() -> None:
    assert not attempts(NEW, 4).is_locked(NOW)
    paused = attempts(NEW, 5)
    assert paused.is_locked(NOW)
    assert paused.locked_until == NOW + timedelta(minutes=1)
    assert not paused.is_locked(NOW + timedelta(minutes=1))


def test_each_pause_in_a_row_is_longer_and_the_last_length_stays() -> None:
    count, now, lengths = NEW, NOW, []
    for _ in range(7):
        count = attempts(count, 5, now)
        assert count.locked_until is not None
        lengths.append(count.locked_until - now)
        now = count.locked_until
    assert tuple(lengths[:5]) == PAUSES
    assert lengths[5:] == [PAUSES[-1]] * 2
    assert count.lock_number == 7


def test_old_attempts_do_not_count() -> None:
    count = attempts(NEW, 4)
    later = NOW + RULE.window + timedelta(seconds=1)
    assert after_attempt(count, later, RULE).failures == 1


def test_a_calm_day_starts_anew() -> None:
    count = attempts(NEW, 5)
    later = NOW + FORGOTTEN_AFTER + timedelta(seconds=1)
    again = attempts(count, 5, later)
    assert again.locked_until == later + PAUSES[0]
    assert again.lock_number == 2, "a pause never has the number of an earlier one: its link would open it"


def test_success_clears() -> None:
    assert after_success(attempts(NEW, 5)).locks == 0
    assert not after_success(attempts(NEW, 5)).is_locked(NOW)


def test_an_attempt_taken_back_takes_its_pause_along() -> None:
    before = attempts(NEW, 4)
    after = after_attempt(before, NOW, RULE)
    back = taken_back(after, after.lock_number)
    assert (back.failures, back.locks, back.locked_until) == (4, 0, None)
    assert taken_back(before, 0).failures == 3


@given(st.lists(st.integers(0, 3_000), max_size=60))
def test_no_rhythm_gets_more_looks_than_pauses_allow(waits: list[int]) -> None:
    count, now, looked_at = NEW, NOW, []
    for wait in waits:
        now += timedelta(seconds=wait)
        if not count.is_locked(now):
            count = after_attempt(count, now, RULE)
            looked_at.append(now)
    for start in looked_at:
        within = [moment for moment in looked_at if start <= moment < start + timedelta(minutes=1)]
        assert len(within) <= 2 * RULE.limit
