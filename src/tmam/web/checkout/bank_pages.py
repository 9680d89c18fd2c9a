"""`/checkout/{id}/bank/` and `/wait/`: back from the bank, and while nobody knows yet."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tmam.orders.models import CheckoutState
from tmam.orders.progress import Step
from tmam.orders.queries import load_basket
from tmam.orders.reconcile import look_again, return_from_bank, stop_payment
from tmam.payments.models import PaymentState
from tmam.payments.queries import latest_payment
from tmam.web.checkout.shell import checkout_of, go_on, personal_page, request_id_of


@personal_page("GET")
def back_from_bank(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """The bank sends the buyer here, decided or not. What it decided is asked from the bank, never read from here."""
    checkout, _ = checkout_of(request, checkout_id)
    progress = return_from_bank(checkout, timezone.now(), request_id=request_id_of(request))
    if progress.step is Step.BANK:  # not decided: don't push them back, ask what they want
        return redirect("checkout_wait", checkout_id=checkout.id)
    return go_on(checkout, progress)


@personal_page("POST")
def stop_paying(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Pay another way: the payment at the bank is stopped first, so that it cannot be taken as well."""
    checkout, _ = checkout_of(request, checkout_id)
    progress = stop_payment(checkout, timezone.now(), request_id=request_id_of(request))
    if progress.step is Step.BANK:
        return redirect("checkout_wait", checkout_id=checkout.id)
    return go_on(checkout, progress)


@personal_page("GET")
def wait_page(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Say plainly what is known, ask the bank again, and move on by itself once it has answered."""
    checkout, _ = checkout_of(request, checkout_id)
    now = timezone.now()
    progress = look_again(checkout, now)
    if progress.step in {Step.DONE, Step.PAY}:
        return go_on(checkout, progress)
    payment = latest_payment(checkout.id)
    is_paid = payment is None or payment.state == PaymentState.APPROVED
    context = {
        "checkout": checkout,
        "basket": load_basket(checkout, now),
        "payment": payment,
        "is_paid": is_paid and checkout.state == CheckoutState.PAYING,
        "bank_url": progress.bank_url,
        "now": now,
    }
    return render(request, "checkout/wait.html", context)
