"""The numbers of counters: derived from what they count, so that no look-up stands before a hold.

A pool's counter id packs `date (16 bits) · segment (16 bits) · pool (16 bits)`; limits (issue B) will use the
range above 2**48. Sorting ids is the locking order of every verb.
"""

from __future__ import annotations


def pool_counter_id(date_ordinal: int, segment: int, pool: int) -> int:
    """The counter of one pool on one segment of one date."""
    return date_ordinal << 32 | segment << 16 | pool


def pool_of_counter(counter_id: int) -> tuple[int, int, int]:
    """`(date_ordinal, segment, pool)` of a pool's counter."""
    return counter_id >> 32, counter_id >> 16 & 0xFFFF, counter_id & 0xFFFF
