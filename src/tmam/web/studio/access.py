"""Who gets into the studio: members of a team whose role may see it, each only their own organizers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.http import HttpRequest

from tmam.catalog.models import Event
from tmam.organizers.models import Organizer
from tmam.organizers.permissions import Action, organizers_where, require
from tmam.platform.errors import ForbiddenError, NotFoundError

if TYPE_CHECKING:
    from tmam.accounts.models import User


@dataclass(frozen=True)
class Studio:
    """What a person may look at: all their organizers, and those chosen of them (one, or all)."""

    organizers: list[Organizer]
    chosen: Organizer | None

    @property
    def organizer_ids(self) -> list[int]:
        """The numbers of the organizers to show."""
        return [self.chosen.id] if self.chosen else [organizer.id for organizer in self.organizers]


def open_studio(request: HttpRequest) -> Studio:
    """The studio of a person who is signed in; `?organizer=slug` narrows it to one of theirs.

    Raises:
        ForbiddenError: they are in no team, in no such role, or not in that organizer's.
    """
    organizers = list(organizers_where(person_of(request), Action.SEE_STUDIO))
    slug = request.GET.get("organizer", "")
    chosen = next((organizer for organizer in organizers if organizer.slug == slug), None)
    if not organizers or (slug and chosen is None):
        raise ForbiddenError
    return Studio(organizers, chosen)


def own_event(request: HttpRequest, event_id: int) -> Event:
    """An event of theirs, with venue and organizer.

    Raises:
        ForbiddenError: it is another organizer's, or they may not see the studio of anybody's.
        NotFoundError: there is no such event.
    """
    open_studio(request)
    event = Event.objects.select_related("venue", "organizer").filter(id=event_id).first()
    if event is None:
        raise NotFoundError
    require(person_of(request), Action.SEE_STUDIO, event)
    return event


def person_of(request: HttpRequest) -> User:
    """The person who is signed in (the pages ask for that first)."""
    return cast("User", request.user)
