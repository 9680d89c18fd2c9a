"""Mails about new browsers and locked accounts, owed when the event log tells of them."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from tmam.accounts.happenings import Happening
from tmam.accounts.models import User
from tmam.notifications.queue_mail import queue_mail
from tmam.platform.event_log import Entry

# News → its letter.
DEVICE_NEWS: Mapping[str, str] = {
    Happening.DEVICE_ADDED: "account.new_device",
    Happening.FROZEN: "account.account_frozen",
    Happening.THAWED: "account.account_thawed",
    Happening.CASE_RAISED: "account.case_raised",
}


def owe_device_news(entry: Entry) -> None:
    """Owe the owner, or the support desk, the mail; each entry has one."""
    if entry.data.get("at_sign_up"):
        return  # the browser in which the account was made just now is no news
    person = User.objects.filter(id=entry.data["user_id"]).first()
    if person is None:
        return  # erased meanwhile
    is_for_the_desk = entry.name == Happening.CASE_RAISED
    queue_mail(
        cause=f"{entry.name}:{entry.id}",
        template=DEVICE_NEWS[entry.name],
        to=settings.TMAM.support_email if is_for_the_desk else person.email,
        language="en" if is_for_the_desk else person.language or "en",
        context={name: entry.data[name] for name in ("user_id", "entry_id")},
        now=entry.at,
    )
