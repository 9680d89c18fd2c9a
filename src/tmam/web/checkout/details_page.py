"""`/checkout/{id}/`: where the tickets go, and whose names they carry."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from tmam.inventory.errors import HoldEndedError, HoldExpiredError, LimitReachedError
from tmam.orders.baskets import Basket
from tmam.orders.models import Checkout
from tmam.orders.queries import load_basket
from tmam.orders.save_details import save_details
from tmam.web.checkout.basket_page import extend
from tmam.web.checkout.forms import DetailsForm
from tmam.web.checkout.limit_words import limit_words
from tmam.web.checkout.shell import checkout_of, personal_page, where_it_stands

INVALID = 422


@personal_page("GET", "POST")
def details_page(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Ask for the details, keep them, go on to pay. The button for more time sends the same form."""
    checkout, visitor_id = checkout_of(request, checkout_id)
    elsewhere = where_it_stands(checkout)
    if elsewhere is not None:
        return elsewhere
    if "extend" in request.POST:
        extend(request, checkout.id, visitor_id)
    basket = load_basket(checkout, timezone.now())
    if not basket.items:
        return redirect("checkout_basket")
    if request.method != "POST" or "extend" in request.POST:
        known = request.POST.dict() or _from_account(request, checkout)
        return _page(request, basket, DetailsForm(basket, initial=known))
    form = DetailsForm(basket, request.POST)
    if not form.is_valid():
        return _page(request, basket, form, status=INVALID)
    return _save(request, basket, visitor_id, form)


def _save(request: HttpRequest, basket: Basket, visitor_id: UUID, form: DetailsForm) -> HttpResponse:
    """Keep what was typed; a limit is told at its field, with everything that was typed still there."""
    checkout = basket.checkout
    try:
        save_details(
            checkout_id=checkout.id,
            visitor_id=visitor_id,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            phone=form.cleaned_data.get("phone", ""),
            language=get_language() or checkout.language,
            holders=form.holders,
            now=timezone.now(),
            user_id=request.user.pk,
        )
    except LimitReachedError as error:
        form.add_error(error.limit if error.limit in form.fields else None, limit_words(error, basket))
        return _page(request, basket, form, status=type(error).status, code=error.code)
    except (HoldExpiredError, HoldEndedError):
        return redirect("checkout_basket")  # it tells what is gone
    return redirect("checkout_pay", checkout_id=checkout.id)


def _page(
    request: HttpRequest, basket: Basket, form: DetailsForm, *, status: int = 200, code: str = ""
) -> HttpResponse:
    context = {
        "basket": basket,
        "checkout": basket.checkout,
        "form": form,
        "code": code,
        "now": timezone.now(),
    }
    return render(request, "checkout/details.html", context, status=status)


def _from_account(request: HttpRequest, checkout: Checkout) -> dict[str, str]:
    """A signed-in buyer need not type what we know, and may change it."""
    if checkout.email or not request.user.is_authenticated:
        return {}
    return {"email": request.user.email, "name": request.user.name}
