"""What would be left undone if a person went: teams without an owner."""

from __future__ import annotations

from tmam.organizers.models import Membership, Organizer
from tmam.organizers.permissions import OWNER


def teams_left_without_owner(user_id: int) -> list[Organizer]:
    """The organizers of which this person is the only owner, by name.

    Their owners' rows are locked until the end of the caller's transaction (call it in one), so that two owners
    can't go at the same moment.
    """
    mine = Membership.objects.filter(user_id=user_id, role=OWNER).values_list("organizer_id", flat=True)
    owners = Membership.objects.select_for_update().filter(organizer_id__in=list(mine), role=OWNER)
    others = {
        row.organizer_id for row in owners.order_by("id") if row.user_id != user_id and row.user.is_active
    }
    return list(Organizer.objects.filter(id__in=set(mine) - others).order_by("name"))
