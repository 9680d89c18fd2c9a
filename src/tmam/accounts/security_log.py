"""The one way in which something that happened to an account is written down.

Each happening is two rows of one transaction: a `SecurityEntry`, which its owner and staff read and which goes
with the account, and a fact of the event log (`event_id` 0), which stays, moves consumers (mails!) and carries
numbers only: no address, no network, no secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import get_language

from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry
from tmam.accounts.places import place_of
from tmam.accounts.staff_log import note
from tmam.platform.clients import client_network
from tmam.platform.event_log import NO_EVENT, Fact, log_facts
from tmam.platform.statements import run_verb

BROWSER_LENGTH = 200
PLACE_LENGTH = 120


@dataclass(frozen=True)
class Visit:
    """From where something was done. Empty for what the system does by itself."""

    network: str = ""
    browser: str = ""
    place: str = ""
    request_id: str = ""


NOWHERE = Visit()


def visit_of(request: HttpRequest) -> Visit:
    """From where this request comes."""
    network = client_network(request)
    return Visit(
        network=network,
        place=place_of(network, file=settings.TMAM.geoip_file, language=get_language() or "en")[
            :PLACE_LENGTH
        ],
        browser=request.headers.get("User-Agent", "")[:BROWSER_LENGTH],
        request_id=request.META.get("tmam.request_id", ""),
    )


def record(
    user_id: int,
    happening: Happening,
    *,
    now: datetime,
    visit: Visit = NOWHERE,
    actor: str = "",
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> SecurityEntry:
    """Write down what happened to an account, in the caller's transaction or one of its own.

    `actor` is the person themselves unless given. `details` are JSON and must hold neither an address nor a secret:
    they are in the event log too, where the fact is `{"user_id": …, "entry_id": …, **details}`.
    """
    who = actor or f"user:{user_id}"
    with transaction.atomic():
        entry = SecurityEntry.objects.create(
            user_id=user_id,
            at=now,
            name=happening,
            actor=who,
            network=visit.network,
            browser=visit.browser,
            place=visit.place,
            reason=reason,
            details=details or {},
        )
        note(who, happening, now=now, user_id=user_id, reason=reason, network=visit.network)
        data = {**entry.details, "user_id": user_id, "entry_id": entry.pk}
        run_verb(log_facts(NO_EVENT, [Fact(happening, now, who, data, visit.request_id)]))
    return entry
