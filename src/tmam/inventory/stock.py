"""Reads for whoever sells: how much of whole events is sold, from the counters alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tmam.catalog.rules import date_places
from tmam.inventory.queries import Places
from tmam.platform.statements import Verb, statement


def stock_by_pool(event_ids: Sequence[int]) -> Verb[dict[int, dict[int, Places]]]:
    """The pools of some events, each summed over all dates: event → pool → places."""
    rows = yield statement("tmam.inventory", "stock_by_pool"), (list(event_ids),)
    stock: dict[int, dict[int, Places]] = defaultdict(dict)
    for event_id, pool, capacity, free, sold in rows:
        stock[event_id][pool] = Places(capacity, capacity - free - sold, sold)
    return dict(stock)


def whole_stock(pool_sets: Iterable[Sequence[int]], pools: Mapping[int, Places]) -> Places:
    """A date's or an event's places as one number each, given the pools each ticket type draws on.

    Types may share pools ("early bird" draws on its own and on the hall's), so pools must not be added up.
    """
    sets = [tuple(each) for each in pool_sets]
    capacity, held = date_places(
        sets, {pool: (places.capacity, places.held) for pool, places in pools.items()}
    )
    _, sold = date_places(sets, {pool: (places.capacity, places.sold) for pool, places in pools.items()})
    return Places(capacity, held, sold)
