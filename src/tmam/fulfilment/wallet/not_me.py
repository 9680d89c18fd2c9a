"""Tickets went into a phone and it was not their owner: back out of it, and nobody goes on by a link of before.

Two ways lead here. The button of the letter that tells of the phone (`not_me_links`): whoever reads the order's mail may
withdraw, and nothing else. And an account that its owner locks: what went into phones since the alert comes out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from allauth.account.models import EmailAddress
from django.utils import timezone

from tmam.accounts.errors import AlertLinkNotValidError
from tmam.accounts.happenings import Happening
from tmam.fulfilment.apple.jobs import ComeBackLater
from tmam.fulfilment.links.stop_links import stop_links
from tmam.fulfilment.models import WalletTicket
from tmam.fulfilment.wallet.free_tickets import free_tickets
from tmam.fulfilment.wallet.not_me_links import PhoneLink
from tmam.orders.models import Order, PersonOrder
from tmam.orders.order_summary import OrderSummary, summarize_order
from tmam.orders.person_orders import same_address
from tmam.platform.event_log import Entry
from tmam.platform.jobs import app
from tmam.tickets.models import Ticket


def order_of_link(link: PhoneLink) -> OrderSummary:
    """The order that a link is about.

    Raises:
        AlertLinkNotValidError: it is gone, or its buyer was forgotten.
    """
    order = Order.objects.filter(event_id=link.event_id, id=link.order_id).exclude(email="").first()
    if order is None:
        raise AlertLinkNotValidError
    return summarize_order(order)


def still_in_that_phone(link: PhoneLink, order: OrderSummary) -> tuple[str, list[Ticket]]:
    """What the phone calls itself, and the order's tickets that are in it still: all of them, whenever it took them."""
    bound = {
        line.ticket.serial: line.ticket for line in order.valid_lines if line.ticket.device_key is not None
    }
    rows = [
        row
        for row in WalletTicket.objects.filter(event_id=link.event_id, serial__in=list(bound))
        if bytes(row.device_key) == bytes(bound[row.serial].device_key or b"")
    ]
    taken = [row for row in rows if row.bound_at == link.taken_at]
    if not taken:
        return "", []
    key = bytes(taken[0].device_key)
    return taken[0].label, [bound[row.serial] for row in rows if bytes(row.device_key) == key]


def withdraw(link: PhoneLink, *, now: datetime) -> int:
    """Stop the order's links, then take its tickets out of that phone; returns how many. Twice does no harm.

    Raises:
        AlertLinkNotValidError: see `order_of_link`.
        WalletRaceError: one of them changed at this very moment.
    """
    order = order_of_link(link)
    _, tickets = still_in_that_phone(link, order)
    if not tickets:
        return 0
    # First, so that nobody puts them in again by a code, or by a proof in a browser that a link had let in.
    stop_links(order.order, "not_me_link", now)
    return free_tickets(link.event_id, tickets, actor="not_me_link", now=now)


def owe_frozen_accounts(entries: Sequence[Entry]) -> None:
    """Read the log: owe one job for each account that went back to an alert. Owing it twice does no harm."""
    for entry in entries:
        if entry.name == Happening.FROZEN and entry.data.get("since") is not None:
            free_since_job.defer(user_id=int(entry.data["user_id"]), since=entry.data["since"])


@app.task(queue="wallets", name="fulfilment.free_since_alert", retry=ComeBackLater())
def free_since_job(user_id: int, since: str) -> None:
    """Free what went into phones since an instant (ISO 8601) of all orders that an account has proven to be its own.

    Raises:
        WalletRaceError: tickets went on changing; the job comes back.
    """
    by_event = defaultdict(list)
    orders = PersonOrder.objects.filter(email__in=_addresses(user_id))
    for event_id, order_id in orders.values_list("event_id", "order_id"):
        by_event[event_id].append(order_id)
    for event_id, order_ids in sorted(by_event.items()):
        bound = Ticket.objects.filter(event_id=event_id, order_id__in=order_ids, device_key__isnull=False)
        tickets = {ticket.serial: ticket for ticket in bound}
        late = WalletTicket.objects.filter(
            event_id=event_id, serial__in=list(tickets), bound_at__gte=datetime.fromisoformat(since)
        )
        serials = sorted(late.values_list("serial", flat=True))
        free_tickets(event_id, [tickets[serial] for serial in serials], actor="system", now=timezone.now())


def _addresses(user_id: int) -> set[str]:
    """The addresses that the account has proven; what it only says is its own may be somebody else's."""
    proven = EmailAddress.objects.filter(user_id=user_id, verified=True)
    return {same_address(email) for email in proven.values_list("email", flat=True)}
