"""The teams' part of "download my data"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from tmam.accounts.personal_data import Part, Person, exports
from tmam.organizers.models import Membership


def _teams(person: Person) -> Iterator[dict[str, Any]]:
    for row in Membership.objects.filter(user_id=person.user_id).select_related("organizer").order_by("id"):
        yield {"organizer": row.organizer.name, "role": row.role}


exports(
    Part(
        "teams",
        _("Teams"),
        {"organizer": _("The organizer."), "role": _("What you may do there.")},
        _teams,
    )
)
