"""Which happenings of an account its owner is told by mail: read from the event log, queued with what the letter needs.

A new one is a line in `ACCOUNT_NEWS` and a letter of the same name in `letters/account_news_letters.py`.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress

from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry, User
from tmam.notifications.compose import ACCOUNT_PREFIX
from tmam.notifications.queue_mail import queue_mail
from tmam.platform.event_log import Entry

ACCOUNT_NEWS: dict[str, str] = {
    Happening.FACTOR_ADDED: "factor_added",
    Happening.FACTOR_REMOVED: "factor_removed",
    Happening.RECOVERY_CODES_MADE: "recovery_codes_made",
    Happening.RECOVERY_CODE_USED: "recovery_code_used",
    Happening.CODES_PAUSED: "codes_paused",
    Happening.PASSKEY_ADDED: "passkey_added",
    Happening.PASSKEY_REMOVED: "passkey_removed",
    Happening.PASSKEY_CLONED: "passkey_cloned",
    Happening.PHONE_ADDED: "phone_added",
    Happening.PHONE_REMOVED: "phone_removed",
}


def owe_account_news(entry: Entry) -> None:
    """Owe the owner the mail about one fact of `ACCOUNT_NEWS`; nothing if the account is gone."""
    if entry.data.get("is_first"):  # the first codes come with the news of the factor
        return
    user = User.objects.filter(pk=entry.data["user_id"]).first()
    if user is None:
        return
    queue_mail(
        cause=f"account-news:{entry.data['entry_id']}",
        template=f"{ACCOUNT_PREFIX}{ACCOUNT_NEWS[entry.name]}",
        to=address_of(user),
        language=user.language or "en",
        now=entry.at,
        context=_facts(entry),
    )


def address_of(user: User) -> str:
    """Where mail about the account goes: the main address that is proven."""
    found = EmailAddress.objects.filter(user_id=user.pk, verified=True).order_by("-primary", "pk").first()
    return str(found.email) if found else user.email


def _facts(entry: Entry) -> dict[str, Any]:
    """The fact's details, and from where it was done: that is kept in the security log only."""
    details = {name: value for name, value in entry.data.items() if name not in {"user_id", "entry_id"}}
    written = SecurityEntry.objects.filter(pk=entry.data["entry_id"]).first()
    return {
        **details,
        "timestamp": entry.at.isoformat(),
        "ip": written.network if written else "",
        "user_agent": written.browser if written else "",
    }
