"""Which mails go out when signing in to an account is paused, or goes on: read from the event log."""

from __future__ import annotations

from tmam.accounts.happenings import Happening
from tmam.accounts.models import User
from tmam.notifications.account_news import address_of
from tmam.notifications.compose import ACCOUNT_PREFIX
from tmam.notifications.queue_mail import queue_mail
from tmam.platform.event_log import Entry

PAUSE_NEWS: dict[str, str] = {Happening.LOCKED: "locked", Happening.UNLOCKED: "unlocked"}


def owe_pause_news(entry: Entry) -> None:
    """The letter gets numbers; the address is looked up now, the signed link is made when the letter is written."""
    person = User.objects.filter(pk=entry.data["user_id"]).first()
    if person is None:
        return  # erased meanwhile
    queue_mail(
        cause=_cause(entry),
        template=f"{ACCOUNT_PREFIX}{PAUSE_NEWS[entry.name]}",
        to=address_of(person),
        language=person.language or "en",
        now=entry.at,
        context={**entry.data, "at": entry.at.isoformat(), "by_staff": entry.actor.startswith("staff:")},
    )


def _cause(entry: Entry) -> str:
    """A pause is told once, even if the job that wrote it down was done twice."""
    if "lock_number" in entry.data:
        return f"{entry.name}:{entry.data['key']}:{entry.data['lock_number']}"
    return f"{entry.name}:{entry.data['entry_id']}"
