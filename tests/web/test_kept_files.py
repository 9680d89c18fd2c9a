"""Files that are dear to make: one making each, the last one served meanwhile, errors told to all who waited."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tmam.platform.errors import BusyError, NotFoundError
from tmam.web.operations import kept_files
from tmam.web.operations.kept_files import KeptFiles

FRESH_S, KEPT_S = 10.0, 60.0


class Making:
    """Makes a file when it is let go."""

    def __init__(self) -> None:
        self.begun, self.go, self.times = threading.Event(), threading.Event(), 0

    def __call__(self) -> bytes:
        self.times += 1
        self.begun.set()
        assert self.go.wait(10)
        return b"new"


def never() -> bytes:
    raise AssertionError("made twice")


def missing() -> bytes:
    raise NotFoundError


def test_a_file_is_made_once_while_it_is_fresh() -> None:
    files = KeptFiles(FRESH_S, KEPT_S, clock=lambda: 0.0)
    assert files.get("a", lambda: b"one") == files.get("a", never) == b"one"
    assert files.get("b", lambda: b"two") == b"two"


def test_whoever_comes_while_the_next_is_made_gets_the_last_one() -> None:
    now = 0.0
    files, making = KeptFiles(FRESH_S, KEPT_S, clock=lambda: now), Making()
    files.get("a", lambda: b"old")
    now = FRESH_S
    with ThreadPoolExecutor(1) as pool:
        maker = pool.submit(files.get, "a", making)
        assert making.begun.wait(10)
        assert [files.get("a", never) for _ in range(3)] == [b"old"] * 3
        making.go.set()
        assert maker.result(10) == b"new"
    assert (files.get("a", never), making.times) == (b"new", 1)


def test_without_a_last_one_they_wait_for_the_same_making_and_not_forever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files, making = KeptFiles(FRESH_S, KEPT_S, clock=lambda: 0.0), Making()
    with ThreadPoolExecutor(3) as pool:
        maker = pool.submit(files.get, "a", making)
        assert making.begun.wait(10)
        with monkeypatch.context() as hasty:
            hasty.setattr(kept_files, "WAIT_S", 0.0)
            with pytest.raises(BusyError):
                files.get("a", never)
        others = [pool.submit(files.get, "a", never) for _ in range(2)]
        making.go.set()
        assert {each.result(10) for each in (maker, *others)} == {b"new"}


def test_an_error_is_told_and_not_kept() -> None:
    files = KeptFiles(FRESH_S, KEPT_S, clock=time.monotonic)
    with pytest.raises(NotFoundError):
        files.get("a", missing)
    assert files.get("a", lambda: b"one") == b"one"


def test_a_hundred_different_files_do_not_take_every_thread() -> None:
    now = 0.0
    files, making = KeptFiles(FRESH_S, KEPT_S, clock=lambda: now), Making()
    files.get("known", lambda: b"old")
    now = FRESH_S
    many = kept_files.MOST_AT_ONCE + kept_files.MOST_WAITING
    with ThreadPoolExecutor(many) as pool:
        busy: list[Future[bytes]] = [pool.submit(files.get, str(number), making) for number in range(many)]
        while files._making._places.acquire(blocking=False):  # until each of them has its place
            files._making._places.release()
        with pytest.raises(BusyError):
            files.get("one more", never)
        assert files.get("known", never) == b"old", "what is known is served all the same"
        making.go.set()
        assert {each.result(10) for each in busy} == {b"new"}
