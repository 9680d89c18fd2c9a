"""The one way in which a change of a team is written down.

Each is two rows of one transaction: a `TeamEntry`, which the team reads on its page, and a fact of the event log
(`event_id` 0), which stays, moves consumers (mails) and carries numbers and roles only: no address, no secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tmam.organizers.models import Organizer, TeamEntry
from tmam.organizers.service_identities import IDENTITIES
from tmam.platform.event_log import NO_EVENT, Fact, log_facts
from tmam.platform.statements import run_verb

if TYPE_CHECKING:
    from tmam.accounts.models import User
    from tmam.organizers.models import Invitation


class TeamHappening(StrEnum):
    """Everything that can happen to a team; the words people read for them are in `web.studio.team.words`."""

    INVITED = "organizer.member_invited"
    INVITED_AGAIN = "organizer.member_invited_again"
    INVITATION_REVOKED = "organizer.invitation_revoked"
    JOINED = "organizer.member_joined"
    CHANGED = "organizer.member_changed"
    REMOVED = "organizer.member_removed"
    RESTORED = "organizer.member_restored"
    LEFT = "organizer.member_left"
    SECOND_FACTOR_REQUIRED = "organizer.second_factor_required"
    SECOND_FACTOR_FREE = "organizer.second_factor_no_longer_required"


@dataclass(frozen=True)
class Who:
    """Who changes a team, when, and with which request."""

    person: User
    at: datetime
    request_id: str = ""


def record(
    happening: TeamHappening,
    organizer: Organizer,
    who: Who,
    *,
    person_id: int | None = None,
    invitation: Invitation | None = None,
    identities: Sequence[str] = (),
    **details: Any,
) -> None:
    """Write down what happened to a team, in the caller's transaction.

    `details` are JSON without addresses. `identities` (see `service_identities`) stay out of the event log.
    """
    entry = TeamEntry.objects.create(
        organizer=organizer,
        at=who.at,
        name=happening,
        actor_id=who.person.pk,
        person_id=person_id,
        invitation=invitation,
        details=details | ({IDENTITIES: list(identities)} if identities else {}),
    )
    data = details | {"organizer_id": organizer.pk, "entry_id": entry.pk}
    if person_id is not None:
        data["user_id"] = person_id
    if invitation is not None:
        data["invitation_id"] = invitation.pk
    run_verb(log_facts(NO_EVENT, [Fact(happening, who.at, f"user:{who.person.pk}", data, who.request_id)]))
