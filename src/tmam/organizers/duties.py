"""What would be left undone if a person went: teams without an owner."""

from __future__ import annotations

from tmam.organizers.models import Membership, Organizer
from tmam.organizers.permissions import OWNER


def teams_left_without_owner(user_id: int) -> list[Organizer]:
    """The organizers that would have no owner without this person, by name; call it in a transaction.

    Their rows are locked until its end, as for every change of a team, so that two owners can't go at the same moment.
    """
    owned = Membership.objects.filter(user_id=user_id, role=OWNER).values_list("organizer_id", flat=True)
    locked = Organizer.objects.select_for_update(no_key=True).filter(id__in=sorted(owned)).order_by("id")
    numbers = [organizer.pk for organizer in locked]
    others = Membership.objects.filter(organizer_id__in=numbers, role=OWNER, user__is_active=True)
    shared = others.exclude(user_id=user_id).values_list("organizer_id", flat=True)
    return list(Organizer.objects.filter(id__in=set(numbers) - set(shared)).order_by("name"))
