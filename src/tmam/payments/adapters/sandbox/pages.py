"""`/sandbox-bank/{payment}/`: the page on which the pretend bank asks the buyer to confirm."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache

from tmam.payments.adapters.sandbox import bank
from tmam.payments.errors import PaymentNotFoundError
from tmam.platform.errors import BadRequestError, MethodNotAllowedError

ANSWERS = {"approve": True, "cancel": False}


@never_cache
def bank_page(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Ask, take the first answer, send the browser back to the shop.

    Raises:
        PaymentNotFoundError: the bank never heard of it, it was not one to confirm here, or this is production,
            where nobody approves a payment by pressing a button of ours.
    """
    if settings.TMAM.mode == "production":
        raise PaymentNotFoundError
    if request.method not in {"GET", "HEAD", "POST"}:
        raise MethodNotAllowedError
    charge = bank.find(payment_id)
    if charge is None or not charge.return_url:
        raise PaymentNotFoundError
    if request.method == "POST":
        answer = ANSWERS.get(request.POST.get("answer", ""))
        if answer is None:
            raise BadRequestError(where="answer")
        bank.decide(payment_id, approve=answer)
        return redirect(charge.return_url)
    is_waiting = charge.state == bank.ChargeState.CONFIRMING
    return render(request, "sandbox_bank/bank.html", {"charge": charge, "is_waiting": is_waiting})


urlpatterns = [path("<uuid:payment_id>/", bank_page, name="sandbox_bank")]
