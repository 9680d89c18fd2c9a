"""Reads: how much of an event's limits, contingents and codes is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tmam.inventory.counter_keys import channel_of_contingent, code_of_counter, counters_of_kind
from tmam.platform.statements import Verb, statement


@dataclass(frozen=True)
class LimitUse:
    """How many people (cards, networks) a limit has counted something for, and how many of them may have no more."""

    counted: int
    full: int


def limit_use(event_id: int, mosts: Mapping[str, int]) -> Verb[dict[str, LimitUse]]:
    """The use of each limit, by kind; `mosts` are the limits as they stand."""
    use: dict[str, LimitUse] = {}
    for kind, most in sorted(mosts.items()):
        rows = yield (
            statement("tmam.inventory", "limit_use"),
            (event_id, *counters_of_kind(kind), most),
        )
        use[kind] = LimitUse(*rows[0])
    return use


def code_uses(event_id: int) -> Verb[dict[int, int]]:
    """How many tickets were bought or are reserved with each sales code, by its ordinal; unused ones are absent."""
    rows = yield statement("tmam.inventory", "used_counters"), (event_id, *counters_of_kind("code"))
    return {code_of_counter(id_): used for id_, used in rows}


def contingent_use(event_id: int) -> Verb[dict[tuple[int, str], int]]:
    """The most that a channel has used of a pool on any date (and segment), by `(pool, channel)`."""
    rows = yield statement("tmam.inventory", "used_counters"), (event_id, *counters_of_kind("contingent"))
    use: dict[tuple[int, str], int] = {}
    for id_, used in rows:
        key = channel_of_contingent(id_)
        use[key] = max(use.get(key, 0), used)
    return use
