"""Which tickets of a booking go into the file that was asked for."""

from __future__ import annotations

from collections.abc import Sequence

from tmam.accounts.errors import TicketsNotShownError
from tmam.fulfilment.errors import FormNotKnownError, LiveCodeOnlyError
from tmam.fulfilment.formats import FileFormat
from tmam.fulfilment.kept_files import WHOLE_ORDER
from tmam.orders.order_summary import OrderSummary, TicketLine


def wanted_lines(summary: OrderSummary, serial: int, form: FileFormat) -> Sequence[TicketLine]:
    """The tickets that go into the file: one, or with `WHOLE_ORDER` all that admit somebody.

    Raises:
        LiveCodeOnlyError: the event admits only codes that move; every file but the calendar's has one that does not.
        FormNotKnownError: the form holds one ticket, and there are several.
        TicketsNotShownError: no such ticket, or none admits anybody any more.
    """
    if summary.event.live_codes_only and form.name != "ics":
        raise LiveCodeOnlyError(form=form.name)
    if serial == WHOLE_ORDER:
        if not (form.holds_many or form.packs_many or len(summary.valid_lines) == 1):
            raise FormNotKnownError(form=form.name)
        if not (summary.valid_lines or form.name == "ics"):
            raise TicketsNotShownError
        return summary.valid_lines
    for line in summary.valid_lines:
        if line.ticket.serial == serial:
            return [line]
    raise TicketsNotShownError
