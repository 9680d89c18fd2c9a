"""A checkout with everything people read about it: its holds, their events and the tickets to be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tmam.catalog.models import Date, Event, TicketType
from tmam.catalog.sales_rules import LimitKind, SalesLimit
from tmam.inventory.holds import Hold
from tmam.kernel.money import Money
from tmam.orders.models import Checkout
from tmam.orders.rules import holder_key


@dataclass(frozen=True)
class BasketLine:
    """Some tickets of one type for one date, with the catalogue's words."""

    date: Date
    ticket_type: TicketType
    quantity: int
    price_minor: int
    seats: Sequence[str] = ()

    @property
    def total_minor(self) -> int:
        """The line's price with everything in it."""
        return self.price_minor * self.quantity


@dataclass(frozen=True)
class Place:
    """One ticket of a hold before it is sold; `index` counts the hold's places from 0."""

    hold_id: UUID
    index: int
    line: BasketLine
    seat: str = ""

    @property
    def key(self) -> str:
        """The name of this place's form fields."""
        return holder_key(self.hold_id, self.index)

    @property
    def asks_name(self) -> bool:
        """Whether its ticket carries the holder's name (a document is never asked without the name)."""
        return self.line.ticket_type.asks_name or self.line.ticket_type.asks_document

    @property
    def asks_document(self) -> bool:
        """Whether its ticket is bound to an identity document."""
        return self.line.ticket_type.asks_document


@dataclass(frozen=True)
class BasketItem:
    """One hold of a checkout with its event, and that event's limits that count here."""

    event: Event
    hold: Hold
    lines: Sequence[BasketLine]
    limits: Sequence[SalesLimit] = ()

    @property
    def total_minor(self) -> int:
        """What this hold costs, everything included."""
        return self.hold.total_minor

    @property
    def first_date(self) -> Date | None:
        """The earliest date among its lines."""
        return min((line.date for line in self.lines), key=lambda date: date.starts_at, default=None)

    @property
    def places(self) -> list[Place]:
        """Its tickets one by one, in the order in which they will be issued."""
        places: list[Place] = []
        for line in self.lines:
            for number in range(line.quantity):
                seat = line.seats[number] if number < len(line.seats) else ""
                places.append(Place(self.hold.id, len(places), line, seat))
        return places


@dataclass(frozen=True)
class Basket:
    """A checkout's items: `items` are reserved still, `lost` ran out or were given back or bought elsewhere."""

    checkout: Checkout
    items: Sequence[BasketItem]
    lost: Sequence[BasketItem]

    @property
    def total(self) -> Money:
        """The final price of what is still reserved."""
        return Money(sum(item.total_minor for item in self.items), self.checkout.currency)

    @property
    def quantity(self) -> int:
        """How many tickets are still reserved."""
        return sum(item.hold.quantity for item in self.items)

    @property
    def expires_at(self) -> datetime | None:
        """When the first of its reservations runs out."""
        return min((item.hold.expires_at for item in self.items), default=None)

    @property
    def clock_zone(self) -> str:
        """The time zone on whose clock the expiry is told: that of the first event's place."""
        return self.items[0].event.venue.time_zone if self.items else "UTC"

    @property
    def can_be_extended(self) -> bool:
        """Whether some reservation has not had its extra time yet."""
        return any(item.hold.extensions == 0 for item in self.items)

    @property
    def places(self) -> list[Place]:
        """All tickets, event by event."""
        return [place for item in self.items for place in item.places]

    @property
    def places_to_name(self) -> list[Place]:
        """The tickets that need a holder's name."""
        return [place for place in self.places if place.asks_name]

    @property
    def organizer_terms(self) -> dict[int, str]:
        """The version of each organizer's terms that binds this purchase, by the organizer's number."""
        return {item.event.organizer_id: item.event.organizer.terms_version for item in self.items}

    @property
    def asks_phone(self) -> bool:
        """Whether some event limits the tickets per phone, so that one must be known."""
        return self.is_limited_by(LimitKind.PHONE)

    def is_limited_by(self, *kinds: LimitKind) -> bool:
        """Whether some event limits the tickets by one of these kinds."""
        return any(limit.kind in kinds for item in self.items for limit in item.limits)

    def is_named(self) -> bool:
        """Whether everything that must be typed has been: e-mail, name, phone, and each ticket's holder."""
        checkout = self.checkout
        is_reachable = checkout.email and checkout.name and (checkout.phone or not self.asks_phone)
        return bool(is_reachable) and all(
            is_complete(place, checkout.holders) for place in self.places_to_name
        )


def is_complete(place: Place, holders: Mapping[str, Sequence[Mapping[str, str]]]) -> bool:
    """Whether a place's holder (see `Checkout.holders`) has all that its ticket type asks."""
    holder = holder_of(place, holders)
    return bool(holder.get("name")) and (not place.asks_document or bool(holder.get("document")))


def holder_of(place: Place, holders: Mapping[str, Sequence[Mapping[str, str]]]) -> Mapping[str, str]:
    """What was typed for a place so far; empty when nothing was."""
    typed = holders.get(str(place.hold_id), ())
    return typed[place.index] if place.index < len(typed) else {}
