"""Which tickets of a booking go into a phone, or out of one: ticked on the page, kept while a code is on its way by mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import HttpRequest

from tmam.fulfilment.wallet.queries import InPhone
from tmam.orders.order_summary import OrderSummary, TicketLine

FIELD: Final = "ticket"
_KEPT: Final = "wallet_choice"


@dataclass(frozen=True)
class Choosable:
    """One ticket that may be ticked. `number` is its place in the booking; `phone` the one it is in, if any."""

    line: TicketLine
    number: int
    phone: InPhone | None
    is_ticked: bool


@dataclass(frozen=True)
class Choice:
    """What there is to choose from, and what is chosen. `is_made`: the form was sent with at least one ticket."""

    tickets: Sequence[Choosable]
    is_sent: bool

    @property
    def serials(self) -> frozenset[int]:
        """The tickets that are ticked."""
        return frozenset(each.line.ticket.serial for each in self.tickets if each.is_ticked)

    @property
    def is_made(self) -> bool:
        """Whether somebody sent the form with at least one ticket ticked."""
        return self.is_sent and bool(self.serials)

    @property
    def is_wrong(self) -> bool:
        """Whether it was sent with none."""
        return self.is_sent and not self.serials

    @property
    def in_phones(self) -> list[Choosable]:
        """Those that are in a phone already."""
        return [each for each in self.tickets if each.phone is not None]


def choice_of(
    request: HttpRequest, order: OrderSummary, phones: Mapping[int, InPhone], *, is_out: bool
) -> Choice:
    """What the form says, or what it shows at first: all, but of those that go in only what is in no phone yet.

    A link may tick by itself (`?ticket=7`). Numbers that are none of the booking's, or that cannot move, count for nothing.
    """
    lines = [line for line in order.valid_lines if line.ticket.serial in phones or not is_out]
    is_sent = request.method == "POST"
    asked = set((request.POST if is_sent else request.GET).getlist(FIELD))
    loose = {line.ticket.serial for line in lines if line.ticket.serial not in phones}
    first = loose if loose and not is_out else {line.ticket.serial for line in lines}
    if is_sent or asked:
        first = {line.ticket.serial for line in lines if str(line.ticket.serial) in asked}
    numbers = {line.ticket.serial: number for number, line in enumerate(order.lines, 1)}
    return Choice(
        [
            Choosable(
                line,
                numbers[line.ticket.serial],
                phones.get(line.ticket.serial),
                line.ticket.serial in first,
            )
            for line in lines
        ],
        is_sent,
    )


def keep_choice(request: HttpRequest, order_id: UUID, what: str, serials: Collection[int]) -> None:
    """Remember what was ticked until the code from the mail is typed."""
    request.session[_KEPT] = {"order": order_id.hex, "what": what, "serials": sorted(serials)}


def kept_choice(request: HttpRequest, order_id: UUID, what: str) -> frozenset[int]:
    """What was ticked for this order and purpose; nothing where the session remembers something else."""
    kept = request.session.pop(_KEPT, {})
    is_this = (kept.get("order"), kept.get("what")) == (order_id.hex, what)
    return frozenset(kept["serials"]) if is_this else frozenset()
