"""`/checkout/{id}/done/`: you're going."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tmam.orders.models import Checkout, CheckoutState
from tmam.orders.order_summary import summarize_orders
from tmam.orders.person_orders import same_address
from tmam.orders.queries import load_basket, orders_of
from tmam.payments.queries import latest_payment, refunds_of
from tmam.web.checkout.shell import checkout_of, personal_page, where_it_stands
from tmam.web.me.access import grant_order
from tmam.web.me.download_page import progress_words
from tmam.web.me.offered_forms import offers_of, proposal


@personal_page("GET")
def done_page(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Reference, tickets, what happens next; and what could not be booked, with its money."""
    checkout, _ = checkout_of(request, checkout_id)
    if checkout.state != CheckoutState.DONE:
        return where_it_stands(checkout) or redirect("checkout_pay", checkout_id=checkout.id)
    orders = orders_of(checkout)
    for order in orders:
        # Not once the order follows its buyer to another mailbox: this browser knew the old one.
        if same_address(order.email) == same_address(checkout.email):
            grant_order(request, order)
    summaries = summarize_orders(orders) if orders else []
    context = {
        "checkout": checkout,
        "summaries": summaries,
        "taken": [(summary, proposal(request, summary, offers_of(summary))) for summary in summaries],
        "progress_words": progress_words(),
        "refused": _refused(checkout, {order.hold_id for order in orders}),
    }
    return render(request, "checkout/done.html", context)


def _refused(checkout: Checkout, sold: set[UUID]) -> list[dict[str, object]]:
    """What was in the basket but did not become tickets, each with the refund of its share (None: it was free)."""
    basket = load_basket(checkout, timezone.now())
    payment = latest_payment(checkout.id)
    refunds = {refund.hold_id: refund for refund in refunds_of(payment.id)} if payment is not None else {}
    unsold = [item for item in (*basket.items, *basket.lost) if item.hold.id not in sold]
    return [{"item": item, "refund": refunds.get(item.hold.id)} for item in unsold]
