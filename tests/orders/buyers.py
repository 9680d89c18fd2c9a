"""A buyer who holds places and goes to the till, for the tests of the checkout."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tests.cast import NOW
from tmam.catalog.models import Event
from tmam.catalog.offers import load_offer
from tmam.inventory.draws import HoldRequest, wishes_for
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.seat_plans import load_plan
from tmam.orders.models import Checkout
from tmam.orders.open_checkout import add_hold
from tmam.orders.pay_checkout import Agreed, pay_checkout
from tmam.orders.progress import Progress
from tmam.orders.queries import load_basket
from tmam.orders.save_details import TypedHolder, save_details
from tmam.orders.terms import terms_to_accept
from tmam.platform.statements import run_verb

EMAIL = "maria@example.org"


def hold(
    event: Event,
    visitor_id: UUID,
    quantities: dict[int, int] | None = None,
    *,
    now: datetime = NOW,
    date: int = 1,
) -> Hold:
    """Hold places of an event for a visitor; raises what the inventory answers otherwise."""
    offer = run_verb(load_offer(event.id))
    assert offer is not None
    plan = run_verb(load_plan(offer.seat_plan_id)) if offer.seat_plan_id else None
    request = HoldRequest(
        hold_id=uuid4(), visitor_id=visitor_id, wishes=wishes_for(date, quantities or {1: 2})
    )
    (answer,) = run_verb(hold_places(offer, plan, [request], now))
    if not isinstance(answer, Hold):
        raise answer
    return answer


def checkout_with(*events: Event, visitor_id: UUID | None = None, now: datetime = NOW) -> Checkout:
    """An open checkout with two tickets of each event."""
    visitor_id = visitor_id or uuid4()
    checkout = None
    for event in events:
        held = hold(event, visitor_id, now=now)
        checkout = add_hold(visitor_id=visitor_id, event_id=event.id, hold_id=held.id, language="en", now=now)
    assert checkout is not None
    return checkout


def fill(
    checkout: Checkout,
    *,
    email: str = EMAIL,
    name: str = "Maria Lopez",
    phone: str = "",
    user_id: int | None = None,
    now: datetime = NOW,
) -> Checkout:
    """Type the details."""
    basket = load_basket(checkout, now)
    holders = [
        (place, TypedHolder(f"Guest {place.index + 1}", "12345678Z" if place.asks_document else None))
        for place in basket.places_to_name
    ]
    save_details(
        checkout_id=checkout.id,
        visitor_id=checkout.visitor_id,
        email=email,
        name=name,
        language="en",
        holders=holders,
        now=now,
        phone=phone,
        user_id=user_id,
    )
    checkout.refresh_from_db()
    return checkout


def ready(*events: Event, now: datetime = NOW) -> Checkout:
    """A checkout of which only the payment is missing."""
    return fill(checkout_with(*events, now=now), now=now)


def agreed(checkout: Checkout, now: datetime = NOW) -> Agreed:
    """What the pay page shows and the buyer accepts."""
    basket = load_basket(checkout, now)
    return Agreed(basket.total, terms_to_accept(basket.organizer_terms))


def pay(
    checkout: Checkout, card: str = "approve", *, now: datetime = NOW, seen: Agreed | None = None
) -> Progress:
    """Press the button."""
    return pay_checkout(
        checkout_id=checkout.id,
        visitor_id=checkout.visitor_id,
        agreed=seen or agreed(checkout, now),
        method_token=card,
        return_url=f"http://localhost/checkout/{checkout.id}/bank/",
        clock=lambda: now + timedelta(seconds=1),
    )
