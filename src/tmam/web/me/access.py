"""Who may see an order. The one answer to that question, for pages and files alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils import timezone

from tmam.accounts.errors import TicketsNotShownError
from tmam.fulfilment.links.judge_link import FILE_ACCESS
from tmam.fulfilment.links.stop_links import stopped_since
from tmam.kernel.ids import parse_booking_reference
from tmam.orders.models import Order
from tmam.orders.order_links import address_digest
from tmam.orders.order_summary import load_orders
from tmam.orders.person_orders import same_address

GRANTS = "order_grants"
FILE_GRANTS = "file_grants"
# A browser that opened more links than this forgets the oldest; the session row stays small.
MOST_GRANTS = 40
_NEVER: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Stopped:
    """When all links of an order were last stopped: None, never."""

    last: datetime | None

    @property
    def at(self) -> datetime:
        """As a moment that compares with others."""
        return self.last or _NEVER


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


def may_see(request: HttpRequest, order: Order, stopped: Stopped | None = None) -> bool:
    """Whether this visitor may see the whole order. `stopped`: what was asked about its links already."""
    given_at = _given_at(request, GRANTS, _about(order))
    is_granted = _is_given_since_stop(order, given_at, stopped)
    return is_granted or same_address(order.email) in proven_addresses(request)


def grant_order(request: HttpRequest, order: Order) -> None:
    """Let this browser see one order until its session ends, all links are stopped, or the order changes address."""
    _add(request, GRANTS, _about(order))


def grant_file(request: HttpRequest, order: Order, serial: int, form: str) -> None:
    """Let this browser fetch one ticket of an order in one form for a day, and see nothing else of it."""
    _add(request, FILE_GRANTS, _about(order, serial, form))


def may_fetch(request: HttpRequest, order: Order, serial: int, form: str) -> bool:
    """Whether this visitor may fetch one ticket in this form."""
    return may_see(request, order) or _is_file_granted(request, order, serial, form)


def granted_orders(request: HttpRequest) -> list[tuple[int, UUID]]:
    """(event, order) of every order that this browser was let into, newest first."""
    kept = [grant.split(":") for grant in reversed(_kept(request, GRANTS))]
    # One order may have grants for the address it had and for the one it has.
    orders = load_orders(dict.fromkeys((int(event_id), UUID(order_id)) for event_id, order_id, *_ in kept))
    stopped = stopped_since([order.id for order in orders]) if orders else {}
    return [
        (order.event_id, order.id)
        for order in orders
        if _given_at(request, GRANTS, _about(order)) > stopped.get(order.id, _NEVER)
    ]


def proven_addresses(request: HttpRequest) -> set[str]:
    """The addresses that the signed-in person has proven; none for visitors."""
    if not request.user.is_authenticated:
        return set()
    addresses = EmailAddress.objects.filter(user_id=request.user.pk, verified=True).values_list(
        "email", flat=True
    )
    return {same_address(email) for email in addresses}


def _is_at_granted_file(request: HttpRequest, order: Order) -> bool:
    asked = request.resolver_match.kwargs if request.resolver_match else {}
    serial, form = asked.get("serial"), asked.get("form")
    return serial is not None and form is not None and _is_file_granted(request, order, serial, form)


def _is_file_granted(request: HttpRequest, order: Order, serial: int, form: str) -> bool:
    given_at = _given_at(request, FILE_GRANTS, _about(order, serial, form))
    return given_at > timezone.now() - FILE_ACCESS and _is_given_since_stop(order, given_at)


def _is_given_since_stop(order: Order, given_at: datetime, stopped: Stopped | None = None) -> bool:
    if given_at == _NEVER:
        return False
    return given_at > (stopped or Stopped(stopped_since([order.id]).get(order.id))).at


# A grant is kept as what it is for, whose address the order had, and when it was given:
# `5:0194…:9f86d081884c7d65:1764133200.25`, with `:7:pdf` after the order for a file. One that was given before the
# address was kept is about nothing, and neither is one for an address that the order no longer has.


def _about(order: Order, *what: int | str) -> str:
    return ":".join((str(order.event_id), order.id.hex, *map(str, what), address_digest(order.email).hex()))


def _add(request: HttpRequest, kind: str, about: str) -> None:
    others = [grant for grant in _kept(request, kind) if grant.rpartition(":")[0] != about]
    request.session[kind] = [*others, f"{about}:{timezone.now().timestamp()}"][-MOST_GRANTS:]


def _given_at(request: HttpRequest, kind: str, about: str) -> datetime:
    """When this browser was given a grant; `_NEVER` if it was not."""
    for grant in _kept(request, kind):
        known, _, given_at = grant.rpartition(":")
        if known == about:
            return datetime.fromtimestamp(float(given_at), UTC)
    return _NEVER


def _kept(request: HttpRequest, kind: str) -> list[str]:
    kept: list[str] = request.session.get(kind, [])
    return kept
