"""Which mail goes out on which news: reads the event log and owes mails for it."""

from __future__ import annotations

from collections.abc import Sequence

from tmam.accounts.happenings import Happening
from tmam.accounts.models import User
from tmam.notifications.compose import ACCOUNT_PREFIX
from tmam.notifications.device_news import DEVICE_NEWS, owe_device_news
from tmam.notifications.queue_mail import queue_mail
from tmam.platform.event_log import Entry, consumer

# What happened to an account and is told its owner by mail: which letter.
LETTER_OF_HAPPENING = {Happening.LOCKED.value: "locked", Happening.UNLOCKED.value: "unlocked"}


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
        elif entry.name in LETTER_OF_HAPPENING:
            _owe_account_news(entry)
        elif entry.name in DEVICE_NEWS:
            owe_device_news(entry)


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


def _owe_account_news(entry: Entry) -> None:
    """The letter gets numbers; addresses are looked up now, signed links are made when it is written."""
    person = User.objects.filter(pk=entry.data["user_id"]).first()
    if person is None:
        return  # erased meanwhile
    queue_mail(
        cause=_cause_of_account_news(entry),
        template=f"{ACCOUNT_PREFIX}{LETTER_OF_HAPPENING[entry.name]}",
        to=person.email,
        language=person.language or "en",
        now=entry.at,
        context={**entry.data, "at": entry.at.isoformat(), "by_staff": entry.actor.startswith("staff:")},
    )


def _cause_of_account_news(entry: Entry) -> str:
    """A pause is told once, even if the job that wrote it down was done twice."""
    if "lock_number" in entry.data:
        return f"{entry.name}:{entry.data['key']}:{entry.data['lock_number']}"
    return f"{entry.name}:{entry.data['entry_id']}"
