"""A phone takes tickets: they get a new generation that only its key can show, and it gets what it keeps of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from tmam.accounts.devices import known_device
from tmam.accounts.freezing import require_not_frozen
from tmam.fulfilment.errors import WalletCodeError, WalletRaceError
from tmam.fulfilment.record_downloads import record_downloads
from tmam.fulfilment.wallet.held import KEPT_AFTER_THE_END, note_held
from tmam.fulfilment.wallet.offers import TakenOffer, take_offer
from tmam.fulfilment.wallet.records import wallet_records
from tmam.orders.models import Order
from tmam.orders.order_summary import OrderSummary, summarize_order
from tmam.platform.statements import Verb, run_verb_retrying, statement
from tmam.tickets.errors import TicketChangedError
from tmam.tickets.replace_tickets import Replacement, replace_tickets
from tmam.tickets.signing_keys import load_signing_key

LONGEST_LABEL: Final = 60
_KEEP = statement("tmam.fulfilment", "keep_wallet_tickets")


@dataclass(frozen=True)
class Phone:
    """A device that wants tickets: its public key (32 bytes), what it calls itself, and the browser's own cookie key.

    `contact_key` (32 bytes) is a second key of its own that may only give tickets back: it is at hand while the
    wallet, and the device key in it, is locked.
    """

    key: bytes
    label: str
    browser_key: str = ""
    contact_key: bytes | None = None


def keep_tickets(code: str, phone: Phone, *, now: datetime) -> list[dict[str, Any]]:
    """Put the tickets that a code stands for into a phone; returns its records (`wallet_records`).

    Tickets that are in this phone already stay as they are, so a phone whose answer was lost may ask again.

    Raises:
        WalletCodeError: no such code, too old, or another phone's.
        WalletRaceError: the tickets changed since the code was made; another phone was quicker, most likely.
        AccountFrozenError: whoever the tickets belong to has locked the account meanwhile.
    """
    offer = take_offer(code, phone.key, now)
    if offer.user_id is not None:
        require_not_frozen(offer.user_id)
    order = _order(offer)
    changing = [
        line.ticket
        for line in order.valid_lines
        if bytes(line.ticket.device_key or b"") != phone.key and line.ticket.serial in offer.generations
    ]
    wanted = [Replacement(ticket.serial, offer.generations[ticket.serial], phone.key) for ticket in changing]
    browser = known_device(offer.user_id, phone.browser_key, now=now) if offer.user_id else None
    browser_id = browser.pk if browser else None
    note_held(
        phone.key,
        [(offer.event_id, serial) for serial in offer.generations],
        contact_key=phone.contact_key,
        browser_id=browser_id,
        forget_at=(order.ends_at or now) + KEPT_AFTER_THE_END,
    )
    try:
        run_verb_retrying(lambda: _bind(offer.event_id, wanted, phone, browser_id, now))
    except TicketChangedError:
        raise WalletRaceError from None
    order = _order(offer)
    mine = [line for line in order.valid_lines if bytes(line.ticket.device_key or b"") == phone.key]
    return wallet_records(order, mine)


def _order(offer: TakenOffer) -> OrderSummary:
    order = Order.objects.filter(event_id=offer.event_id, id=offer.order_id).first()
    if order is None:
        raise WalletCodeError
    return summarize_order(order)


def _bind(
    event_id: int, wanted: Sequence[Replacement], phone: Phone, browser_id: int | None, now: datetime
) -> Verb[Mapping[int, int]]:
    """Replace and note, in one transaction; returns the new generations by serial."""
    if not wanted:
        return {}
    key = yield from load_signing_key(event_id)
    rows = yield from replace_tickets(event_id, wanted, key, reason="bound", actor="wallet", now=now)
    serials = [row.serial for row in rows]
    yield _KEEP, (event_id, serials, phone.key, phone.label[:LONGEST_LABEL], browser_id, now)
    yield from record_downloads(event_id, serials, "wallet", now)
    return {row.serial: row.generation for row in rows}
