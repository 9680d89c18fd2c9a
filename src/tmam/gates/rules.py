"""Who may enter: pure decisions about one ticket at one moment. No clock, no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from tmam.gates import errors
from tmam.kernel.errors import TmamError

# Without an opening time of its own, a date lets people in this long before it starts.
DOORS_LEAD: Final = timedelta(minutes=60)
ADMITTED: Final = "gates.admitted"


class Verdict(StrEnum):
    """The three colours of a gate: green, yellow, red."""

    ADMIT = "admit"
    ALREADY_USED = "already_used"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Use:
    """How a right was used: by which scan, at which gate, when."""

    scan_id: UUID
    gate: str
    at: datetime


@dataclass(frozen=True)
class KnownTicket:
    """A ticket as it is on record, with what the gate must know of its date and event.

    `is_off` says that the date or the whole event is cancelled, `is_date_changed` that its times were changed since
    it went on sale; texts by language are dictionaries. `demands_live`: the event admits live codes only.
    `is_key_stolen`: the key that signed its present code was stolen. `former_sha256`: the code before admits as well.
    """

    serial: int
    generation: int
    state: str
    token_sha256: bytes
    date_ordinal: int
    booking_reference: str
    holder_name: str
    place_label: str
    valid_from: datetime
    valid_until: datetime
    ticket_type: dict[str, str]
    event_title: dict[str, str]
    is_off: bool
    starts_at: datetime
    ends_at: datetime
    doors_at: datetime | None
    time_zone: str
    demands_live: bool = False
    is_key_stolen: bool = False
    is_date_changed: bool = False
    entrance: dict[str, str] = field(default_factory=dict)
    remark: str = ""
    former_sha256: bytes | None = None


def entry_window(ticket: KnownTicket, doors_lead: timedelta = DOORS_LEAD) -> tuple[datetime, datetime]:
    """From when until when this ticket admits: the date's doors, narrowed by the ticket's own validity.

    A changed date takes its tickets along: their own validity was about its old times, so the date alone decides.
    """
    opens_at, closes_at = date_window(ticket.starts_at, ticket.ends_at, ticket.doors_at, doors_lead)
    if ticket.is_date_changed:
        return opens_at, closes_at
    return max(opens_at, ticket.valid_from), min(closes_at, ticket.valid_until)


def date_window(
    starts_at: datetime, ends_at: datetime, doors_at: datetime | None, doors_lead: timedelta = DOORS_LEAD
) -> tuple[datetime, datetime]:
    """From when until when a date lets people in."""
    return doors_at or starts_at - doors_lead, ends_at


def refusal_code(
    ticket: KnownTicket, *, expected_date: int | None, use: Use | None, now: datetime
) -> str | None:
    """The code of the reason not to admit, the most telling one first, or None to admit.

    `expected_date` is the date that the steward lets in at the moment, None for whichever is open now.
    """
    opens_at, closes_at = entry_window(ticket)
    withdrawn = withdrawal_code(ticket)
    reasons = (
        (withdrawn is not None, withdrawn),
        (ticket.is_off, errors.DateCancelledError.code),
        (expected_date is not None and expected_date != ticket.date_ordinal, errors.WrongDateError.code),
        (use is not None, errors.AlreadyUsedError.code),
        (now < opens_at, errors.TooEarlyError.code),
        (now >= closes_at, errors.TooLateError.code),
    )
    return next((code for holds, code in reasons if holds), None)


def withdrawal_code(ticket: KnownTicket) -> str | None:
    """The code for a ticket that was cancelled or revoked, None for a valid one."""
    if ticket.state == "valid":
        return None
    return errors.TicketCancelledError.code if ticket.state == "cancelled" else errors.TicketRevokedError.code


def explain(code: str, ticket: KnownTicket, use: Use | None) -> TmamError:
    """The error for a code that `refusal_code` gave (or that was stored then), with its facts.

    Raises:
        KeyError: the code is not one that concerns a known ticket.
    """
    return _EXPLAIN[code](ticket, use)


def is_about_ticket(code: str) -> bool:
    """Whether `explain` knows this code."""
    return code in _EXPLAIN


def verdict_of(error: TmamError | None) -> Verdict:
    """The colour for a reason."""
    if error is None:
        return Verdict.ADMIT
    return Verdict.ALREADY_USED if isinstance(error, errors.AlreadyUsedError) else Verdict.REFUSE


def _already_used(ticket: KnownTicket, use: Use | None) -> TmamError:
    if use is None:
        raise ValueError(f"ticket {ticket.serial} was never used")
    return errors.AlreadyUsedError(gate=use.gate, at=use.at)


_EXPLAIN: Final[dict[str, Callable[[KnownTicket, Use | None], TmamError]]] = {
    errors.TicketCancelledError.code: lambda _ticket, _use: errors.TicketCancelledError(),
    errors.TicketRevokedError.code: lambda _ticket, _use: errors.TicketRevokedError(),
    errors.TicketReplacedError.code: lambda _ticket, _use: errors.TicketReplacedError(),
    errors.DateCancelledError.code: lambda _ticket, _use: errors.DateCancelledError(),
    errors.WrongDateError.code: lambda ticket, _use: errors.WrongDateError(starts_at=ticket.starts_at),
    errors.TooEarlyError.code: lambda ticket, _use: errors.TooEarlyError(opens_at=entry_window(ticket)[0]),
    errors.TooLateError.code: lambda ticket, _use: errors.TooLateError(closed_at=entry_window(ticket)[1]),
    errors.AlreadyUsedError.code: _already_used,
}
