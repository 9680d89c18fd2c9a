"""Which mail goes out on which news of a team; `consumers` hands the entries over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tmam.notifications.queue_mail import queue_mail
from tmam.organizers.models import Invitation, Membership
from tmam.organizers.team_log import TeamHappening
from tmam.platform.event_log import Entry


def _owe_invitation(entry: Entry) -> None:
    """The letter makes the link from the invitation's number, so no secret is in the log."""
    invitation = Invitation.objects.filter(pk=entry.data["invitation_id"]).first()
    if invitation is None:
        return  # whoever invited closed the account since
    queue_mail(
        cause=f"team-invitation:{entry.id}",
        template="team_invitation",
        to=invitation.email,
        language=invitation.language,
        now=entry.at,
        context={"invitation_id": invitation.pk},
    )


def _tell_everybody(entry: Entry) -> None:
    members = Membership.objects.filter(
        organizer_id=entry.data["organizer_id"], user__is_active=True
    ).select_related("user")
    for member in members.order_by("id"):
        queue_mail(
            cause=f"team-second-factor:{entry.id}:{member.user_id}",
            template="team_second_factor",
            to=member.user.email,
            language=member.user.language or "en",
            now=entry.at,
            context={"organizer_id": member.organizer_id, "user_id": member.user_id},
        )


TEAM_NEWS: Final[Mapping[str, Callable[[Entry], None]]] = {
    TeamHappening.INVITED: _owe_invitation,
    TeamHappening.INVITED_AGAIN: _owe_invitation,
    TeamHappening.SECOND_FACTOR_REQUIRED: _tell_everybody,
}
