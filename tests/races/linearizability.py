"""Whether a history can be explained by one thing happening after the other (Wing & Gong, with memory).

The search goes through the orders that respect time: what returned before another was called comes first. It
remembers which sets of operations it has tried, takes what changes nothing as soon as it fits (that never
closes a way), and what has an unknown outcome only where nothing else goes on. A key's history at a time: keys
are independent, so the whole is linearizable if each of them is.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from tests.races.history import Operation

S = TypeVar("S")
FOREVER = 1 << 62
MOST_STEPS = 40_000
MOST_TRIES = 8


class UndecidedError(Exception):
    """The search took more steps than it may."""


class Model(Protocol[S]):
    """What a key does when operations happen one after the other."""

    def initial(self) -> S:
        """The state at the beginning; states are hashable values."""

    def step(self, state: S, operation: Operation) -> S | None:
        """The state after an operation with this very outcome (unknown counts as ok), or None: impossible here."""

    def is_read(self, operation: Operation) -> bool:
        """Whether it leaves every state as it is."""

    def contradiction(self, history: Sequence[Operation]) -> int | None:
        """The place of an operation that no order explains, found without a search; None: that cannot be told."""

    def gap(self, state: S, operation: Operation) -> int:
        """How far a state is from one where the operation is possible: 0 or more, only to guide the search."""

    def likeness(self, operation: Operation) -> object:
        """Equal for operations of unknown outcome that do the same; the one called first may stand for all."""


@dataclass(frozen=True)
class Verdict:
    """`order`: places in the history.

    One possible order; if there is none, the longest that was found, or the one operation that cannot be.
    """

    is_linearizable: bool
    order: tuple[int, ...]


@dataclass
class _Frame(Generic[S]):
    """A point of the search: what was taken to get here (the first by choice), and what may be tried from here."""

    taken: list[int]
    state: S
    choices: Iterator[int]
    before: tuple[int, int]


def judge(history: Sequence[Operation], model: Model[S]) -> Verdict:
    """Look for an order of a key's operations that explains every answer.

    Raises:
        UndecidedError: too many steps; the history is neither explained nor refuted.
    """
    contradiction = model.contradiction(history)
    if contradiction is not None:
        return Verdict(is_linearizable=False, order=(contradiction,))
    for seed in range(MOST_TRIES):
        verdict = _Search(history, model, seed).run()
        if verdict is not None:
            return verdict
    raise UndecidedError(f"{len(history)} operations on {history[0].key}")


class _Search(Generic[S]):
    """One search. Most find their way at once; one that lost it is better begun again by chance than led to its end."""

    def __init__(self, history: Sequence[Operation], model: Model[S], seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 -- a search, no secret
        self.blur = seed
        # Takes of unknown outcome only what leads nearer to what is due. So it may overlook a way.
        self.is_careful = seed % 2 == 0
        self.history, self.model = history, model
        places = range(len(history))
        ends = [FOREVER if each.returned is None else each.returned for each in history]
        self.by_end = sorted((place for place in places if ends[place] != FOREVER), key=ends.__getitem__)
        self.by_call = sorted(self.by_end, key=lambda place: history[place].call)
        self.unknown = sorted(
            (place for place in places if ends[place] == FOREVER), key=lambda place: history[place].call
        )
        self.ends = ends
        self.is_taken = bytearray(len(history))
        self.taken = 0  # the same as a number, to remember it by
        # All that ends before `first_end` (in `by_end`), and all called before `first_call`, is taken.
        self.first_end = self.first_call = 0

    def run(self) -> Verdict | None:
        """The verdict, or None if it took too many steps or was too careful."""
        seen: set[tuple[int, S]] = set()
        frames = [self._enter([], self.model.initial())]
        best: list[int] = []
        for _ in range(MOST_STEPS + 2 * len(self.history)):
            if not frames:
                return None if self.is_careful else Verdict(is_linearizable=False, order=tuple(best))
            if self._is_done():
                return Verdict(is_linearizable=True, order=self._order(frames))
            frame = frames[-1]
            choice = next(frame.choices, None)
            if choice is None:
                order = self._order(frames)
                best = max(best, list(order), key=len)
                self._leave(frames.pop())
                continue
            state = self.model.step(frame.state, self.history[choice])
            if state is None or (self.taken | 1 << choice, state) in seen:
                continue
            seen.add((self.taken | 1 << choice, state))
            frames.append(self._enter([choice], state))
        return None

    def _enter(self, taken: list[int], state: S) -> _Frame[S]:
        """Take what was chosen, and then every read that fits."""
        before = self.first_end, self.first_call
        for place in taken:
            self._take(place)
        is_moving = True
        while is_moving:
            is_moving = False
            for place in list(self._possible()):
                operation = self.history[place]
                if self.model.is_read(operation) and self.model.step(state, operation) is not None:
                    self._take(place)
                    taken.append(place)
                    is_moving = True
        return _Frame(taken, state, self._choices(state), before)

    def _take(self, place: int) -> None:
        self.is_taken[place] = True
        self.taken |= 1 << place
        while self.first_end < len(self.by_end) and self.is_taken[self.by_end[self.first_end]]:
            self.first_end += 1
        while self.first_call < len(self.by_call) and self.is_taken[self.by_call[self.first_call]]:
            self.first_call += 1

    def _leave(self, frame: _Frame[S]) -> None:
        for place in frame.taken:
            self.is_taken[place] = False
            self.taken &= ~(1 << place)
        self.first_end, self.first_call = frame.before

    def _is_done(self) -> bool:
        return self.first_end == len(self.by_end)

    def _deadline(self) -> int:
        """Nothing may come next that was called after this: something had returned by then."""
        return FOREVER if self._is_done() else self.ends[self.by_end[self.first_end]]

    def _possible(self) -> Iterator[int]:
        """Operations of known outcome that may come next."""
        deadline = self._deadline()
        for index in range(self.first_call, len(self.by_call)):
            place = self.by_call[index]
            if self.history[place].call > deadline:
                return
            if not self.is_taken[place]:
                yield place

    def _choices(self, state: S) -> Iterator[int]:
        """What may come next, the most promising first. Reads wait until they fit."""
        possible = [place for place in self._possible() if not self.model.is_read(self.history[place])]
        possible += self._possible_unknown()
        if self.first_end < len(self.by_end):
            first = self.by_end[self.first_end]
            promises = {place: self._promise(state, place, first) for place in possible}
            if self.is_careful:
                gap = self.model.gap(state, self.history[first])
                certain = {place for place in possible if self.ends[place] != FOREVER}
                possible = [place for place in possible if place in certain or promises[place][0] < gap]
            possible.sort(key=promises.__getitem__)
        yield from possible

    def _possible_unknown(self) -> Iterator[int]:
        """Operations of unknown outcome that may come next, one of each kind."""
        deadline = self._deadline()
        alike: set[object] = set()
        for place in self.unknown:
            if self.history[place].call > deadline:
                return
            if not self.is_taken[place] and not self.model.is_read(self.history[place]):
                likeness = self.model.likeness(self.history[place])
                if likeness not in alike:
                    alike.add(likeness)
                    yield place

    def _promise(self, state: S, place: int, first: int) -> tuple[int, int]:
        """How soon to try an operation, the least first: one that brings what is due nearer, then what is due next."""
        following = self.model.step(state, self.history[place])
        if place == first or following is None:
            return (0, self.ends[place])
        gap = self.model.gap(following, self.history[first])
        return (gap, self.chance.getrandbits(30) if self.blur else self.ends[place])

    def _order(self, frames: Sequence[_Frame[S]]) -> tuple[int, ...]:
        return tuple(place for frame in frames for place in frame.taken)
