"""`/me/orders/<reference>/`: one booking with its tickets, ready to show, print and download."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.delivery.barcodes import code_svg
from tmam.delivery.themes import CodeKind
from tmam.fulfilment.order_files import tokens_of
from tmam.fulfilment.themes import code_kind_of
from tmam.fulfilment.wallet.queries import InPhone, phones_of
from tmam.gates.uses import TicketUse
from tmam.orders.order_summary import OrderSummary, TicketLine, summarize_order
from tmam.web.me.access import proven_addresses, visible_order
from tmam.web.me.download_page import progress_words
from tmam.web.me.offered_forms import offers_of, proposal, used_of


@dataclass(frozen=True)
class ShownTicket:
    """A ticket with its code, drawn. `code` is empty for one that admits nobody (any more), was used, or is in a phone."""

    line: TicketLine
    number: int
    code: SafeString
    phone: InPhone | None = None
    used: TicketUse | None = None


@require_safe
@never_cache
def order_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one booking.

    Raises:
        TicketsNotShownError: no such order, or not for this visitor.
    """
    order = summarize_order(visible_order(request, reference))
    tickets = _shown_tickets(order)
    context = {
        "summary": order,
        "tickets": tickets,
        "is_over": not order.is_upcoming(timezone.now()),
        "is_in_account": bool(proven_addresses(request)),
        "has_codes": any(shown.code for shown in tickets),
        "is_valid": bool(order.valid_lines),
        "proposal": proposal(
            request,
            order,
            offers_of(order, used=[shown.line.ticket.serial for shown in tickets if shown.used]),
        ),
        "progress_words": progress_words(),
    }
    return render(request, "me/order.html", context)


def _shown_tickets(order: OrderSummary) -> list[ShownTicket]:
    tokens, phones, uses = tokens_of(order), phones_of(order), used_of(order)
    kind = code_kind_of(order.event)
    shown = []
    for number, line in enumerate(order.lines, start=1):
        serial = line.ticket.serial
        used = uses.get(serial)
        code = _inline_code(None if used else tokens.get(serial), kind)
        shown.append(ShownTicket(line, number, code, phones.get(serial), used))
    return shown


def _inline_code(token: str | None, kind: CodeKind) -> SafeString:
    # Our own drawing, made of digits only: safe to put into the page as it is.
    return mark_safe(code_svg(token, kind).decode()) if token else SafeString("")  # noqa: S308
