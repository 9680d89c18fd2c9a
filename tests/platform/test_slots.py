"""Dear work is bounded: so many at once, so many waiting, the rest is told to come back."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tmam.platform.errors import BusyError
from tmam.platform.slots import Slots


def test_no_more_work_at_once_than_there_are_slots() -> None:
    slots = Slots(2, most_waiting=30)
    lock, here, most = threading.Lock(), 0, 0

    def work(_: int) -> None:
        nonlocal here, most
        with slots.one():
            with lock:
                here += 1
                most = max(most, here)
            sum(range(20_000))
            with lock:
                here -= 1

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(32)))
    assert 1 <= most <= 2


def test_a_full_queue_is_refused_at_once_and_heals() -> None:
    slots = Slots(1, most_waiting=1)
    inside, go = threading.Event(), threading.Event()

    def occupy() -> None:
        with slots.one():
            inside.set()
            go.wait(10)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(occupy)
        inside.wait(10)
        second = pool.submit(occupy)  # waits
        while slots._places.acquire(blocking=False):  # until the waiting one has its place
            slots._places.release()
        with pytest.raises(BusyError) as refused, slots.one():
            pass
        go.set()
        first.result(10)
        second.result(10)
    assert refused.value.retry_after_s > 0
    with slots.one():
        pass


def test_nobody_waits_forever() -> None:
    slots = Slots(1, most_waiting=1, longest_wait_s=0.01)
    with slots.one(), pytest.raises(BusyError), slots.one():
        pass
    with slots.one():
        pass
