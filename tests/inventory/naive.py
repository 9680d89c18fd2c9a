"""The inventory as a child would keep it: a list of holds, counted anew each time. No locks, no counters, no bits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tmam.inventory.draws import HoldRequest, Wish

Key = tuple[object, ...]


@dataclass(frozen=True)
class NaiveType:
    """A ticket type: its pools, and whether its places are numbered."""

    pools: tuple[int, ...]
    is_seated: bool = False


@dataclass
class NaiveHold:
    """A hold: what it takes of each key, and which seats on which date and segment."""

    id: UUID
    visitor: UUID
    takes: Counter[Key]
    seats: set[tuple[int, int, int]]
    expires_at: datetime
    state: str = "held"
    is_extended: bool = False
    lines: list[tuple[int, int, int]] = field(default_factory=list)


@dataclass
class Naive:
    """One event: `most` says how much there is of each key, `seats` which numbers each seated pool has."""

    types: Mapping[int, NaiveType]
    most: dict[Key, int]
    seats: Mapping[int, frozenset[int]]
    last_stop: int | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    order_most: int = 10
    holds: dict[UUID, NaiveHold] = field(default_factory=dict)

    def occupying(self, now: datetime | None) -> list[NaiveHold]:
        """The holds that keep places from others; with a moment, lapsed ones left out."""
        return [
            hold
            for hold in self.holds.values()
            if hold.state == "converted" or (hold.state == "held" and (now is None or hold.expires_at > now))
        ]

    def lapsed(self, now: datetime) -> list[NaiveHold]:
        """Holds whose time has run out and that nobody has ended yet."""
        return [hold for hold in self.holds.values() if hold.state == "held" and hold.expires_at <= now]

    def used(self, now: datetime | None) -> Counter[Key]:
        """How much of each key is used. What one order may have ends when it is sold."""
        used: Counter[Key] = Counter()
        for hold in self.occupying(now):
            for key, quantity in hold.takes.items():
                if not (key[0] == "order" and hold.state == "converted"):
                    used[key] += quantity
        return used

    def taken_seats(self, now: datetime | None) -> set[tuple[int, int, int]]:
        """(date, segment, seat) of every seat that is held or sold."""
        return {seat for hold in self.occupying(now) for seat in hold.seats}

    def segments(self, wish: Wish) -> range:
        """The segments a wish is about."""
        if self.last_stop is None:
            return range(1)
        first = 0 if wish.from_stop is None else wish.from_stop
        return range(first, self.last_stop if wish.to_stop is None else wish.to_stop)

    def keys(self, request: HoldRequest, wish: Wish) -> list[Key]:
        """Everything one ticket of a wish counts for."""
        type_ = self.types[wish.ticket_type]
        pools: list[Key] = [
            ("pool", wish.date, segment, pool) for segment in self.segments(wish) for pool in type_.pools
        ]
        contingents = [("contingent", *key[1:]) for key in pools if ("contingent", *key[1:]) in self.most]
        keys = [*pools, *contingents, ("order", request.visitor_id)]
        keys += [(kind, who) for kind, who in request.identities.items() if kind in self.limits]
        if request.code:
            keys.append(("code", request.code))
        return keys

    def left(self, key: Key, used: Mapping[Key, int]) -> int:
        """How much of a key may still be had."""
        most = self.order_most if key[0] == "order" else self.limits.get(str(key[0]), self.most.get(key, 0))
        return most - used.get(key, 0)

    def free_seats(self, wish: Wish, taken: set[tuple[int, int, int]]) -> set[int]:
        """The seats of a wish's pool that are free the whole way."""
        (pool,) = self.types[wish.ticket_type].pools
        return {
            seat
            for seat in self.seats[pool]
            if not any((wish.date, segment, seat) in taken for segment in self.segments(wish))
        }

    def can_have(self, request: HoldRequest, now: datetime) -> list[int]:
        """How many tickets of each wish can be had, one wish after the other: what was asked, or less.

        Seats that are chosen for the buyer are any that are free, so a later seated wish of the same request is
        judged by their number alone (the machine asks for one seated wish on trips).
        """
        used, taken = self.used(now), self.taken_seats(now)
        numbers: Counter[tuple[int, int]] = Counter()
        had = []
        for wish in request.wishes:
            keys = self.keys(request, wish)
            most = min(self.left(key, used) for key in keys)
            if wish.seats:
                free = [seat for seat in wish.seats if seat in self.free_seats(wish, taken)]
                most = min(most, len(free))
                taken |= {
                    (wish.date, segment, seat)
                    for segment in self.segments(wish)
                    for seat in free[: max(most, 0)]
                }
            elif self.types[wish.ticket_type].is_seated:
                pool = (wish.date, self.types[wish.ticket_type].pools[0])
                most = min(most, len(self.free_seats(wish, taken)) - numbers[pool])
            quantity = max(0, min(most, len(wish.seats) or wish.quantity))
            if quantity == (len(wish.seats) or wish.quantity) or request.takes_less:
                for key in keys:
                    used[key] += quantity
                if self.types[wish.ticket_type].is_seated and not wish.seats:
                    numbers[wish.date, self.types[wish.ticket_type].pools[0]] += quantity
            had.append(quantity)
        return had

    def add(
        self, request: HoldRequest, parts: Sequence[tuple[Wish, int, Sequence[int]]], expires_at: datetime
    ) -> NaiveHold:
        """Write down a hold: for each wish how many tickets, and their seats."""
        takes: Counter[Key] = Counter()
        seats: set[tuple[int, int, int]] = set()
        for wish, quantity, numbers in parts:
            for key in self.keys(request, wish):
                takes[key] += quantity
            seats |= {(wish.date, segment, seat) for segment in self.segments(wish) for seat in numbers}
        hold = NaiveHold(request.hold_id, request.visitor_id, takes, seats, expires_at)
        hold.lines = [(wish.date, wish.ticket_type, quantity) for wish, quantity, _ in parts]
        self.holds[hold.id] = hold
        return hold
