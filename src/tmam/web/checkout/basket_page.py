"""`/checkout/`: everything reserved by this visitor, and what can be done with it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tmam.catalog.models import Event
from tmam.inventory.errors import (
    AlreadyExtendedError,
    HoldEndedError,
    HoldExpiredError,
    HoldNotFoundError,
    LimitReachedError,
)
from tmam.kernel.ids import LARGEST_EVENT_ID
from tmam.orders.models import Checkout
from tmam.orders.open_checkout import add_hold, claim_account, extend_checkout, remove_hold
from tmam.orders.queries import load_basket, running_checkouts
from tmam.web.checkout.limit_words import limit_words
from tmam.web.checkout.shell import checkout_of, personal_page, visitor_of
from tmam.web.middleware import remember_language


@personal_page("GET")
def basket_page(request: HttpRequest) -> HttpResponse:
    """One section per purchase: normally one, two when somebody buys in two currencies."""
    visitor_id, now = visitor_of(request), timezone.now()
    running = running_checkouts(visitor_id) if visitor_id else []
    baskets = [load_basket(checkout, now) for checkout in running]
    shown = [basket for basket in baskets if basket.items or basket.lost]
    return render(request, "checkout/basket.html", {"baskets": shown, "now": now})


@personal_page("GET")
def add_to_basket(request: HttpRequest) -> HttpResponse:
    """Where the hot shell sends a buyer who has just reserved: keep the language, attach the holds, show the basket.

    Raises:
        HoldNotFoundError: no such hold, or not this visitor's.
    """
    named = _named_holds(request)
    event_id = named[0][0]
    language = _language_of(request)
    translation.activate(language)
    try:
        for event_id, hold_id in named:
            checkout = add_hold(
                visitor_id=visitor_of(request),
                event_id=event_id,
                hold_id=hold_id,
                language=language,
                now=timezone.now(),
            )
        _count_for_account(request, checkout)
    except HoldExpiredError as error:
        response = over_page(request, error, event_id)
    except HoldEndedError:
        response = redirect("checkout_basket")
    else:
        response = (
            redirect("checkout_basket") if checkout.state in {"open", "paying"} else _finished(checkout.id)
        )
    remember_language(response, language)
    return response


@personal_page("POST")
def remove_from_basket(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Give one reservation back."""
    checkout, visitor_id = checkout_of(request, checkout_id)
    event_id, hold_id = _named_hold(request)
    remove_hold(
        checkout_id=checkout.id,
        visitor_id=visitor_id,
        event_id=event_id,
        hold_id=hold_id,
        now=timezone.now(),
    )
    messages.info(request, _("Removed. Those tickets are back on sale."))
    return redirect("checkout_basket")


@personal_page("POST")
def drop_lost(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """Forget what ran out, and go on with the rest."""
    checkout, visitor_id = checkout_of(request, checkout_id)
    now = timezone.now()
    basket = load_basket(checkout, now)
    for item in basket.lost:
        remove_hold(
            checkout_id=checkout.id,
            visitor_id=visitor_id,
            event_id=item.event.id,
            hold_id=item.hold.id,
            now=now,
        )
    return (
        redirect("checkout_details", checkout_id=checkout.id) if basket.items else redirect("checkout_basket")
    )


@personal_page("POST")
def more_time(request: HttpRequest, checkout_id: UUID) -> HttpResponse:
    """The one extension of everything in the basket, from the page that asked."""
    checkout, visitor_id = checkout_of(request, checkout_id)
    extend(request, checkout.id, visitor_id)
    if request.POST.get("back") == "pay":
        return redirect("checkout_pay", checkout_id=checkout.id)
    return redirect("checkout_basket")


def extend(request: HttpRequest, checkout_id: UUID, visitor_id: UUID) -> None:
    """Extend and say so; too late or a second time is told by the page itself."""
    try:
        extend_checkout(checkout_id=checkout_id, visitor_id=visitor_id, now=timezone.now())
    except (AlreadyExtendedError, HoldExpiredError, HoldEndedError):
        return
    messages.success(request, _("You have more time now."))


def _count_for_account(request: HttpRequest, checkout: Checkout) -> None:
    """Who is signed in is told of a limit now, not after typing everything; the places stay reserved meanwhile."""
    try:
        claim_account(checkout, request.user.pk, timezone.now())
    except LimitReachedError as error:
        messages.warning(request, limit_words(error, load_basket(checkout, timezone.now())))


def over_page(request: HttpRequest, error: HoldExpiredError, event_id: int) -> HttpResponse:
    """What ran out, that nothing was charged, and the way back to the event."""
    event = Event.objects.select_related("venue", "organizer").get(id=event_id)
    return render(request, "checkout/over.html", {"event": event, "error": error}, status=type(error).status)


def _finished(checkout_id: UUID) -> HttpResponse:
    return redirect("checkout_done", checkout_id=checkout_id)


def _named_hold(request: HttpRequest) -> tuple[int, UUID]:
    """The event and hold that a link or form names.

    Raises:
        HoldNotFoundError: what was sent cannot name one.
    """
    return _named_holds(request)[-1]


def _named_holds(request: HttpRequest) -> list[tuple[int, UUID]]:
    """The events and holds that a link or form names, in pairs; a journey with changes has several.

    Raises:
        HoldNotFoundError: what was sent cannot name any.
    """
    fields = request.GET if request.method == "GET" else request.POST
    try:
        named = [
            (int(event), UUID(hold))
            for event, hold in zip(fields.getlist("event"), fields.getlist("hold"), strict=True)
        ]
    except ValueError as error:
        raise HoldNotFoundError from error
    if not named or not all(0 < event_id <= LARGEST_EVENT_ID for event_id, _ in named):
        raise HoldNotFoundError
    return named


def _language_of(request: HttpRequest) -> str:
    asked = request.GET.get("language", "")
    return (
        asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
    )
