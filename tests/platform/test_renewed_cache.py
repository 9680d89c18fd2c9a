from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from tests.waiting import wait_until
from tmam.platform.brief_cache import clear_brief_caches
from tmam.platform.renewed_cache import AT_A_TIME, RenewedCache


class World:
    """A clock to turn, and values of which some are wrong by now."""

    def __init__(self) -> None:
        self.now, self.wrong = 0.0, set[str]()
        self.looks = list[list[str]]()
        self.cache: RenewedCache[str, str] = RenewedCache(
            1.0, 1_000, self.look, asked_within_s=3.0, clock=lambda: self.now
        )

    def keep(self, *values: str) -> None:
        """Each is put, and asked for by somebody else."""
        for value in values:
            self.cache.put(value.lower(), value)
            assert self.cache.get(value.lower()) == value

    def look(self, values: Sequence[str]) -> list[bool]:
        self.looks.append(list(values))
        return [value not in self.wrong for value in values]


def test_what_stands_is_right_for_another_while_and_what_does_not_is_gone() -> None:
    world = World()
    world.keep("A", "B")
    world.now = 0.7
    world.wrong = {"B"}
    world.cache.renew_due()
    assert world.looks == [["A", "B"]]
    assert (world.cache.get("a"), world.cache.get("b")) == ("A", None)
    world.now = 1.69
    assert world.cache.get("a") == "A"
    world.now = 1.71
    assert world.cache.get("a") is None, "nobody looked for longer than it may be kept"


def test_it_is_as_old_as_the_beginning_of_the_look() -> None:
    world = World()

    def slow(values: Sequence[str]) -> list[bool]:
        world.now += 0.8
        return [True] * len(values)

    cache: RenewedCache[str, str] = RenewedCache(1.0, 10, slow, asked_within_s=3.0, clock=lambda: world.now)
    cache.put("a", "A")
    cache.get("a")
    world.now = 0.7
    cache.renew_due()
    assert (world.now, cache.get("a")) == (1.5, "A")
    world.now = 1.75
    assert cache.get("a") is None


def test_only_what_is_old_enough_and_was_asked_for_again_is_looked_at() -> None:
    world = World()
    world.keep("A")
    world.cache.put("b", "B")
    world.now = 0.4
    world.cache.renew_due()
    assert world.looks == []
    for _ in range(4):
        world.now += 0.7
        world.cache.renew_due()
    # Of `b` nobody wanted to know again; at last nobody had asked for `a` for three seconds, though it was still right.
    assert world.looks == [["A"]] * 3
    assert world.cache.get("a") is None


def test_who_asks_again_later_than_it_may_be_kept_has_it_renewed_from_then_on() -> None:
    world = World()
    world.cache.put("a", "A")
    world.now = 1.5
    assert world.cache.get("a") is None
    world.cache.put("a", "A")
    world.now = 2.2
    world.cache.renew_due()
    assert world.looks == [["A"]]


def test_what_is_asked_for_without_a_pause_is_there_without_a_pause() -> None:
    world = World()
    world.keep("A")
    for _ in range(10):
        world.now += 0.7
        world.cache.renew_due()
        assert world.cache.get("a") == "A"


def test_too_few_answers_are_nobody_s() -> None:
    world = World()
    cache: RenewedCache[str, str] = RenewedCache(
        1.0, 10, lambda _: [True], asked_within_s=3.0, clock=lambda: world.now
    )
    for key in ("a", "b"):
        cache.put(key, key.upper())
        cache.get(key)
    world.now = 0.7
    with pytest.raises(ValueError, match="1 answers about 2 values"):
        cache.renew_due()
    world.now = 1.1
    assert (cache.get("a"), cache.get("b")) == (None, None)


def test_a_value_that_was_put_anew_meanwhile_is_not_thrown_out_with_the_old_one() -> None:
    world = World()
    world.cache.put("a", "old")
    world.now = 0.7

    def meanwhile(values: Sequence[str]) -> list[bool]:
        cache.put("a", "new")
        return [False] * len(values)

    cache: RenewedCache[str, str] = RenewedCache(
        1.0, 10, meanwhile, asked_within_s=3.0, clock=lambda: world.now
    )
    cache.put("a", "old", at=0.0)
    cache.get("a")
    cache.renew_due()
    assert cache.get("a") == "new"


def test_thousands_are_looked_at_in_pieces() -> None:
    world = World()
    for number in range(AT_A_TIME + 1):
        world.keep(str(number))
    world.now = 0.7
    world.cache.renew_due()
    assert [len(look) for look in world.looks] == [AT_A_TIME, 1]


def test_its_thread_goes_on_after_a_failure() -> None:
    looked, may_go_on = threading.Event(), threading.Event()
    looks = list[str]()

    def look(values: Sequence[str]) -> list[bool]:
        looks.extend(values)
        looked.set()
        may_go_on.wait(20)
        if "bad" in values:
            raise RuntimeError("the database is away")
        return [True] * len(values)

    cache: RenewedCache[str, str] = RenewedCache(0.02, 10, look, asked_within_s=60.0)
    cache.start()
    cache.start()
    cache.put("a", "bad")
    cache.get("a")
    assert looked.wait(20)
    looked.clear()
    may_go_on.set()
    assert wait_until(lambda: not cache._known)
    cache.put("b", "good")
    cache.get("b")
    assert looked.wait(20)
    assert looks[:2] == ["bad", "good"]
    clear_brief_caches()
