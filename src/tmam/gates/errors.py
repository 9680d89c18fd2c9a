"""Why a gate did not admit, and what else can go wrong there.

A refusal at a gate is an answer, not a failure of the request: the gate screen shows its title in large
letters and its sentence below. Codes that were never a ticket of ours are in `tmam.tickets.errors`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from tmam.kernel.errors import TmamError


@dataclass(frozen=True)
class AlreadyUsedError(TmamError):
    """This right was used before: at `gate`, at the instant `at`."""

    code: ClassVar[str] = "gates.already_used"
    gate: str
    at: datetime


@dataclass(frozen=True)
class WrongEventError(TmamError):
    """A genuine ticket for something else; `event` is that event's title by language."""

    code: ClassVar[str] = "gates.wrong_event"
    event: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SampleTicketError(TmamError):
    """Our sample, made to try printers and scanners: genuine, but for no event."""

    code: ClassVar[str] = "gates.sample_ticket"


@dataclass(frozen=True)
class WrongDateError(TmamError):
    """A genuine ticket for another date of this event, which starts at `starts_at`."""

    code: ClassVar[str] = "gates.wrong_date"
    starts_at: datetime


@dataclass(frozen=True)
class TooEarlyError(TmamError):
    """Entry with this ticket begins at `opens_at`."""

    code: ClassVar[str] = "gates.too_early"
    opens_at: datetime


@dataclass(frozen=True)
class TooLateError(TmamError):
    """Entry with this ticket ended at `closed_at`."""

    code: ClassVar[str] = "gates.too_late"
    closed_at: datetime


@dataclass(frozen=True)
class TicketCancelledError(TmamError):
    """The ticket was cancelled or refunded."""

    code: ClassVar[str] = "gates.cancelled"


@dataclass(frozen=True)
class TicketRevokedError(TmamError):
    """The organizer withdrew the ticket."""

    code: ClassVar[str] = "gates.revoked"


@dataclass(frozen=True)
class TicketReplacedError(TmamError):
    """Signed by us, but a newer code took its place: transferred, resold, bound to a phone or made again."""

    code: ClassVar[str] = "gates.replaced"


@dataclass(frozen=True)
class KeyStolenError(TmamError):
    """Signed with a key that was stolen: nothing it signed is trusted any more, by whomever it was signed."""

    code: ClassVar[str] = "gates.key_stolen"


@dataclass(frozen=True)
class StaleCodeError(TmamError):
    """A live code of `age_s` seconds ago: a picture of the screen, or the guest's clock is that slow."""

    code: ClassVar[str] = "gates.stale_code"
    age_s: int


@dataclass(frozen=True)
class ClockAheadError(TmamError):
    """A live code of a moment to come: the guest's clock is `ahead_s` seconds fast."""

    code: ClassVar[str] = "gates.clock_ahead"
    ahead_s: int


@dataclass(frozen=True)
class WrongDigitsError(TmamError):
    """The eight digits after the token belong to no moment near this one."""

    code: ClassVar[str] = "gates.wrong_digits"


@dataclass(frozen=True)
class LiveCodeNeededError(TmamError):
    """The event admits live codes only, and this one stands still."""

    code: ClassVar[str] = "gates.live_code_needed"


@dataclass(frozen=True)
class DateCancelledError(TmamError):
    """The date or the whole event does not take place."""

    code: ClassVar[str] = "gates.date_cancelled"


@dataclass(frozen=True)
class NotOnRecordError(TmamError):
    """Signed by us or chosen from a list, but there is no such ticket."""

    code: ClassVar[str] = "gates.not_on_record"


@dataclass(frozen=True)
class NotPaidError(TmamError):
    """The booking exists, but was not paid, so it has no tickets."""

    code: ClassVar[str] = "gates.not_paid"
    booking_reference: str


@dataclass(frozen=True)
class ReferenceUnknownError(TmamError):
    """What was typed is neither a ticket's code nor a booking of this event."""

    code: ClassVar[str] = "gates.reference_unknown"
    status: ClassVar[int] = 404
    typed: str


@dataclass(frozen=True)
class DeviceUnknownError(TmamError):
    """This scanner has no key, or its key was taken back."""

    code: ClassVar[str] = "gates.device_unknown"
    status: ClassVar[int] = 401


@dataclass(frozen=True)
class NotYourEventError(TmamError):
    """This person may not scan for this event."""

    code: ClassVar[str] = "gates.not_your_event"
    status: ClassVar[int] = 403


@dataclass(frozen=True)
class TooManyDevicesError(TmamError):
    """The event has as many scanners as it may have at a time."""

    code: ClassVar[str] = "gates.too_many_devices"
    limit: int
