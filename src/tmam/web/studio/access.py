"""Who gets into the studio: members of a team whose role may see it, each only what their membership is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.db.models import Q
from django.http import HttpRequest

from tmam.catalog.models import Event
from tmam.organizers.models import Organizer
from tmam.organizers.permissions import Action, Powers, powers_of
from tmam.platform.errors import ForbiddenError, NotFoundError

if TYPE_CHECKING:
    from tmam.accounts.models import User


@dataclass(frozen=True)
class Studio:
    """What a person may look at: all their organizers, and those chosen of them (one, or all)."""

    powers: Powers
    organizers: list[Organizer]
    chosen: Organizer | None

    @property
    def events(self) -> Q:
        """The events to show."""
        theirs = self.powers.events_where(Action.SEE_STUDIO)
        return theirs & Q(organizer=self.chosen) if self.chosen else theirs

    @property
    def waiting(self) -> list[Organizer]:
        """The organizers that show nothing before this person has a second factor."""
        return self.powers.organizers_asleep()


def open_studio(request: HttpRequest) -> Studio:
    """The studio of a person who is signed in; `?organizer=slug` narrows it to one of theirs.

    Raises:
        ForbiddenError: they are in no team, in no such role, or not in that organizer's.
        SecondFactorRequiredError: they are, and it asks for a second factor that they have not.
    """
    powers = powers_of(person_of(request))
    slug = request.GET.get("organizer", "")
    for each in powers.organizers_asleep():
        if each.slug == slug:
            powers.require_for(Action.SEE_STUDIO, each)
    powers.require_any(Action.SEE_STUDIO)
    organizers = powers.organizers_where(Action.SEE_STUDIO)
    chosen = next((organizer for organizer in organizers if organizer.slug == slug), None)
    if slug and chosen is None:
        raise ForbiddenError
    return Studio(powers, organizers, chosen)


def own_event(
    request: HttpRequest, event_id: int, action: Action = Action.SEE_STUDIO
) -> tuple[Event, Powers]:
    """An event of theirs for which they may do that, with venue and organizer; and what else they may do.

    Raises:
        NotFoundError: there is no such event, or none in which they have a part; the two look the same.
        ForbiddenError: their role does not allow it.
        SecondFactorRequiredError: it would, with a second factor.
    """
    event = Event.objects.select_related("venue", "organizer").filter(id=event_id).first()
    if event is None:
        raise NotFoundError
    powers = powers_of(person_of(request))
    powers.require(action, event)
    return event, powers


def person_of(request: HttpRequest) -> User:
    """The person who is signed in (the pages ask for that first)."""
    return cast("User", request.user)
