"""Where the parts of a hall stand on paper, worked out from ordinals alone: nobody has measured our halls. Pure.

The stage is on top. One unit is the room of one seat. Blocks stand below one another in the order of the plan, as the
tiers of a theatre do; when there are many, as in a stadium, several share a shelf, so that the whole stays about as
wide as a screen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BETWEEN_COLUMNS = 2
BETWEEN_SHELVES = 3
WIDER_THAN_HIGH = 1.6
WIDEST_GAP = 3
SEATS_PER_UNIT_OF_CURVE = 24
DEEPEST_CURVE = 1.5


@dataclass(frozen=True)
class Box:
    """A block on paper. `curve`: by how much the ends of its rows bend towards the stage."""

    x: float
    y: float
    width: int
    height: int
    curve: float


def spread(ordinals: Iterable[int], widest_gap: int = WIDEST_GAP) -> dict[int, int]:
    """Ordinals as places from 0 that keep their gaps (an aisle), but none so wide that the plan falls apart."""
    places: dict[int, int] = {}
    place, before = 0, None
    for ordinal in sorted(set(ordinals)):
        if before is not None:
            place += min(ordinal - before, widest_gap)
        places[ordinal], before = place, ordinal
    return places


def place_blocks(sizes: Sequence[tuple[int, int]]) -> list[Box]:
    """Boxes for blocks of these widths and heights, in their order, the shelves centred below the stage."""
    if not sizes:
        return []
    shelves = _shelves(sizes)
    widest = max(_width(shelf) for shelf in shelves)
    boxes: list[Box] = []
    y = 0.0
    for shelf in shelves:
        x = (widest - _width(shelf)) / 2
        curve = _curve(shelf[0][0]) if len(shelf) == 1 else 0.0
        y += curve
        for width, height in shelf:
            boxes.append(Box(x, round(y, 2), width, height, curve))
            x += width + BETWEEN_COLUMNS
        y += max(height for _, height in shelf) + BETWEEN_SHELVES
    return boxes


def _shelves(sizes: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    area = sum((width + BETWEEN_COLUMNS) * (height + BETWEEN_SHELVES) for width, height in sizes)
    most = max(*(width for width, _ in sizes), math.sqrt(area * WIDER_THAN_HIGH))
    shelves: list[list[tuple[int, int]]] = [[]]
    for size in sizes:
        if shelves[-1] and _width([*shelves[-1], size]) > most:
            shelves.append([])
        shelves[-1].append(size)
    return shelves


def _width(shelf: Sequence[tuple[int, int]]) -> int:
    return sum(width for width, _ in shelf) + BETWEEN_COLUMNS * (len(shelf) - 1)


def _curve(width: int) -> float:
    return round(min(width / SEATS_PER_UNIT_OF_CURVE, DEEPEST_CURVE), 2)
