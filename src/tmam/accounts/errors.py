"""Errors of proving who one is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from tmam.kernel.errors import TmamError


@dataclass(frozen=True)
class TicketsNotShownError(TmamError):
    """No such booking, or it is not this visitor's: the same answer, so that nobody can try references out."""

    code: ClassVar[str] = "accounts.tickets_not_shown"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class LinkNotValidError(TmamError):
    """A link that we did not sign, that was cut off, or whose order has another address by now."""

    code: ClassVar[str] = "accounts.link_not_valid"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class LinkEndedError(TmamError):
    """A genuine link, but the event is long over."""

    code: ClassVar[str] = "accounts.link_ended"
    status: ClassVar[int] = 410


@dataclass(frozen=True)
class SignInServiceError(TmamError):
    """A sign-in service (OpenID Connect) could not be reached, or what it answered proves nothing."""

    code: ClassVar[str] = "accounts.sign_in_service"
    status: ClassVar[int] = 502
    service: str = ""


@dataclass(frozen=True)
class TooManyRequestsError(TmamError):
    """The same thing asked for too often from one network; trying again in `retry_after_s` is right."""

    code: ClassVar[str] = "accounts.too_many_requests"
    status: ClassVar[int] = 429
    retry_after_s: int = 60


@dataclass(frozen=True)
class PausedError(TmamError):
    """Guessed too often: nothing is tried for a while. The same words whether there is such an account or not."""

    code: ClassVar[str] = "accounts.paused"
    status: ClassVar[int] = 429
    minutes: int = 1

    @classmethod
    def until(cls, moment: datetime, now: datetime) -> PausedError:
        """In whole minutes, so that nobody comes back too early."""
        return cls(minutes=max(1, math.ceil((moment - now).total_seconds() / 60)))

    def retry_after(self, now: datetime) -> int:
        """The minutes, in seconds."""
        del now
        return 60 * self.minutes


@dataclass(frozen=True)
class CodePausedError(TmamError):
    """A code that was mailed to an order's address was guessed too often: no account is involved."""

    code: ClassVar[str] = "accounts.code_paused"
    status: ClassVar[int] = 429
    minutes: int = 1

    def retry_after(self, now: datetime) -> int:
        """The minutes, in seconds."""
        del now
        return 60 * self.minutes


@dataclass(frozen=True)
class UnlockLinkError(TmamError):
    """An unlock link that we did not sign, that was cut off, or that is too old."""

    code: ClassVar[str] = "accounts.unlock_link"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class RecoveryNotPossibleError(TmamError):
    """The request is too early, too late, stopped or finished: the same answer, so that nothing can be tried out."""

    code: ClassVar[str] = "accounts.recovery_not_possible"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class PhoneNotAcceptedError(TmamError):
    """No code can go to this number. `reason`: `unreadable`, `not_mobile` or `country`."""

    code: ClassVar[str] = "accounts.phone_not_accepted"
    status: ClassVar[int] = 400
    reason: str = "unreadable"


@dataclass(frozen=True)
class TooManySmsError(TmamError):
    """As many messages were sent as we send to one person, number or network; more in `retry_after_s`."""

    code: ClassVar[str] = "accounts.too_many_sms"
    status: ClassVar[int] = 429
    retry_after_s: int = 3600


@dataclass(frozen=True)
class PasskeyNotAcceptedError(TmamError):
    """A passkey's answer that proves nothing. `reason` is for the log and the page's words.

    `expired`, `replayed`, `unknown` (no such key, or not this person's), `not_alone` (a security key where a
    passkey is asked for), `copied` (it counted backwards), `known` (to be added twice), `full` (no more keys),
    `invalid` (signature, origin, site, user verification).
    """

    code: ClassVar[str] = "accounts.passkey_not_accepted"
    status: ClassVar[int] = 400
    reason: str = "invalid"


@dataclass(frozen=True)
class TooManyCodesError(TmamError):
    """So many wrong codes for one account that none is looked at before `free_at`."""

    code: ClassVar[str] = "accounts.too_many_codes"
    status: ClassVar[int] = 429
    free_at: datetime

    def retry_after(self, now: datetime) -> int:
        """Until one is looked at again."""
        return max(1, math.ceil((self.free_at - now).total_seconds()))


@dataclass(frozen=True)
class FactorRequiredError(TmamError):
    """The last second factor of somebody who must have one cannot be removed."""

    code: ClassVar[str] = "accounts.factor_required"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class AlertLinkNotValidError(TmamError):
    """The link of an alert that we did not sign, or that was cut off."""

    code: ClassVar[str] = "accounts.alert_link_not_valid"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class AlertLinkEndedError(TmamError):
    """The genuine link of an alert, but it is a week old."""

    code: ClassVar[str] = "accounts.alert_link_ended"
    status: ClassVar[int] = 410


@dataclass(frozen=True)
class AccountFrozenError(TmamError):
    """The owner locked this account because somebody else got in; it hands nothing on until it is open again."""

    code: ClassVar[str] = "accounts.frozen"
    status: ClassVar[int] = 403


@dataclass(frozen=True)
class TooManyDeviceCodesError(TmamError):
    """So many codes for new browsers were mailed within the hour that no more goes out before the next."""

    code: ClassVar[str] = "accounts.too_many_device_codes"
    status: ClassVar[int] = 429
