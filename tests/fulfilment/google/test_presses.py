from __future__ import annotations

import pytest

from tmam.fulfilment.errors import GoogleNotReachedError, GoogleRefusedError
from tmam.fulfilment.google.presses import AT_ONCE, BUSY_AGAIN_S, REST_S, SLOW_S, Presses


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def fail_after(presses: Presses, clock: Clock, seconds: float, error: Exception) -> None:
    def ask() -> None:
        with presses.one():
            clock.now += seconds
            raise error

    with pytest.raises(type(error)):
        ask()


def test_so_many_at_once_and_the_next_are_told_at_once() -> None:
    presses = Presses(at_once=1)
    with presses.one():
        for _ in range(3):
            with pytest.raises(GoogleNotReachedError) as refused, presses.one():
                raise AssertionError
            assert refused.value.retry_after_s == BUSY_AGAIN_S
    with presses.one():
        pass


def test_after_one_who_was_kept_waiting_nobody_is_sent_there_for_a_while() -> None:
    clock = Clock()
    presses = Presses(clock)
    fail_after(presses, clock, SLOW_S, GoogleNotReachedError())
    clock.now += REST_S - 2.5
    with pytest.raises(GoogleNotReachedError) as refused, presses.one():
        raise AssertionError
    assert refused.value.retry_after_s == 3
    clock.now += 2.5
    with presses.one():
        pass


@pytest.mark.parametrize(
    ("seconds", "error"),
    [(SLOW_S / 2, GoogleNotReachedError()), (SLOW_S, GoogleRefusedError(400)), (SLOW_S, ValueError())],
)
def test_an_answer_is_no_silence_and_gives_the_place_back(seconds: float, error: Exception) -> None:
    clock = Clock()
    presses = Presses(clock)
    for _ in range(AT_ONCE + 1):
        fail_after(presses, clock, seconds, error)
    with presses.one():
        pass
