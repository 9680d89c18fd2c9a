"""Why places cannot be held, extended or given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from tmam.kernel.errors import TmamError


class InventoryError(TmamError):
    """Any refusal of the inventory."""


@dataclass(frozen=True)
class NothingChosenError(InventoryError):
    """No ticket was chosen."""

    code: ClassVar[str] = "inventory.nothing_chosen"
    status: ClassVar[int] = 400


@dataclass(frozen=True)
class BadQuantityError(InventoryError):
    """A quantity that is not a whole number from 0 to `most`."""

    code: ClassVar[str] = "inventory.bad_quantity"
    status: ClassVar[int] = 400
    most: int


@dataclass(frozen=True)
class TooFewError(InventoryError):
    """Fewer than the ticket type is sold in (a family ticket, a group)."""

    code: ClassVar[str] = "inventory.too_few"
    status: ClassVar[int] = 400
    least: int


@dataclass(frozen=True)
class TooManyError(InventoryError):
    """More than one order may contain."""

    code: ClassVar[str] = "inventory.too_many"
    status: ClassVar[int] = 400
    most: int


@dataclass(frozen=True)
class EnoughHeldError(InventoryError):
    """The visitor holds `held` tickets of this event already, and an order may have `most`."""

    code: ClassVar[str] = "inventory.enough_held"
    held: int
    most: int


@dataclass(frozen=True)
class NoSuchTicketError(InventoryError):
    """The event, date or ticket type asked for is not on offer."""

    code: ClassVar[str] = "inventory.no_such_ticket"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class NotOnSaleError(InventoryError):
    """The event or date was cancelled, or is not sold here now."""

    code: ClassVar[str] = "inventory.not_on_sale"


@dataclass(frozen=True)
class SalesNotOpenError(InventoryError):
    """Sales begin at `opens_at`."""

    code: ClassVar[str] = "inventory.sales_not_open"
    opens_at: datetime


@dataclass(frozen=True)
class SalesEndedError(InventoryError):
    """Sales ended at `ended_at`."""

    code: ClassVar[str] = "inventory.sales_ended"
    ended_at: datetime


@dataclass(frozen=True)
class SoldOutError(InventoryError):
    """Not enough places: `left` can still be had of the ticket type `ticket_type`."""

    code: ClassVar[str] = "inventory.sold_out"
    ticket_type: int
    left: int


@dataclass(frozen=True)
class HoldNotFoundError(InventoryError):
    """There is no such hold, or it is somebody else's."""

    code: ClassVar[str] = "inventory.hold_not_found"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class HoldExpiredError(InventoryError):
    """The places went back on sale at `expired_at`."""

    code: ClassVar[str] = "inventory.hold_expired"
    status: ClassVar[int] = 410
    expired_at: datetime


@dataclass(frozen=True)
class HoldEndedError(InventoryError):
    """The hold was bought or given back already; `state` says which."""

    code: ClassVar[str] = "inventory.hold_ended"
    state: str


@dataclass(frozen=True)
class AlreadyExtendedError(InventoryError):
    """A hold is extended once; it runs until `expires_at`."""

    code: ClassVar[str] = "inventory.already_extended"
    expires_at: datetime


@dataclass(frozen=True)
class NoSuchSeatError(InventoryError):
    """A seat that the plan does not have, that is sold as another ticket type, or that is named twice."""

    code: ClassVar[str] = "inventory.no_such_seat"
    status: ClassVar[int] = 400
    seat: int


@dataclass(frozen=True)
class SeatsTakenError(InventoryError):
    """Some of the seats that were picked are somebody else's; `alternative` are the nearest that are free together."""

    code: ClassVar[str] = "inventory.seats_taken"
    taken: tuple[int, ...]
    alternative: tuple[int, ...]


@dataclass(frozen=True)
class SingleSeatLeftError(InventoryError):
    """The picked seats would leave single seats alone, which this organizer avoids; `alternative` does not."""

    code: ClassVar[str] = "inventory.single_seat_left"
    alone: tuple[int, ...]
    alternative: tuple[int, ...]


@dataclass(frozen=True)
class NoFittingSeatsError(InventoryError):
    """There are places, but no free seats for the whole stretch or with the wheelchair places asked for."""

    code: ClassVar[str] = "inventory.no_fitting_seats"
    ticket_type: int


@dataclass(frozen=True)
class BadStretchError(InventoryError):
    """From and to are no two stops of this trip, in this order."""

    code: ClassVar[str] = "inventory.bad_stretch"
    status: ClassVar[int] = 400


@dataclass(frozen=True)
class LimitReachedError(InventoryError):
    """More than `most` tickets for one account, e-mail address, phone, card, network or channel; `left` may still be had."""

    code: ClassVar[str] = "inventory.limit_reached"
    limit: str
    most: int
    left: int


@dataclass(frozen=True)
class CodeUnknownError(InventoryError):
    """No such sales code here, or not now."""

    code: ClassVar[str] = "inventory.code_unknown"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class CodeUsedUpError(InventoryError):
    """The sales code is good for `left` more tickets."""

    code: ClassVar[str] = "inventory.code_used_up"
    left: int


@dataclass(frozen=True)
class CodeNeededError(InventoryError):
    """This ticket type is sold to people with a code only."""

    code: ClassVar[str] = "inventory.code_needed"
    status: ClassVar[int] = 403
    ticket_type: int


@dataclass(frozen=True)
class RuleChangedError(InventoryError):
    """Somebody changed the sales rule in the meantime, so that it is not what this person saw."""

    code: ClassVar[str] = "inventory.rule_changed"
