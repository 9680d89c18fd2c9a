"""Which tickets are in Google Wallet, and what Google was told of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
_ADVANCE = statement("tmam.fulfilment", "advance_google_passes")
_WITHDRAW = statement("tmam.fulfilment", "withdraw_google_passes")
_WITHDRAW_ORDERS = statement("tmam.fulfilment", "withdraw_google_orders")
_WITHDRAWN = statement("tmam.fulfilment", "withdrawn_google_passes")
_TOLD_WITHDRAWN = statement("tmam.fulfilment", "told_google_withdrawn")


@dataclass(frozen=True)
class DuePass:
    """A pass that Google has to be told of; `wanted_at` is the change that it is about.

    `generation` is the ticket's that it may show: no other one is this pass's holder's.
    """

    serial: int
    order_id: UUID
    suffix: str
    kind: PassKind
    language: str
    wanted_at: datetime
    generation: int


@dataclass(frozen=True)
class PassWish:
    """A pass to be: its object's name if it has none yet, and the ticket's generation as it was read."""

    suffix: str
    generation: int


def put_passes(
    event_id: int,
    order_id: UUID,
    wishes: Mapping[int, PassWish],
    *,
    kind: PassKind,
    language: str,
    now: datetime,
) -> Verb[dict[int, str]]:
    """Passes for these tickets, by serial; returns serial → the object's name.

    A pass that shows an older generation than the wish says is withdrawn, and another object takes its place.
    """
    serials = sorted(wishes)
    suffixes = [wishes[serial].suffix for serial in serials]
    generations = [wishes[serial].generation for serial in serials]
    yield _WITHDRAW, (event_id, serials, generations, now)
    rows = yield _PUT, (event_id, serials, order_id, suffixes, kind, language, now, generations)
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


def replace_pass(
    event_id: int, serial: int, generation: int, now: datetime, *, has_same_holder: bool
) -> Verb[bool]:
    """Take note that a ticket was replaced by this generation; true when Google has to hear of it.

    Passes of the same holder go along from the generation before; any that is still older is withdrawn for good.
    """
    if has_same_holder:
        yield _ADVANCE, (event_id, serial, generation)
    withdrawn = yield _WITHDRAW, (event_id, [serial], [generation], now)
    marked = yield from mark_passes(event_id, now, serials=[serial])
    return bool(withdrawn) or marked


def withdraw_orders(event_id: int, order_ids: Sequence[UUID], now: datetime) -> Verb[bool]:
    """All passes of these orders are withdrawn for good; true if there are any."""
    rows = yield _WITHDRAW_ORDERS, (event_id, list(order_ids), now)
    return bool(rows)


def withdrawn_passes(event_id: int, after: str) -> Verb[list[tuple[str, PassKind]]]:
    """(name, kind) of the next objects that Google has to make inactive for good, at most 100, after that name."""
    rows = yield _WITHDRAWN, (event_id, after, BATCH)
    return [(suffix, kind) for suffix, kind in rows]


def note_withdrawn(event_id: int, suffix: str) -> Verb[None]:
    """Google was told of a withdrawn object: nothing is left to know of it."""
    yield _TOLD_WITHDRAWN, (event_id, suffix)
