"""Which seats are taken, as bits: read under lock, written back in the same transaction. See `SeatMap`.

A map is a whole number with a bit per seat number (bit n - 1: seat n) for one date and segment. The lock order of
every verb is counters, then seat maps by date, segment and chunk, then holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from tmam.inventory.seat_plans import bits_of
from tmam.platform.statements import Rows, Step, Verb, statement

SEATS_PER_CHUNK = 4_096
_CHUNK = (1 << SEATS_PER_CHUNK) - 1
MapKey = tuple[int, int]  # date ordinal, segment


def lock_seat_maps(event_id: int, keys: Collection[MapKey], seats: int = 0) -> Verb[dict[MapKey, int]]:
    """Lock and read the maps of these dates and segments of a plan whose highest seat number is `seats`.

    Maps that were never written are made from the claims first: nobody has to open them. Without `seats` (for who
    only gives back) those that are missing stay away.
    """
    wanted = sorted(keys)
    if not wanted:
        return {}
    chunks = -(-seats // SEATS_PER_CHUNK)
    rows = yield _lock(event_id, wanted)
    if chunks and len(rows) != len(wanted) * chunks:
        yield from _make_missing(event_id, wanted, chunks)
        rows = yield _lock(event_id, wanted)
    maps: dict[MapKey, int] = {}
    for date, segment, chunk, taken in rows:
        bits = int.from_bytes(taken, "little") << (chunk * SEATS_PER_CHUNK)
        maps[date, segment] = maps.get((date, segment), 0) | bits
    return maps


def put_seat_maps(event_id: int, before: Mapping[MapKey, int], after: Mapping[MapKey, int]) -> Verb[None]:
    """Write back the chunks that changed."""
    changed: list[tuple[int, int, int, bytes]] = []
    for key, bits in after.items():
        difference = bits ^ before[key]
        chunk = 0
        while difference:
            if difference & _CHUNK:
                changed.append((*key, chunk, _packed(bits, chunk)))
            difference >>= SEATS_PER_CHUNK
            chunk += 1
    if changed:
        changed.sort()
        columns = (list(column) for column in zip(*changed, strict=True))
        yield statement("tmam.inventory", "put_seat_maps"), (event_id, *columns)


def without(maps: Mapping[MapKey, int], freed: Rows) -> dict[MapKey, int]:
    """The maps after `(date, segment, seat)` rows were vacated; a map that was never made needs no change."""
    after = dict(maps)
    for date, segment, seat in freed:
        if (date, segment) in after:
            after[date, segment] &= ~(1 << (seat - 1))
    return after


def _lock(event_id: int, keys: Collection[MapKey]) -> Step:
    dates, segments = [date for date, _ in keys], [segment for _, segment in keys]
    return statement("tmam.inventory", "lock_seat_maps"), (event_id, dates, segments)


def _make_missing(event_id: int, keys: Collection[MapKey], chunks: int) -> Verb[None]:
    """Write what is missing as the claims have it. Whoever writes a claim there holds a counter we hold."""
    dates, segments = [date for date, _ in keys], [segment for _, segment in keys]
    rows = yield statement("tmam.inventory", "claimed_seats"), (event_id, dates, segments)
    taken: dict[MapKey, list[int]] = defaultdict(list)
    for date, segment, seat in rows:
        if seat <= chunks * SEATS_PER_CHUNK:  # else the plan has shrunk since
            taken[date, segment].append(seat - 1)
    made = [
        (*key, chunk, _packed(bits, chunk))
        for key in keys
        for bits in (bits_of(taken.get(key, ())),)
        for chunk in range(chunks)
    ]
    columns = (list(column) for column in zip(*made, strict=True))
    yield statement("tmam.inventory", "make_seat_maps"), (event_id, *columns)


def _packed(bits: int, chunk: int) -> bytes:
    """One chunk as it is stored."""
    part = bits >> (chunk * SEATS_PER_CHUNK) & _CHUNK
    return part.to_bytes((part.bit_length() + 7) // 8, "little")
