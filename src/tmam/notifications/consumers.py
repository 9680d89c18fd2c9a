"""Which mail goes out on which news: reads the event log and owes mails for it."""

from __future__ import annotations

from collections.abc import Sequence

from tmam.notifications.account_news import owe_account_news
from tmam.notifications.device_news import DEVICE_NEWS, owe_device_news
from tmam.notifications.queue_mail import queue_mail
from tmam.platform.event_log import Entry, consumer


@consumer("mail")
def owe_mails(entries: Sequence[Entry]) -> None:
    """Consume the log; each cause has one mail, so repeating an entry owes nothing new."""
    for entry in entries:
        if entry.name == "order.confirmed":
            _owe_confirmation(entry)
        elif entry.name == "refund.instructed":
            _owe_refund_notice(entry)
        elif entry.name == "payment.declined" and entry.data["was_waiting"]:
            _owe_decline_notice(entry)
        elif entry.name in DEVICE_NEWS:
            owe_device_news(entry)
        else:
            owe_account_news(entry)


def _owe_confirmation(entry: Entry) -> None:
    order_id = entry.data["order_id"]
    queue_mail(
        cause=f"order-confirmed:{order_id}",
        template="order_confirmed",
        to=entry.data["email"],
        language=entry.data["language"],
        now=entry.at,
        context={"event_id": entry.event_id, "order_id": order_id},
    )


def _owe_refund_notice(entry: Entry) -> None:
    """Places that were paid but could not be given: said plainly, at once."""
    facts = entry.data
    if not facts.get("email"):
        return  # nobody typed an address: the page is the only way to tell
    queue_mail(
        cause=f"refund-instructed:{facts['refund_id']}",
        template="refund_instructed",
        to=facts["email"],
        language=facts.get("language") or "en",
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
    queue_mail(
        cause=f"payment-declined:{entry.data['payment_id']}",
        template="payment_declined",
        to=entry.data["email"],
        language=entry.data["language"],
        now=entry.at,
        context={name: entry.data[name] for name in ("payment_id", "amount_minor", "currency")},
    )
