"""The numbers of counters: derived from what they count, so that no look-up stands before a hold.

A pool's counter packs `date (16 bits) · segment (16 bits) · pool (16 bits)`. Every other counter lies above 2**62:
`1 · kind (4 bits) · 58 bits` of what it counts. Sorting ids is the locking order of every verb: pools come first.
"""

from __future__ import annotations

import hashlib

_OTHERS = 1 << 62
_KIND_SHIFT = 58
_LOW_BITS = (1 << _KIND_SHIFT) - 1
# The numbers are in every database: never change them.
KINDS = {
    "contingent": 1,
    "code": 2,
    "order": 3,
    "account": 4,
    "email": 5,
    "phone": 6,
    "card": 7,
    "card_day": 8,
    "network": 9,
}
_KIND_NAMES = {number: name for name, number in KINDS.items()}
_CHANNELS = {"web": 1, "box_office": 2, "partner": 3}
_CHANNEL_NAMES = {number: name for name, number in _CHANNELS.items()}


def pool_counter_id(date_ordinal: int, segment: int, pool: int) -> int:
    """The counter of one pool on one segment of one date."""
    return date_ordinal << 32 | segment << 16 | pool


def pool_of_counter(counter_id: int) -> tuple[int, int, int]:
    """`(date_ordinal, segment, pool)` of a pool's counter."""
    return counter_id >> 32, counter_id >> 16 & 0xFFFF, counter_id & 0xFFFF


def is_pool(counter_id: int) -> bool:
    """Whether a counter counts places."""
    return counter_id < _OTHERS


def kind_of(counter_id: int) -> str:
    """`pool`, or the name in `KINDS`."""
    return "pool" if is_pool(counter_id) else _KIND_NAMES[counter_id >> _KIND_SHIFT & 0xF]


def contingent_counter_id(date_ordinal: int, segment: int, pool: int, channel: str) -> int:
    """The places of a pool, on one segment of one date, that one channel may sell."""
    return _other("contingent", date_ordinal << 36 | segment << 20 | pool << 4 | _CHANNELS[channel])


def channel_of_contingent(counter_id: int) -> tuple[int, str]:
    """`(pool, channel)` of a contingent's counter."""
    return counter_id >> 4 & 0xFFFF, _CHANNEL_NAMES[counter_id & 0xF]


def code_counter_id(code_ordinal: int) -> int:
    """The uses of one sales code."""
    return _other("code", code_ordinal)


def code_of_counter(counter_id: int) -> int:
    """The ordinal of the sales code that a counter counts."""
    return counter_id & _LOW_BITS


def counters_of_kind(kind: str) -> tuple[int, int]:
    """The smallest and the largest number that a counter of a kind can have."""
    return _other(kind, 0), _other(kind, _LOW_BITS)


def limit_counter_id(kind: str, identity: str) -> int:
    """The tickets that one identity may have of one event: 58 bits of SHA-256, so that a clash is out of reach."""
    digest = hashlib.sha256(f"{kind}:{identity}".encode()).digest()
    return _other(kind, int.from_bytes(digest[:8]) & _LOW_BITS)


def _other(kind: str, low: int) -> int:
    return _OTHERS | KINDS[kind] << _KIND_SHIFT | low
