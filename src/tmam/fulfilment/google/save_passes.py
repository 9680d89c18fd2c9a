"""Save an order's tickets to Google Wallet: Google is told of them first, then the holder gets a short link."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from tmam.delivery.google.passes import PassKind, class_id, object_id, pass_class, pass_object
from tmam.delivery.google.save_link import save_link
from tmam.fulfilment.google.account import GoogleAccount
from tmam.fulfilment.google.client import GoogleWallet
from tmam.fulfilment.google.describe import Described, describe_passes
from tmam.fulfilment.google.presses import PRESSES, WHOLE_S
from tmam.fulfilment.google.rows import DuePass, PassWish, note_synced, put_passes
from tmam.fulfilment.record_downloads import record_downloads
from tmam.orders.order_summary import OrderSummary, TicketLine
from tmam.platform.statements import run_verb
from tmam.tickets.errors import TicketBoundError

# As many passes as a link of 1,800 characters has room for with long names, and as Google is told of while one waits.
MOST_AT_ONCE: Final = 5
FORM: Final = "google"


def save_passes(
    order: OrderSummary,
    lines: Sequence[TicketLine],
    *,
    account: GoogleAccount,
    origin: str,
    language: str,
    now: datetime,
    random_hex: Callable[[int], str] = secrets.token_hex,
) -> str:
    """The link that saves these tickets, at most five, all of which admit somebody. May be repeated.

    Raises:
        TicketBoundError: one of them lives in a device's wallet.
        GoogleNotReachedError, GoogleRefusedError: see `client.GoogleWallet` and `presses.Presses`; what was sent is
            sent again next time.
        ValueError: none, or more than five.
    """
    if not 0 < len(lines) <= MOST_AT_ONCE:
        raise ValueError(f"{len(lines)} passes are not 1 to {MOST_AT_ONCE}")
    for line in lines:
        if line.ticket.device_key is not None:
            raise TicketBoundError(line.ticket.serial)
    event_id, order_id = order.event.id, order.order.id
    kind: PassKind = "eventTicket" if lines[0].date.stretch is None else "transit"
    wishes = {
        line.ticket.serial: PassWish(
            f"t-{event_id}-{line.ticket.serial}-{random_hex(8)}", line.ticket.generation
        )
        for line in lines
    }
    with PRESSES.one():
        # Kept before Google hears of it: whatever happens next, a change will reach the pass.
        suffixes = run_verb(put_passes(event_id, order_id, wishes, kind=kind, language=language, now=now))
        passes = {serial: PassWish(suffix, wishes[serial].generation) for serial, suffix in suffixes.items()}
        described = describe_passes(order, passes, language=language, now=now)
        _tell(account, kind, list(described.values()))
    for serial, suffix in suffixes.items():
        run_verb(
            note_synced(
                event_id, DuePass(serial, order_id, suffix, kind, language, now, wishes[serial].generation)
            )
        )
    run_verb(record_downloads(event_id, suffixes, FORM, now))
    return _link(account, kind, list(described.values()), origin=origin, now=now)


def _link(
    account: GoogleAccount, kind: PassKind, described: Sequence[Described], *, origin: str, now: datetime
) -> str:
    """The signed address that saves passes which Google knows by now."""
    objects = [
        (kind, object_id(account.issuer, ticket.suffix), class_id(account.issuer, facts))
        for facts, ticket in described
    ]
    link, _ = save_link(account.signer, account=account.email, origin=origin, objects=objects, now=now)
    return link


def _tell(account: GoogleAccount, kind: PassKind, described: Sequence[Described]) -> None:
    """Google hears of each class once, then of the objects that belong to it."""
    classes = {facts.key: pass_class(account.issuer, facts) for facts, _ in described}
    with GoogleWallet(account, whole_s=WHOLE_S) as google:
        for body in classes.values():
            google.put_class(kind, body)
        for facts, ticket in described:
            google.put_object(kind, pass_object(account.issuer, facts, ticket))
