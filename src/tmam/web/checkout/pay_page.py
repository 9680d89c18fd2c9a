"""`/checkout/{id}/pay/`: everything once more with its final price, and the button."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from tmam.inventory.errors import HoldEndedError, HoldExpiredError, LimitReachedError, NotOnSaleError
from tmam.kernel.errors import TmamError
from tmam.kernel.money import Money
from tmam.orders.baskets import Basket
from tmam.orders.errors import (
    BasketChangedError,
    DetailsMissingError,
    TermsNotAcceptedError,
    TooManyAttemptsError,
)
from tmam.orders.models import Checkout
from tmam.orders.pay_checkout import CARD_KINDS, Agreed, pay_checkout
from tmam.orders.progress import progress_of
from tmam.orders.queries import load_basket
from tmam.orders.terms import PLATFORM_TERMS_VERSION, terms_to_accept
from tmam.organizers.models import Organizer
from tmam.payments.gateways import gateway_for_sale
from tmam.platform.error_words import words_for
from tmam.web.checkout.details_page import INVALID
from tmam.web.checkout.forms import PayForm
from tmam.web.checkout.limit_words import limit_words
from tmam.web.checkout.shell import checkout_of, go_on, personal_page, request_id_of, where_it_stands

REFUSALS = (
    BasketChangedError,
    TermsNotAcceptedError,
    TooManyAttemptsError,
    NotOnSaleError,
    LimitReachedError,
)


@dataclass(frozen=True)
class _Refusal:
    """Why nothing was charged, as the page says it. A card over its limit leads to the choice of another."""

    error: TmamError
    basket: Basket

    @property
    def is_card_limit(self) -> bool:
        return isinstance(self.error, LimitReachedError) and self.error.limit in CARD_KINDS

    @property
    def problems(self) -> list[tuple[str, str]]:
        if isinstance(self.error, LimitReachedError):
            target = "#id_method_0" if self.is_card_limit else ""
            return [(limit_words(self.error, self.basket), target)]
        words = words_for(self.error, get_language() or "en")
        return [(words.summary, "")]


@personal_page("GET", "POST")
def pay_page(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Show the summary; take the money. A second press, or a press in another tab, shows where the first stands."""
    checkout, visitor_id = checkout_of(request, checkout_id)
    elsewhere = where_it_stands(checkout)
    if elsewhere is not None:
        return elsewhere
    basket = load_basket(checkout, timezone.now())
    return _pay(request, basket, visitor_id) if request.method == "POST" else _show(request, basket)


def _show(request: HttpRequest, basket: Basket) -> HttpResponse:
    if not basket.items or basket.lost:
        return redirect("checkout_basket")
    if not basket.is_named():
        return redirect("checkout_details", checkout_id=basket.checkout.id)
    return _page(request, basket, _form(basket))


def _pay(request: HttpRequest, basket: Basket, visitor_id: UUID) -> HttpResponse:
    checkout = basket.checkout
    form = PayForm(is_free=basket.total.amount_minor == 0, data=request.POST)
    if not form.is_valid():
        return _page(request, basket, form, status=INVALID)
    try:
        progress = pay_checkout(
            checkout_id=checkout.id,
            visitor_id=visitor_id,
            agreed=Agreed(_seen_total(form), _seen_terms(form)),
            method_token=form.cleaned_data["method"],
            return_url=request.build_absolute_uri(reverse("checkout_bank", args=[checkout.id])),
            clock=timezone.now,
            user_id=request.user.pk,
            request_id=request_id_of(request),
        )
    except REFUSALS as error:
        return _refuse(request, checkout, error)
    except (HoldExpiredError, HoldEndedError):
        return redirect("checkout_basket")  # it tells what is gone, and that nothing was charged
    except DetailsMissingError:
        return redirect("checkout_details", checkout_id=checkout.id)
    return go_on(checkout, progress)


def _refuse(request: HttpRequest, checkout: Checkout, error: TmamError) -> HttpResponse:
    """The page as it is now, with the reason on top."""
    basket = load_basket(checkout, timezone.now())
    if not basket.items or basket.lost:
        return redirect("checkout_basket")
    return _page(request, basket, _form(basket), status=type(error).status, refusal=_Refusal(error, basket))


def _page(
    request: HttpRequest, basket: Basket, form: PayForm, *, status: int = 200, refusal: _Refusal | None = None
) -> HttpResponse:
    is_free = basket.total.amount_minor == 0
    context = {
        "basket": basket,
        "checkout": basket.checkout,
        "form": form,
        "is_free": is_free,
        "methods_template": None if is_free else gateway_for_sale().form_template,
        "chosen_method": form.data.get("method", ""),
        "decline_reason": progress_of(basket.checkout).decline_reason if request.method != "POST" else "",
        "refusal": refusal,
        "organizers": _organizers(basket),
        "platform_terms_version": PLATFORM_TERMS_VERSION,
        "now": timezone.now(),
    }
    return render(request, "checkout/pay.html", context, status=status)


def _form(basket: Basket) -> PayForm:
    total = basket.total
    terms = terms_to_accept(basket.organizer_terms)
    initial = {
        "seen_total": f"{total.amount_minor} {total.currency}",
        "seen_terms": " ".join(f"{whose}={version}" for whose, version in sorted(terms.items())),
    }
    return PayForm(is_free=total.amount_minor == 0, initial=initial)


def _seen_total(form: PayForm) -> Money:
    amount, _, currency = form.cleaned_data["seen_total"].partition(" ")
    return Money(int(amount) if amount.isascii() and amount.isdigit() else -1, currency)


def _seen_terms(form: PayForm) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in form.cleaned_data["seen_terms"].split())
    return {whose: version for whose, _, version in pairs}


def _organizers(basket: Basket) -> list[Organizer]:
    """Each seller once, in the order of the basket."""
    by_id = {item.event.organizer_id: item.event.organizer for item in basket.items}
    return list(by_id.values())
