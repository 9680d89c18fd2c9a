from __future__ import annotations

import threading
from datetime import UTC, datetime

from tests.waiting import wait_until
from tmam.platform.loops import Loop, LoopRunner


def test_a_loop_that_fails_is_tried_again_and_never_stops_the_others() -> None:
    calls = {"broken": 0, "sound": 0}

    def broken(now: datetime) -> int:
        calls["broken"] += 1
        raise ValueError("not today")

    def sound(now: datetime) -> int:
        calls["sound"] += 1
        return 0

    runner = LoopRunner([Loop("broken", broken, 0.001), Loop("sound", sound, 0.001)], first_wait_s=0.001)
    runner.start()
    assert wait_until(lambda: calls["broken"] >= 3 and calls["sound"] >= 3)
    assert runner.stop(5) == []
    assert list(runner.last_success) == ["sound"]


def test_a_loop_with_work_left_does_not_rest() -> None:
    left = list(range(50))
    done = threading.Event()

    def work(now: datetime) -> int:
        if left:
            left.pop()
            return 1
        done.set()
        return 0

    runner = LoopRunner([Loop("work", work, idle_s=3600)], clock=lambda: datetime(2026, 12, 5, tzinfo=UTC))
    runner.start()
    assert done.wait(10)
    assert runner.stop(5) == []
    assert runner.last_success["work"] == datetime(2026, 12, 5, tzinfo=UTC)


def test_what_was_begun_is_finished_or_named() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(now: datetime) -> int:
        begun.set()
        go_on.wait(30)
        return 0

    runner = LoopRunner([Loop("slow", slow, 0)])
    runner.start()
    assert begun.wait(10)
    assert runner.stop(0.01) == ["slow"]
    go_on.set()
    assert runner.stop(10) == []
