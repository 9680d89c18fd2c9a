"""Which tickets are in Google Wallet, and what Google was told of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tmam.delivery.google.passes import PassKind
from tmam.platform.statements import Verb, statement

BATCH: Final = 100
_PUT = statement("tmam.fulfilment", "put_google_passes")
_MARK = statement("tmam.fulfilment", "mark_google_passes")
_DUE = statement("tmam.fulfilment", "due_google_passes")
_SYNCED = statement("tmam.fulfilment", "synced_google_passes")


@dataclass(frozen=True)
class DuePass:
    """A pass that Google has to be told of; `wanted_at` is the change that it is about."""

    serial: int
    order_id: UUID
    suffix: str
    kind: PassKind
    language: str
    wanted_at: datetime


def put_passes(
    event_id: int,
    order_id: UUID,
    suffixes: Mapping[int, str],
    *,
    kind: PassKind,
    language: str,
    now: datetime,
) -> Verb[dict[int, str]]:
    """Passes for these tickets (serial → the object's name if it has none yet); returns serial → its name."""
    serials = sorted(suffixes)
    rows = yield (
        _PUT,
        (event_id, serials, order_id, [suffixes[serial] for serial in serials], kind, language, now),
    )
    return dict(rows)


def mark_passes(
    event_id: int, now: datetime, *, serials: Iterable[int] | None = None, date_ordinal: int | None = None
) -> Verb[bool]:
    """Note that passes are out of date: those of some tickets, of a date, or all of an event. True if there are any."""
    wanted = None if serials is None else sorted(set(serials))
    rows = yield _MARK, (event_id, wanted, date_ordinal, now)
    return bool(rows)


def due_passes(event_id: int, after: tuple[int, UUID]) -> Verb[list[DuePass]]:
    """The next passes that Google was not told of, at most 100, after one of them."""
    rows = yield _DUE, (event_id, *after, BATCH)
    return [DuePass(*row) for row in rows]


def note_synced(event_id: int, done: DuePass) -> Verb[None]:
    """Google was told of a pass; a change that came meanwhile stays due."""
    yield _SYNCED, (event_id, done.serial, done.order_id, done.wanted_at)
