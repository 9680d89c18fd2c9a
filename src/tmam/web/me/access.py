"""Who may see an order. The one answer to that question, for pages and files alike."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils import timezone

from tmam.accounts.errors import TicketsNotShownError
from tmam.fulfilment.links.stop_links import stopped_since
from tmam.kernel.ids import parse_booking_reference
from tmam.orders.models import Order
from tmam.orders.person_orders import same_address

GRANTS = "order_grants"
FILE_GRANTS = "file_grants"
# A browser that opened more links than this forgets the oldest; the session row stays small.
MOST_GRANTS = 40


def visible_order(request: HttpRequest, reference: str) -> Order:
    """The order with this booking reference, if this visitor may see it.

    They may when they are signed in with the address it was bought with, proven, or when this browser opened
    the order's signed link or bought it just now. Who was handed one file of one ticket (`grant_file`) may see the
    order at the address of that file, and nowhere else.

    Raises:
        TicketsNotShownError: no such order, or not for this visitor; the two look the same.
    """
    parsed = parse_booking_reference(reference)
    if parsed is None:
        raise TicketsNotShownError
    event_id, canonical = parsed
    order = Order.objects.filter(event_id=event_id, booking_reference=canonical).first()
    if order is None or not (may_see(request, order) or _is_at_granted_file(request, order)):
        raise TicketsNotShownError
    return order


def may_see(request: HttpRequest, order: Order) -> bool:
    """Whether this visitor may see the whole order."""
    return _is_granted(request, order) or same_address(order.email) in proven_addresses(request)


def grant_order(request: HttpRequest, event_id: int, order_id: UUID) -> None:
    """Let this browser see one order until its session ends, or until all links are stopped."""
    _add(request, GRANTS, f"{event_id}:{order_id.hex}")


def grant_file(request: HttpRequest, order: Order, serial: int, form: str) -> None:
    """Let this browser fetch one ticket of an order in one form, and see nothing else of it."""
    _add(request, FILE_GRANTS, f"{order.event_id}:{order.id.hex}:{serial}:{form}")


def may_fetch(request: HttpRequest, order: Order, serial: int, form: str) -> bool:
    """Whether this visitor may fetch one ticket in this form."""
    return may_see(request, order) or _holds(
        request, FILE_GRANTS, f"{order.event_id}:{order.id.hex}:{serial}:{form}", order.id
    )


def granted_orders(request: HttpRequest) -> list[tuple[int, UUID]]:
    """(event, order) of every order that this browser was let into, newest first."""
    found = [
        (int(event_id), UUID(order_id), _granted_at(since))
        for event_id, order_id, *since in (grant.split(":") for grant in _kept(request, GRANTS))
    ]
    stopped = stopped_since([order_id for _, order_id, _ in found]) if found else {}
    return [
        (event_id, order_id)
        for event_id, order_id, granted_at in reversed(found)
        if order_id not in stopped or granted_at > stopped[order_id]
    ]


def proven_addresses(request: HttpRequest) -> set[str]:
    """The addresses that the signed-in person has proven; none for visitors."""
    if not request.user.is_authenticated:
        return set()
    addresses = EmailAddress.objects.filter(user_id=request.user.pk, verified=True).values_list(
        "email", flat=True
    )
    return {same_address(email) for email in addresses}


def _is_granted(request: HttpRequest, order: Order) -> bool:
    return _holds(request, GRANTS, f"{order.event_id}:{order.id.hex}", order.id)


def _is_at_granted_file(request: HttpRequest, order: Order) -> bool:
    asked = request.resolver_match.kwargs if request.resolver_match else {}
    serial, form = asked.get("serial"), asked.get("form")
    if serial is None or form is None:
        return False
    return _holds(request, FILE_GRANTS, f"{order.event_id}:{order.id.hex}:{serial}:{form}", order.id)


# A grant is kept as what it is for and when it was given: `5:0194…:1764133200.25`.


def _add(request: HttpRequest, kind: str, what: str) -> None:
    others = [each for each in _kept(request, kind) if not _is_about(each, what)]
    request.session[kind] = [*others, f"{what}:{timezone.now().timestamp()}"][-MOST_GRANTS:]


def _holds(request: HttpRequest, kind: str, what: str, order_id: UUID) -> bool:
    for grant in _kept(request, kind):
        if _is_about(grant, what):
            stopped_at = stopped_since([order_id]).get(order_id)
            return stopped_at is None or _granted_at([grant.removeprefix(f"{what}:")]) > stopped_at
    return False


def _kept(request: HttpRequest, kind: str) -> list[str]:
    kept: list[str] = request.session.get(kind, [])
    return kept


def _is_about(grant: str, what: str) -> bool:
    return grant == what or grant.startswith(f"{what}:")


def _granted_at(since: list[str]) -> datetime:
    """When a grant was given; sessions from before that was kept gave theirs long ago."""
    try:
        return datetime.fromtimestamp(float(since[0]), UTC)
    except (IndexError, ValueError):
        return datetime.fromtimestamp(0, UTC)
