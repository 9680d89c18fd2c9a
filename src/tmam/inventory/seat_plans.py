"""A seat plan prepared for choosing: its seats in plan order, and sets of seats as bits of a whole number.

Bit n of such a number is the n-th seat in plan order (block by block, row by row, along the row). Thus "all pairs of
free neighbours" is one AND of two numbers, and a hall of fifty thousand seats is searched in microseconds.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from tmam.platform.statements import Verb, statement


class PlanSeat(msgspec.Struct, frozen=True):
    """One seat of a plan, see `catalog.models.Seat`."""

    number: int
    pool: int
    block: int
    row: int
    position: int
    block_label: str
    row_label: str
    seat_label: str
    is_accessible: bool

    @property
    def label(self) -> str:
        """What people read."""
        return f"{self.block_label} · {self.row_label} · {self.seat_label}"


class Row(msgspec.Struct, frozen=True):
    """One row in plan order: the places of its first and last seat, and twice the middle of its positions."""

    first: int
    last: int
    double_middle: int


class Plan:
    """A seat plan. Places count seats in plan order from 0; numbers are those of claims and tokens, from 1."""

    def __init__(self, seats: Sequence[PlanSeat]) -> None:
        self.seats = sorted(seats, key=lambda seat: (seat.block, seat.row, seat.position))
        self.by_number = {seat.number: seat for seat in seats}
        self.place_of = {seat.number: place for place, seat in enumerate(self.seats)}
        self.size = max(self.by_number, default=0)
        # Usually numbers follow the plan's order, and then bits need no rearranging.
        self._is_in_order = all(seat.number == place + 1 for place, seat in enumerate(self.seats))
        self.rows: list[Row] = []
        self.row_of: list[int] = []
        neighbours: list[int] = []
        for _, group in itertools.groupby(enumerate(self.seats), lambda each: (each[1].block, each[1].row)):
            row = list(group)
            self.row_of += [len(self.rows)] * len(row)
            self.rows.append(Row(row[0][0], row[-1][0], row[0][1].position + row[-1][1].position))
            neighbours += [
                place
                for (place, seat), (_, after) in itertools.pairwise(row)
                if after.position == seat.position + 1
            ]
        # Bit n: the seats in places n and n + 1 are neighbours, with no aisle between.
        self.joined = bits_of(neighbours)
        self.accessible = bits_of(place for place, seat in enumerate(self.seats) if seat.is_accessible)
        self._pool_bits = self._grouped(lambda seat: seat.pool)
        self._block_bits = self._grouped(lambda seat: seat.block)

    def pool(self, pool: int) -> int:
        """The seats of a price category, as bits in plan order."""
        return self._pool_bits.get(pool, 0)

    def section(self, block: int) -> int:
        """The seats of a section, as bits in plan order."""
        return self._block_bits.get(block, 0)

    def in_order(self, by_number: int) -> int:
        """Bits by seat number (bit n - 1: seat n) as bits in plan order."""
        if self._is_in_order:
            return by_number
        return bits_of(place for place, seat in enumerate(self.seats) if by_number >> (seat.number - 1) & 1)

    def _grouped(self, key: Callable[[PlanSeat], int]) -> dict[int, int]:
        groups: dict[int, list[int]] = defaultdict(list)
        for place, seat in enumerate(self.seats):
            groups[key(seat)].append(place)
        return {name: bits_of(places) for name, places in groups.items()}

    def numbers(self, first: int, count: int) -> list[int]:
        """The numbers of `count` seats from a place on."""
        return [seat.number for seat in self.seats[first : first + count]]


def bits_of(places: Iterable[int]) -> int:
    """A number with these bits set; linear, where setting bit by bit would copy the number each time."""
    places = list(places)
    if not places:
        return 0
    packed = bytearray(max(places) // 8 + 1)
    for place in places:
        packed[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(packed, "little")


def load_plan(plan_id: int) -> Verb[Plan]:
    """The seats of a plan. Callers keep the result: plans hardly ever change."""
    rows = yield statement("tmam.inventory", "load_seats"), (plan_id,)
    return Plan([PlanSeat(*row) for row in rows])


def plan_fingerprint(plan_id: int) -> Verb[str]:
    """A short text that changes when anything about the seats of a plan does; much cheaper than reading them."""
    rows = yield statement("tmam.inventory", "plan_fingerprint"), (plan_id,)
    return str(rows[0][0])
