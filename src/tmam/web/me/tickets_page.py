"""`/me/tickets/`: all tickets of a person who signed in; three ways in for everybody else."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.orders.order_summary import OrderSummary, load_orders, summarize_orders
from tmam.orders.person_orders import orders_of
from tmam.web.account.passkeys.offer import is_passkey_offered
from tmam.web.me.access import granted_orders, proven_addresses


@require_safe
@never_cache
def tickets_page(request: HttpRequest) -> HttpResponse:
    """Upcoming orders first, past ones below; or how to get to them."""
    keys = [(row.event_id, row.order_id) for row in orders_of(proven_addresses(request))]
    known = set(keys)
    keys += [key for key in granted_orders(request) if key not in known]
    upcoming, past = _by_time(summarize_orders(load_orders(keys)), timezone.now())
    template = "me/tickets.html" if request.user.is_authenticated else "me/ways_in.html"
    context = {"upcoming": upcoming, "past": past, "offers_passkey": is_passkey_offered(request)}
    return render(request, template, context)


def _by_time(orders: list[OrderSummary], now: datetime) -> tuple[list[OrderSummary], list[OrderSummary]]:
    """(to come, soonest first; over, newest first)."""
    with_dates = [order for order in orders if order.first_date is not None]
    upcoming = [order for order in with_dates if order.is_upcoming(now)]
    past = [order for order in with_dates if not order.is_upcoming(now)]
    return (
        sorted(upcoming, key=lambda order: order.dates[0].starts_at),
        sorted(past, key=lambda order: order.dates[0].starts_at, reverse=True),
    )
