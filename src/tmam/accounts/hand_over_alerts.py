"""Part of "download my data": how the account stood at each alert of late."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from tmam.accounts.models import AlertSnapshot
from tmam.accounts.personal_data import Part, Person, exports


def _snapshots(person: Person) -> Iterator[dict[str, Any]]:
    for row in AlertSnapshot.objects.filter(user_id=person.user_id).order_by("pk"):
        yield {
            "at": row.taken_at,
            "email": row.main_address,
            "addresses": row.addresses,
            "user_name": row.username or "",
            "number": row.phone,
        }


exports(
    Part(
        "alerts",
        _("How the account stood when we warned you"),
        {
            "at": _("When it happened."),
            "email": _("The main e-mail address."),
            "addresses": _("The e-mail addresses that you had proven. Kept for 30 days."),
            "user_name": _("The other name to sign in with, if there is one."),
            "number": _("The phone number."),
        },
        _snapshots,
    )
)
