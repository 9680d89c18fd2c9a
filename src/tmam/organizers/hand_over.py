"""The teams' part of "download my data"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tmam.accounts.personal_data import Part, Person, exports
from tmam.organizers.models import Invitation, Membership


def _teams(person: Person) -> Iterator[dict[str, Any]]:
    for row in Membership.objects.filter(user_id=person.user_id).select_related("organizer").order_by("id"):
        yield {
            "organizer": row.organizer.name,
            "role": row.role,
            "all_events": row.all_events,
            "event_ids": row.event_ids,
            "joined_at": row.joined_at,
        }


def _invitations(person: Person) -> Iterator[dict[str, Any]]:
    theirs = Invitation.objects.alias(address=Lower("email")).filter(address__in=person.addresses)
    for row in theirs.select_related("organizer").order_by("id"):
        yield {
            "organizer": row.organizer.name,
            "email": row.email,
            "role": row.role,
            "made_at": row.made_at,
            "accepted_at": row.accepted_at,
            "revoked_at": row.revoked_at,
        }


_ORGANIZER = _("The organizer.")
_ROLE = _("What you may do there.")

exports(
    Part(
        "teams",
        _("Teams"),
        {
            "organizer": _ORGANIZER,
            "role": _ROLE,
            "all_events": _("Whether it is for all events."),
            "event_ids": _("Our numbers of the events, if it is for some only."),
            "joined_at": _("When you joined."),
        },
        _teams,
    )
)
exports(
    Part(
        "invitations",
        _("Invitations to teams"),
        {
            "organizer": _ORGANIZER,
            "email": _("The address we wrote to."),
            "role": _ROLE,
            "made_at": _("When it was made."),
            "accepted_at": _("When you accepted it."),
            "revoked_at": _("When it was withdrawn."),
        },
        _invitations,
    )
)
