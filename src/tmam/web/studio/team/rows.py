"""What a team's page shows: members, open invitations, and the last changes in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from tmam.accounts.factors import with_second_factor
from tmam.accounts.models import User
from tmam.catalog.models import Event
from tmam.kernel.texts import in_language
from tmam.organizers.models import Invitation, Membership, Organizer, Reach, TeamEntry
from tmam.organizers.permissions import ACTIONS_OF_ROLE
from tmam.organizers.team_log import TeamHappening
from tmam.organizers.words import ROLE_NAMES
from tmam.web.studio.team.shell import Team

MOST_MEMBERS: Final = 500
MOST_ENTRIES: Final = 20


@dataclass(frozen=True)
class MemberRow:
    """One member; `events` names the chosen ones, None stands for all of them."""

    member: Membership
    name: str
    role: object
    events: Sequence[str] | None
    has_factor: bool
    is_me: bool
    may_change: bool


@dataclass(frozen=True)
class InvitationRow:
    """One open invitation."""

    invitation: Invitation
    role: object
    events: Sequence[str] | None
    inviter: str
    is_over: bool
    may_change: bool


@dataclass(frozen=True)
class EntryRow:
    """One change of the team, as a sentence."""

    at: datetime
    words: str


def member_rows(team: Team, person: User) -> list[MemberRow]:
    """The members: the highest roles first, then in the order in which they came."""
    rank = {role: place for place, role in enumerate(ACTIONS_OF_ROLE)}
    members = Membership.objects.filter(organizer=team.organizer).select_related("user").order_by("id")
    found = sorted(members[:MOST_MEMBERS], key=lambda each: rank[each.role])
    titles = _titles(team.organizer, found)
    proven = with_second_factor([each.user_id for each in found])
    return [
        MemberRow(
            member=each,
            name=name_of(each.user),
            role=ROLE_NAMES[each.role],
            events=_events(each, titles),
            has_factor=each.user_id in proven,
            is_me=each.user_id == person.pk,
            may_change=team.powers.may_give(each.role, team.organizer),
        )
        for each in found
    ]


def invitation_rows(team: Team, now: datetime) -> list[InvitationRow]:
    """The invitations that nobody has accepted yet, those that ran out included, newest first."""
    invitations = (
        Invitation.objects.filter(organizer=team.organizer, accepted_at=None, revoked_at=None)
        .select_related("invited_by")
        .order_by("-made_at")
    )
    found = list(invitations)
    titles = _titles(team.organizer, found)
    return [
        InvitationRow(
            invitation=each,
            role=ROLE_NAMES[each.role],
            events=_events(each, titles),
            inviter=name_of(each.invited_by),
            is_over=each.expires_at <= now,
            may_change=team.powers.may_give(each.role, team.organizer),
        )
        for each in found
    ]


def history(organizer: Organizer) -> list[EntryRow]:
    """What changed in the team lately, newest first."""
    entries = (
        TeamEntry.objects.filter(organizer=organizer)
        .select_related("actor", "person", "invitation")
        .order_by("-at", "-id")[:MOST_ENTRIES]
    )
    return [EntryRow(entry.at, _sentence(entry)) for entry in entries]


def name_of(person: User | None) -> str:
    """What a team calls somebody; accounts that were erased have no name any more."""
    if person is None:
        return _("Somebody whose account is closed")
    return person.name or person.email


_SENTENCES: Final = {
    TeamHappening.INVITED: gettext_lazy("%(actor)s invited %(person)s: %(role)s."),
    TeamHappening.INVITED_AGAIN: gettext_lazy("%(actor)s mailed the invitation to %(person)s again."),
    TeamHappening.INVITATION_REVOKED: gettext_lazy("%(actor)s took back the invitation to %(person)s."),
    TeamHappening.JOINED: gettext_lazy("%(person)s joined: %(role)s."),
    TeamHappening.CHANGED: gettext_lazy("%(actor)s changed %(person)s: %(before)s before, %(role)s now."),
    TeamHappening.REMOVED: gettext_lazy("%(actor)s removed %(person)s: %(before)s before."),
    TeamHappening.RESTORED: gettext_lazy("%(actor)s put %(person)s back: %(role)s."),
    TeamHappening.LEFT: gettext_lazy("%(person)s left: %(before)s before."),
    TeamHappening.SECOND_FACTOR_REQUIRED: gettext_lazy(
        "%(actor)s made a second factor required for everybody."
    ),
    TeamHappening.SECOND_FACTOR_FREE: gettext_lazy("%(actor)s no longer requires a second factor."),
}
_OTHER_EVENTS: Final = gettext_lazy("%(actor)s changed for which events %(person)s works: %(role)s.")
_AN_ADDRESS = pgettext_lazy("invited", "somebody")


def _sentence(entry: TeamEntry) -> str:
    words = _SENTENCES[TeamHappening(entry.name)]
    before, after = entry.details.get("before"), entry.details.get("after")
    if before and after and before["role"] == after["role"]:
        words = _OTHER_EVENTS
    person = name_of(entry.person)
    if entry.person is None and entry.name != TeamHappening.JOINED:
        person = entry.invitation.email if entry.invitation else str(_AN_ADDRESS)
    return str(words) % {
        "actor": name_of(entry.actor),
        "person": person,
        "role": _role_words(after),
        "before": _role_words(before),
    }


def _role_words(given: Mapping[str, object] | None) -> str:
    if given is None:
        return ""
    name = str(ROLE_NAMES[str(given["role"])])
    return name if given["all_events"] else _("%(role)s for chosen events") % {"role": name}


def _titles(organizer: Organizer, reaches: Collection[Reach]) -> dict[int, str]:
    chosen = {id_ for each in reaches if not each.all_events for id_ in each.event_ids}
    language = get_language() or "en"
    events = Event.objects.filter(organizer=organizer, id__in=chosen).order_by("id")
    return {event.id: in_language(event.title, language) for event in events}


def _events(reach: Reach, titles: Mapping[int, str]) -> list[str] | None:
    return None if reach.all_events else [titles[id_] for id_ in reach.event_ids if id_ in titles]
