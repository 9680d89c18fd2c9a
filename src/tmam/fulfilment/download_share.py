"""Who has their tickets and who does not: for organizers, and for the reminder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tmam.platform.statements import Verb, statement

_DOWNLOAD_SHARE = statement("tmam.fulfilment", "download_share")
_UNDOWNLOADED_ORDERS = statement("tmam.fulfilment", "undownloaded_orders")


@dataclass(frozen=True)
class DownloadShare:
    """Counts of an event's valid tickets. `by_form` counts a ticket once for each form it was fetched in."""

    tickets: int
    fetched: int
    in_devices: int
    by_form: Mapping[str, int]

    @property
    def missing(self) -> int:
        """Tickets that nobody fetched in any form."""
        return self.tickets - self.fetched

    @property
    def percent(self) -> int:
        """The share that was fetched, in whole percent; never 100 while one is missing."""
        return self.fetched * 100 // self.tickets if self.tickets else 0


def download_share(event_id: int) -> Verb[DownloadShare]:
    """How many of an event's tickets were fetched, and in which forms."""
    ((tickets, fetched, in_devices, by_form),) = yield _DOWNLOAD_SHARE, (event_id,)
    return DownloadShare(tickets, fetched, in_devices, json.loads(by_form))


def undownloaded_orders(event_id: int, date_ordinal: int, after: UUID | None, limit: int) -> Verb[list[UUID]]:
    """The next `limit` orders that have a ticket of a date nobody fetched, by id; `after` is the last one before."""
    rows = yield _UNDOWNLOADED_ORDERS, (event_id, date_ordinal, after, limit)
    return [row[0] for row in rows]
