"""Mails about new browsers and locked accounts, owed when the event log tells of them."""

from __future__ import annotations

from collections.abc import Mapping

from allauth.account.models import EmailAddress
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
    for number, address in enumerate(_readers(entry.name, person)):
        queue_mail(
            cause=f"{entry.name}:{entry.id}" + (f":{number}" if number else ""),
            template=DEVICE_NEWS[entry.name],
            to=address,
            language="en" if is_for_the_desk else person.language or "en",
            context={name: entry.data[name] for name in ("user_id", "entry_id")},
            now=entry.at,
        )


def _readers(name: str, person: User) -> list[str]:
    """Of a lock every proven address hears, the main one first: a thief's are gone by then."""
    if name == Happening.CASE_RAISED:
        return [settings.TMAM.support_email]
    if name == Happening.DEVICE_ADDED:
        return [person.email]
    proven = EmailAddress.objects.filter(user_id=person.pk, verified=True).order_by("-primary", "pk")
    return list(proven.values_list("email", flat=True)) or [person.email]
