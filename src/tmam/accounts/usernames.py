"""User names: another way to say who one is at sign-in. Chosen by their owner, shown to nobody."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import IntegrityError, transaction

from tmam.accounts.happenings import Happening
from tmam.accounts.models import User
from tmam.accounts.security_log import Visit, record

SHORTEST, LONGEST = 3, 30
_SHAPE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[._-](?![._-]))*[A-Za-z0-9]")
# Names that would make others believe that they write to us.
RESERVED = frozenset(
    (
        "abuse",
        "account",
        "accounts",
        "admin",
        "administrator",
        "anonymous",
        "api",
        "billing",
        "box-office",
        "boxoffice",
        "contact",
        "everyone",
        "finance",
        "gate",
        "guest",
        "help",
        "helpdesk",
        "hostmaster",
        "info",
        "mail",
        "me",
        "moderator",
        "nobody",
        "noreply",
        "no-reply",
        "null",
        "official",
        "operator",
        "organizer",
        "owner",
        "postmaster",
        "privacy",
        "root",
        "sales",
        "security",
        "staff",
        "studio",
        "support",
        "system",
        "team",
        "test",
        "tickets",
        "tmam",
        "undefined",
        "user",
        "webmaster",
    )
)


def is_well_formed(name: str) -> bool:
    """3 to 30 letters and digits, with single dots, hyphens or underscores between them: never like an address."""
    return SHORTEST <= len(name) <= LONGEST and _SHAPE.fullmatch(name) is not None


def change_username(user: User, name: str | None, *, now: datetime, visit: Visit) -> bool:
    """Give a person this user name, or none. False when it cannot be had: reserved, or somebody else's.

    Which of the two is nobody's business, so both are one answer. The unique constraint decides.
    """
    if name is not None and (name.lower() in RESERVED or name.lower().startswith("tmam")):
        return False
    try:
        with transaction.atomic():
            User.objects.filter(pk=user.pk).update(username=name)
            record(user.pk, Happening.USERNAME_CHANGED, now=now, visit=visit)
    except IntegrityError:
        return False
    user.username = name
    return True
