"""What can go wrong in a team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError


@dataclass(frozen=True)
class SecondFactorRequiredError(TmamError):
    """This organizer lets nobody in its team work without a second factor, and this person has none."""

    code: ClassVar[str] = "organizers.second_factor_required"
    status: ClassVar[int] = 403
    organizer: str


@dataclass(frozen=True)
class LastOwnerError(TmamError):
    """The change would leave a team without an owner."""

    code: ClassVar[str] = "organizers.last_owner"


@dataclass(frozen=True)
class RoleTooHighError(TmamError):
    """The role is not below one's own: nobody gives, changes or takes away what they do not have themselves."""

    code: ClassVar[str] = "organizers.role_too_high"
    status: ClassVar[int] = 403


@dataclass(frozen=True)
class TeamChangedError(TmamError):
    """Somebody else changed the same member since: undoing would undo that."""

    code: ClassVar[str] = "organizers.changed_since"


@dataclass(frozen=True)
class AlreadyMemberError(TmamError):
    """The invited person is in the team already."""

    code: ClassVar[str] = "organizers.already_member"


@dataclass(frozen=True)
class AlreadyInvitedError(TmamError):
    """The address has an open invitation to this team."""

    code: ClassVar[str] = "organizers.already_invited"


@dataclass(frozen=True)
class InvitationEndedError(TmamError):
    """The invitation was accepted, taken back or not used in time, or the link is not its newest."""

    code: ClassVar[str] = "organizers.invitation_ended"
    status: ClassVar[int] = 410


@dataclass(frozen=True)
class InvitationForAnotherError(TmamError):
    """The signed-in person has not proven the address that was invited."""

    code: ClassVar[str] = "organizers.invitation_for_another"
    status: ClassVar[int] = 403


@dataclass(frozen=True)
class TooManyInvitationsError(TmamError):
    """The team has as many open invitations, or this one was mailed as often, as it may be: `limit`."""

    code: ClassVar[str] = "organizers.too_many_invitations"
    status: ClassVar[int] = 429
    limit: int
