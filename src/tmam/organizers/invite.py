"""Inviting people into a team by mail: offer, mail again, take back, accept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet

from tmam.organizers.change_team import Given
from tmam.organizers.errors import (
    AlreadyInvitedError,
    AlreadyMemberError,
    InvitationEndedError,
    InvitationForAnotherError,
    TooManyInvitationsError,
)
from tmam.organizers.invitation_links import token_of, token_sha256
from tmam.organizers.models import Invitation, Membership, Organizer
from tmam.organizers.permissions import may_give
from tmam.organizers.team_locks import LockedTeam, lock_team
from tmam.organizers.team_log import TeamHappening, Who, record
from tmam.platform.errors import NotFoundError

OPEN_FOR: Final = timedelta(days=7)
MOST_OPEN: Final = 100
# An invitation is not a way to fill somebody's mailbox.
MOST_MAILS: Final = 5


def invite(organizer: Organizer, email: str, given: Given, who: Who, language: str) -> Invitation:
    """Offer an address a role in the team; a mail goes out on the news of it.

    Raises:
        NotFoundError, ForbiddenError, SecondFactorRequiredError: who asks may not change the team.
        RoleTooHighError: the role is not below theirs.
        AlreadyMemberError, AlreadyInvitedError: as their names say.
        TooManyInvitationsError: the team has its most open invitations.
    """
    with transaction.atomic():
        team = lock_team(organizer, who)
        team.require_giver_of(given.role)
        _end_expired(team, who.at)
        open_ones = _open(team)
        if _is_member(team, email):
            raise AlreadyMemberError
        if open_ones.filter(email__iexact=email).exists():
            raise AlreadyInvitedError
        if open_ones.count() >= MOST_OPEN:
            raise TooManyInvitationsError(limit=MOST_OPEN)
        invitation = Invitation.objects.create(
            organizer=team.organizer,
            email=email,
            language=language,
            invited_by=who.person,
            made_at=who.at,
            expires_at=who.at + OPEN_FOR,
            **given.fields,
        )
        _keep_token(invitation)
        record(TeamHappening.INVITED, team.organizer, who, invitation=invitation, after=given.fields)
    return invitation


def invite_again(organizer: Organizer, invitation_id: int, who: Who) -> Invitation:
    """Mail an invitation once more, with a new link and the whole time to use it; the link before ends.

    Raises:
        NotFoundError, ForbiddenError, SecondFactorRequiredError: no such invitation, or who asks may not.
        RoleTooHighError: the role is not below theirs.
        InvitationEndedError: it was accepted or taken back.
        TooManyInvitationsError: it was mailed its most times.
    """
    with transaction.atomic():
        team, invitation = _lock_open(organizer, invitation_id, who)
        if invitation.mails_sent >= MOST_MAILS:
            raise TooManyInvitationsError(limit=MOST_MAILS)
        invitation.mails_sent += 1
        invitation.expires_at = who.at + OPEN_FOR
        invitation.invited_by = who.person
        invitation.save(update_fields=["mails_sent", "expires_at", "invited_by"])
        _keep_token(invitation)
        record(TeamHappening.INVITED_AGAIN, team.organizer, who, invitation=invitation)
    return invitation


def revoke_invitation(organizer: Organizer, invitation_id: int, who: Who) -> Invitation:
    """Take an invitation back: its link ends.

    Raises:
        NotFoundError, ForbiddenError, SecondFactorRequiredError: no such invitation, or who asks may not.
        RoleTooHighError: the role is not below theirs.
        InvitationEndedError: it was accepted or taken back.
    """
    with transaction.atomic():
        team, invitation = _lock_open(organizer, invitation_id, who)
        Invitation.objects.filter(pk=invitation.pk).update(revoked_at=who.at)
        record(TeamHappening.INVITATION_REVOKED, team.organizer, who, invitation=invitation)
    return invitation


def accept_invitation(invitation: Invitation, who: Who) -> Membership:
    """Join the team. Of two at once, one joins; the other is told that the invitation is used.

    Raises:
        InvitationForAnotherError: this person has not proven the invited address.
        InvitationEndedError: accepted, taken back, too late; or who invited may no longer give that role.
        AlreadyMemberError: they are in the team by another way.
    """
    if invitation.email.lower() not in proven_addresses(who.person.pk):
        raise InvitationForAnotherError
    with transaction.atomic():
        team = lock_team(invitation.organizer, who)
        members = team.members.values()
        inviters = [each for each in members if each.user_id == invitation.invited_by_id]
        if not any(may_give(each.role, invitation.role) for each in inviters):
            raise InvitationEndedError
        if any(each.user_id == who.person.pk for each in members):
            raise AlreadyMemberError
        accepted = Invitation.objects.filter(
            pk=invitation.pk,
            token_sha256=invitation.token_sha256,
            accepted_at=None,
            revoked_at=None,
            expires_at__gt=who.at,
        ).update(accepted_at=who.at)
        if not accepted:
            raise InvitationEndedError
        given = Given.of(invitation)
        member = Membership.objects.create(
            organizer=team.organizer, user=who.person, joined_at=who.at, **given.fields
        )
        record(
            TeamHappening.JOINED,
            team.organizer,
            who,
            person_id=who.person.pk,
            invitation=invitation,
            after=given.fields,
        )
    return member


def proven_addresses(user_id: int) -> set[str]:
    """The addresses that this person has proven, in small letters."""
    found = EmailAddress.objects.filter(user_id=user_id, verified=True).values_list("email", flat=True)
    return {email.lower() for email in found}


def _lock_open(organizer: Organizer, invitation_id: int, who: Who) -> tuple[LockedTeam, Invitation]:
    team = lock_team(organizer, who)
    team.require_giver_of()
    invitation = Invitation.objects.filter(organizer=team.organizer, pk=invitation_id).first()
    if invitation is None:
        raise NotFoundError
    team.require_giver_of(invitation.role)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationEndedError
    return team, invitation


def _open(team: LockedTeam) -> QuerySet[Invitation]:
    return Invitation.objects.filter(organizer=team.organizer, accepted_at=None, revoked_at=None)


def _end_expired(team: LockedTeam, now: datetime) -> None:
    """Make room for a new invitation where one ran out."""
    _open(team).filter(expires_at__lte=now).update(revoked_at=now)


def _is_member(team: LockedTeam, email: str) -> bool:
    people: Collection[int] = [each.user_id for each in team.members.values()]
    found = EmailAddress.objects.filter(user_id__in=people, verified=True, email__iexact=email)
    return bool(found.exists())


def _keep_token(invitation: Invitation) -> None:
    invitation.token_sha256 = token_sha256(token_of(invitation))
    invitation.save(update_fields=["token_sha256"])
