"""What every page of the till shares: who is asking, whose checkout it is, and that nobody else may keep a copy."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tmam.orders.errors import CheckoutNotFoundError
from tmam.orders.models import Checkout, CheckoutState
from tmam.orders.progress import Progress, Step
from tmam.orders.queries import own_checkout
from tmam.platform.errors import MethodNotAllowedError
from tmam.platform.visitors import COOKIE, read_visitor

P = ParamSpec("P")
PersonalView = Callable[Concatenate[HttpRequest, P], HttpResponse]
PRIVATE = "private, no-store"
ADDRESS_OF_STEP = {Step.PAY: "checkout_pay", Step.WAIT: "checkout_wait", Step.DONE: "checkout_done"}


def personal_page(*methods: str) -> Callable[[PersonalView[P]], PersonalView[P]]:
    """Mark a view as one person's own: never stored on the way, and only these methods (GET allows HEAD).

    Raises:
        MethodNotAllowedError: any other method.
    """
    allowed = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def decorate(view: PersonalView[P]) -> PersonalView[P]:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in allowed:
                raise MethodNotAllowedError
            response = view(request, *args, **kwargs)
            response.headers["Cache-Control"] = PRIVATE
            return response

        return cast("PersonalView[P]", wrapped)

    return decorate


def visitor_of(request: HttpRequest) -> UUID | None:
    """The visitor that the hot shell's cookie names, or None."""
    return read_visitor(request.COOKIES.get(COOKIE), settings.SECRET_KEY)


def checkout_of(request: HttpRequest, checkout_id: UUID) -> tuple[Checkout, UUID]:
    """The visitor's own checkout, and the visitor.

    Raises:
        CheckoutNotFoundError: there is none, or it is somebody else's.
    """
    visitor_id = visitor_of(request)
    if visitor_id is None:
        raise CheckoutNotFoundError
    return own_checkout(checkout_id, visitor_id), visitor_id


def request_id_of(request: HttpRequest) -> str:
    """The request's id, for the log entries of what it does."""
    return str(request.META.get("tmam.request_id", ""))


def where_it_stands(checkout: Checkout) -> HttpResponse | None:
    """The page of a checkout that is not open any more, or None while it is open."""
    match checkout.state:
        case CheckoutState.PAYING:
            return redirect("checkout_wait", checkout_id=checkout.id)
        case CheckoutState.DONE:
            return redirect("checkout_done", checkout_id=checkout.id)
        case CheckoutState.ABANDONED:
            return redirect("checkout_basket")
        case _:
            return None


def go_on(checkout: Checkout, progress: Progress) -> HttpResponse:
    """Send the buyer where their payment stands; to the bank only when the bank wants to ask."""
    if progress.step is Step.BANK:
        return redirect(progress.bank_url)
    return redirect(ADDRESS_OF_STEP[progress.step], checkout_id=checkout.id)
