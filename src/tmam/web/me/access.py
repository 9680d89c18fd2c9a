"""Who may see an order. The one answer to that question, for pages and files alike."""

from __future__ import annotations

from uuid import UUID

from allauth.account.models import EmailAddress
from django.http import HttpRequest

from tmam.accounts.errors import TicketsNotShownError
from tmam.kernel.ids import parse_booking_reference
from tmam.orders.models import Order
from tmam.orders.person_orders import same_address

GRANTS = "order_grants"
# A browser that opened more links than this forgets the oldest; the session row stays small.
MOST_GRANTS = 40


def visible_order(request: HttpRequest, reference: str) -> Order:
    """The order with this booking reference, if this visitor may see it.

    They may when they are signed in with the address it was bought with, proven, or when this browser opened
    the order's signed link or bought it just now.

    Raises:
        TicketsNotShownError: no such order, or not for this visitor; the two look the same.
    """
    parsed = parse_booking_reference(reference)
    if parsed is None:
        raise TicketsNotShownError
    event_id, canonical = parsed
    order = Order.objects.filter(event_id=event_id, booking_reference=canonical).first()
    if order is None or not may_see(request, order):
        raise TicketsNotShownError
    return order


def may_see(request: HttpRequest, order: Order) -> bool:
    """Whether this visitor may see the whole order. Reads its numbers and address only."""
    return _is_granted(request, order) or same_address(order.email) in proven_addresses(request)


def grant_order(request: HttpRequest, event_id: int, order_id: UUID) -> None:
    """Let this browser see one order until its session ends."""
    grant = _grant(event_id, order_id)
    others = [each for each in request.session.get(GRANTS, []) if each != grant]
    request.session[GRANTS] = [*others, grant][-MOST_GRANTS:]


def granted_orders(request: HttpRequest) -> list[tuple[int, UUID]]:
    """(event, order) of every order that this browser was let into, newest first."""
    pairs = (grant.split(":") for grant in reversed(request.session.get(GRANTS, [])))
    return [(int(event_id), UUID(order_id)) for event_id, order_id in pairs]


def proven_addresses(request: HttpRequest) -> set[str]:
    """The addresses that the signed-in person has proven; none for visitors."""
    if not request.user.is_authenticated:
        return set()
    addresses = EmailAddress.objects.filter(user_id=request.user.pk, verified=True).values_list(
        "email", flat=True
    )
    return {same_address(email) for email in addresses}


def _is_granted(request: HttpRequest, order: Order) -> bool:
    return _grant(order.event_id, order.id) in request.session.get(GRANTS, [])


def _grant(event_id: int, order_id: UUID) -> str:
    return f"{event_id}:{order_id.hex}"
