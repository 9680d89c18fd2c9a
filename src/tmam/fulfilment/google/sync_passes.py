"""Tell Google of what changed: a moved time, another entrance, a new code, a ticket that is no longer the holder's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog

from tmam.delivery.google.passes import pass_class, pass_object
from tmam.fulfilment.errors import GoogleRefusedError
from tmam.fulfilment.google.account import GoogleAccount
from tmam.fulfilment.google.client import GoogleWallet
from tmam.fulfilment.google.describe import Described, describe_passes, emptied, withdrawn
from tmam.fulfilment.google.rows import (
    DuePass,
    PassWish,
    due_passes,
    note_synced,
    note_withdrawn,
    withdrawn_passes,
)
from tmam.orders.order_summary import load_orders, summarize_orders
from tmam.platform.statements import run_verb

_BEGINNING: Final = (0, UUID(int=0))
_log = structlog.get_logger()


def sync_passes(event_id: int, account: GoogleAccount, now: datetime) -> int:
    """Tell Google of every pass of an event that changed; returns how many. May be repeated and interrupted.

    Raises:
        GoogleNotReachedError: come back later; what was told stays told.
    """
    told, after = 0, _BEGINNING
    classes: set[str] = set()
    with GoogleWallet(account) as google:
        told += _tell_withdrawn(google, event_id, account.issuer)
        while due := run_verb(due_passes(event_id, after)):
            described = _describe(event_id, due, now)
            for each in due:
                try:
                    _tell(google, account.issuer, each, described.get((each.serial, each.order_id)), classes)
                except GoogleRefusedError as refused:
                    # One pass that Google does not like must not keep the others from theirs.
                    _log.error(
                        "google.pass_refused", event_id=event_id, serial=each.serial, answer=refused.answer
                    )
                else:
                    run_verb(note_synced(event_id, each))
                    told += 1
            after = (due[-1].serial, due[-1].order_id)
    return told


def _tell_withdrawn(google: GoogleWallet, event_id: int, issuer: str) -> int:
    """Make withdrawn objects inactive for good, then take the name from them; returns how many."""
    told, after = 0, ""
    while batch := run_verb(withdrawn_passes(event_id, after)):
        for suffix, kind in batch:
            try:
                google.patch_object(kind, withdrawn(issuer, suffix))
                google.patch_object(kind, emptied(issuer, suffix, kind))
            except GoogleRefusedError as refused:
                _log.error("google.withdrawal_refused", event_id=event_id, answer=refused.answer)
            else:
                run_verb(note_withdrawn(event_id, suffix))
                told += 1
        after = batch[-1][0]
    return told


def _describe(event_id: int, due: Sequence[DuePass], now: datetime) -> dict[tuple[int, UUID], Described]:
    """What is said of each pass whose ticket is still in the order it was saved for."""
    passes: dict[UUID, dict[int, PassWish]] = defaultdict(dict)
    languages: dict[UUID, str] = {}
    for each in due:
        passes[each.order_id][each.serial] = PassWish(each.suffix, each.generation)
        languages[each.order_id] = each.language
    orders = summarize_orders(load_orders([(event_id, order_id) for order_id in passes]))
    return {
        (serial, order.order.id): described
        for order in orders
        for serial, described in describe_passes(
            order, passes[order.order.id], language=languages[order.order.id], now=now
        ).items()
    }


def _tell(
    google: GoogleWallet, issuer: str, due: DuePass, described: Described | None, classes: set[str]
) -> None:
    if described is None:
        google.patch_object(due.kind, withdrawn(issuer, due.suffix))
        return
    facts, ticket = described
    if facts.key not in classes:
        google.put_class(due.kind, pass_class(issuer, facts))
        classes.add(facts.key)
    google.put_object(due.kind, pass_object(issuer, facts, ticket))
