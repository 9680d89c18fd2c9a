"""Which mail goes out on which news: reads the event log and owes mails for it.

The log names no people. Whom to write to is read from the row the news is about; who was forgotten meanwhile
gets no mail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

from tmam.notifications.account_news import ACCOUNT_NEWS, owe_account_news
from tmam.notifications.date_news import note_date_change
from tmam.notifications.device_news import DEVICE_NEWS, owe_device_news
from tmam.notifications.pause_news import PAUSE_NEWS, owe_pause_news
from tmam.notifications.queue_mail import queue_mail
from tmam.notifications.recovery_news import RECOVERY_NEWS, owe_recovery_mails
from tmam.notifications.team_mails import TEAM_NEWS
from tmam.notifications.wallet_news import WALLET_NEWS, owe_wallet_news
from tmam.orders.models import Checkout, Order
from tmam.platform.event_log import Entry, consumer


@consumer("mail")
def owe_mails(entries: Sequence[Entry]) -> None:
    """Consume the log; each cause has one mail, so repeating an entry owes nothing new."""
    for entry in entries:
        owe = OWED_FOR.get(entry.name)
        if owe is not None:
            owe(entry)


def _owe_confirmation(entry: Entry) -> None:
    order_id = entry.data["order_id"]
    order = Order.objects.filter(event_id=entry.event_id, id=UUID(order_id)).first()
    if order is None or not order.email:
        return
    queue_mail(
        cause=f"order-confirmed:{order_id}",
        template="order_confirmed",
        to=order.email,
        language=order.language,
        now=entry.at,
        context={"event_id": entry.event_id, "order_id": order_id},
    )


def _owe_codes_replaced_notice(entry: Entry) -> None:
    """One mail an order, however many batches its tickets were replaced in."""
    order_id = entry.data["order_id"]
    order = Order.objects.filter(event_id=entry.event_id, id=UUID(order_id)).first()
    if order is None or not order.email:
        return
    queue_mail(
        cause=f"codes-replaced:{order_id}:{entry.data['key_id']}",
        template="codes_replaced",
        to=order.email,
        language=order.language,
        now=entry.at,
        context={"event_id": entry.event_id, "order_id": order_id},
    )


def _owe_refund_notice(entry: Entry) -> None:
    """Places that were paid but could not be given: said plainly, at once."""
    facts = entry.data
    checkout = _checkout_of(entry)
    if checkout is None:
        return  # nobody typed an address: the page is the only way to tell
    queue_mail(
        cause=f"refund-instructed:{facts['refund_id']}",
        template="refund_instructed",
        to=checkout.email,
        language=checkout.language or "en",
        now=entry.at,
        context={
            "event_id": entry.event_id,
            "amount_minor": facts["amount_minor"],
            "currency": facts["currency"],
            "reason": facts["reason"],
        },
    )


def _owe_decline_notice(entry: Entry) -> None:
    """A refusal that came so late that the page had promised a mail; one seen on the page needs none."""
    checkout = _checkout_of(entry)
    if checkout is None or not entry.data["was_waiting"]:
        return
    queue_mail(
        cause=f"payment-declined:{entry.data['payment_id']}",
        template="payment_declined",
        to=checkout.email,
        language=checkout.language,
        now=entry.at,
        context={name: entry.data[name] for name in ("payment_id", "amount_minor", "currency")},
    )


def _checkout_of(entry: Entry) -> Checkout | None:
    """The checkout the news is about, if somebody typed an address there."""
    return Checkout.objects.filter(id=UUID(entry.data["checkout_id"])).exclude(email="").first()


# News → what is owed for it. A new capability brings its own table.
OWED_FOR: Final[Mapping[str, Callable[[Entry], None]]] = {
    "order.confirmed": _owe_confirmation,
    "order.codes_replaced": _owe_codes_replaced_notice,
    "refund.instructed": _owe_refund_notice,
    "payment.declined": _owe_decline_notice,
    "date.changed": note_date_change,
    **dict.fromkeys(DEVICE_NEWS, owe_device_news),
    **dict.fromkeys(ACCOUNT_NEWS, owe_account_news),
    **dict.fromkeys(PAUSE_NEWS, owe_pause_news),
    **dict.fromkeys(RECOVERY_NEWS, owe_recovery_mails),
    **dict.fromkeys(WALLET_NEWS, owe_wallet_news),
    **TEAM_NEWS,
}
