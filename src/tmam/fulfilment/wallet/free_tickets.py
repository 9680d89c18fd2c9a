"""Tickets leave a phone: they get a new generation that anything may show, and the phone's code admits nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from tmam.fulfilment.errors import WalletRaceError
from tmam.fulfilment.wallet.held import phones_to_leave
from tmam.kernel.ids import LARGEST_EVENT_ID
from tmam.orders.order_summary import OrderSummary
from tmam.platform.statements import Verb, run_verb_retrying, statement
from tmam.tickets.errors import TicketChangedError
from tmam.tickets.models import Ticket
from tmam.tickets.replace_tickets import Replacement, replace_tickets
from tmam.tickets.signing_keys import load_signing_key

_FORGET = statement("tmam.fulfilment", "forget_wallet_tickets")


def free_order(order: OrderSummary, serials: Collection[int], *, actor: str, now: datetime) -> int:
    """Take these tickets of an order out of whatever phones they are in; returns how many came out.

    Raises:
        WalletRaceError: one of them changed at this very moment.
    """
    wanted = [line.ticket for line in order.valid_lines if line.ticket.serial in serials]
    return free_tickets(order.order.event_id, wanted, actor=actor, now=now)


def free_tickets(event_id: int, tickets: Iterable[Ticket], *, actor: str, now: datetime) -> int:
    """Take these tickets of an event, as they were read, out of their phone; those that admit nobody are left.

    Raises:
        WalletRaceError: one of them changed since it was read.
    """
    wanted = [
        Replacement(ticket.serial, ticket.generation)
        for ticket in tickets
        if ticket.state == "valid" and ticket.device_key is not None
    ]
    try:
        run_verb_retrying(lambda: _free(event_id, wanted, actor, now))
    except TicketChangedError:
        raise WalletRaceError from None
    return len(wanted)


def free_held(key: bytes, numbers: Iterable[tuple[int, int]], *, now: datetime) -> int:
    """A phone gives tickets back, by (event, serial); those that are not in it are left alone. Returns how many it were.

    `key` is its device key or its contact key (`WalletHeld`).

    Raises:
        WalletRaceError: one of them changed at this very moment.
    """
    asked = {
        (event_id, serial)
        for event_id, serial in numbers
        if 0 < event_id <= LARGEST_EVENT_ID and 0 < serial < 2**32
    }
    return free_from(phones_to_leave(key, asked), actor="wallet", now=now)


def free_from(phones: Mapping[tuple[int, int], Collection[bytes]], *, actor: str, now: datetime) -> int:
    """Free tickets, by (event, serial), from the phone with one of those keys, as long as they are in it; returns how many.

    Raises:
        WalletRaceError: one of them changed at this very moment.
    """
    by_event: dict[int, dict[int, Collection[bytes]]] = defaultdict(dict)
    for (event_id, serial), device_keys in phones.items():
        by_event[event_id][serial] = device_keys
    freed = 0
    for event_id, keys_of in sorted(by_event.items()):
        tickets = Ticket.objects.filter(event_id=event_id, serial__in=keys_of).order_by("serial")
        mine = [ticket for ticket in tickets if bytes(ticket.device_key or b"") in keys_of[ticket.serial]]
        freed += free_tickets(event_id, mine, actor=actor, now=now)
    return freed


def _free(event_id: int, wanted: list[Replacement], actor: str, now: datetime) -> Verb[None]:
    if wanted:
        key = yield from load_signing_key(event_id)
        yield from replace_tickets(event_id, wanted, key, reason="freed", actor=actor, now=now)
        yield _FORGET, (event_id, [each.serial for each in wanted])
