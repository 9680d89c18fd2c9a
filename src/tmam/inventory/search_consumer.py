"""Tells search what a sale or a change of the catalogue did to what is left."""

from __future__ import annotations

from collections.abc import Sequence

from tmam.catalog.summaries import on_log_entries
from tmam.inventory.queries import free_places
from tmam.platform.event_log import Entry, consumer
from tmam.platform.statements import run_verb


@consumer("search")
def keep_search_fresh(entries: Sequence[Entry]) -> None:
    """Write the search rows of the events these entries are about; repeating them changes nothing."""
    on_log_entries(entries, lambda event_id: run_verb(free_places(event_id)))
