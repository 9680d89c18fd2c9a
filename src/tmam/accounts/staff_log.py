"""The audit trail of platform staff: what was done, what was looked at, by whom, why. It outlives the people in it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tmam.accounts.models import StaffAction

STAFF: Final = "staff:"
SEARCHED: Final = "staff.searched"
KEPT_OPENED: Final = "staff.kept_record_opened"
TRAIL_READ: Final = "staff.trail_read"


def staff_actor(staff_id: int) -> str:
    """How staff are named as actors in every log."""
    return f"{STAFF}{staff_id}"


def note(
    actor: str,
    name: str,
    *,
    now: datetime,
    user_id: int | None = None,
    reason: str = "",
    network: str = "",
) -> None:
    """Add to the trail, if the actor is staff at all."""
    number = actor.removeprefix(STAFF)
    if actor.startswith(STAFF) and number.isdigit():
        StaffAction.objects.create(
            staff_id=int(number), user_id=user_id, at=now, name=name, reason=reason, network=network
        )
