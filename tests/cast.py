"""The small cast every test knows: an organizer, a venue, an event on sale, people.

Each call makes fresh rows with ids of their own, so tests may commit and never clean up.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tmam.accounts.models import User
from tmam.catalog.models import Date, Event, Kind, Seat, SeatPlan, StopPattern, TicketType, Venue
from tmam.gates.models import Gate
from tmam.inventory.open_counters import open_counters, open_segment_counters
from tmam.organizers.models import Membership, Organizer
from tmam.platform.statements import run_verb
from tmam.tickets.signing_keys import make_signing_key

# The day all tests live in, unless they say otherwise.
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Type:
    """A ticket type to make. `pools` are made with the event's capacity unless `capacities` names them."""

    price_minor: int = 4500
    name: str = "General admission"
    pools: tuple[int, ...] = (1,)
    fee_minor: int = 200
    tax_basis_points: int = 1000
    is_seated: bool = False
    asks_name: bool = False
    asks_document: bool = False
    min_per_order: int = 1
    max_per_order: int = 10


def unique(prefix: str) -> str:
    """A name nobody else has, in this process or another."""
    return f"{prefix}-{next(_numbers)}-{secrets.token_hex(3)}"


def midday_zone(now: datetime) -> str:
    """A time zone where it is about noon: for tests of "today" that run at any hour."""
    hours = 12 - now.astimezone(UTC).hour
    return f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"


def make_organizer(name: str = "Aurora Concerts", **fields: Any) -> Organizer:
    """An organizer in Spain."""
    defaults: dict[str, Any] = {
        "slug": unique("aurora"),
        "legal_name": f"{name} S.L.",
        "address": "Calle Mayor 1\n28013 Madrid",
        "country": "ES",
        "email": "hello@aurora.example",
        "terms": {"en": "Tickets are valid once.", "es": "Las entradas valen una vez."},
    }
    return Organizer.objects.create(name=name, **(defaults | fields))


def make_venue(**fields: Any) -> Venue:
    """A hall in Madrid."""
    defaults: dict[str, Any] = {
        "slug": unique("hall"),
        "name": "Sala Aurora",
        "street": "Calle Mayor 1",
        "postal_code": "28013",
        "city": "Madrid",
        "country": "ES",
        "latitude": 40.4155,
        "longitude": -3.7074,
        "time_zone": "Europe/Madrid",
    }
    return Venue.objects.create(**(defaults | fields))


def make_event(
    *,
    now: datetime = NOW,
    capacity: int = 100,
    types: Sequence[Type] = (Type(),),
    dates: int = 1,
    capacities: Mapping[int, int] | None = None,
    organizer: Organizer | None = None,
    venue: Venue | None = None,
    starts_in: timedelta = timedelta(days=10),
    **fields: Any,
) -> Event:
    """An event on sale: `dates` dates a day apart, the ticket types given, counters open, a signing key, a gate."""
    venue = venue or make_venue()
    defaults: dict[str, Any] = {
        "slug": "winter-lights",
        "kind": Kind.CONCERT,
        "status": "on_sale",
        "title": {"en": "Winter Lights", "es": "Luces de invierno"},
        "summary": {"en": "A night of songs.", "es": "Una noche de canciones."},
        "currency": "EUR",
        "poster_seed": "winter-lights",
    }
    event = Event.objects.create(organizer=organizer or make_organizer(), venue=venue, **(defaults | fields))
    for ordinal in range(1, dates + 1):
        starts_at = now + starts_in + timedelta(days=ordinal - 1)
        Date.objects.create(
            event=event,
            ordinal=ordinal,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
            doors_at=starts_at - timedelta(hours=1),
            sales_start_at=now - timedelta(days=30),
            sales_end_at=starts_at,
            time_zone=venue.time_zone,
        )
    for ordinal, type_ in enumerate(types, start=1):
        TicketType.objects.create(
            event=event,
            ordinal=ordinal,
            name={"en": type_.name, "es": type_.name},
            price_minor=type_.price_minor,
            fee_minor=min(type_.fee_minor, type_.price_minor),
            tax_basis_points=type_.tax_basis_points,
            pools=list(type_.pools),
            is_seated=type_.is_seated,
            asks_name=type_.asks_name,
            asks_document=type_.asks_document,
            min_per_order=type_.min_per_order,
            max_per_order=type_.max_per_order,
        )
    pools = sorted({pool for type_ in types for pool in type_.pools})
    sizes = {pool: (capacities or {}).get(pool, capacity) for pool in pools}
    run_verb(
        open_counters(event.id, [(date, pool, sizes[pool]) for date in range(1, dates + 1) for pool in pools])
    )
    run_verb(make_signing_key(event.id, now))
    Gate.objects.create(event_id=event.id, number=1, name="Main entrance")
    return event


def make_seated_event(
    *, rows: int = 4, seats_per_row: int = 10, accessible: Iterable[int] = (), **fields: Any
) -> Event:
    """An event with one block of numbered seats, all in pool 1. `accessible`: seat numbers in the plan."""
    venue = make_venue()
    plan = SeatPlan.objects.create(venue=venue, name="Stalls")
    Seat.objects.bulk_create(
        Seat(
            plan=plan,
            number_in_plan=row * seats_per_row + position + 1,
            pool=1,
            block=1,
            row=row + 1,
            position=position + 1,
            block_label="Stalls",
            row_label=str(row + 1),
            seat_label=str(position + 1),
            is_accessible=row * seats_per_row + position + 1 in set(accessible),
        )
        for row in range(rows)
        for position in range(seats_per_row)
    )
    fields.setdefault("types", (Type(name="Stalls", is_seated=True),))
    return make_event(venue=venue, seat_plan=plan, capacity=rows * seats_per_row, kind=Kind.THEATRE, **fields)


def make_trip_event(
    *,
    stops: int = 5,
    coaches: int = 1,
    seats_per_coach: int = 10,
    is_seated: bool = True,
    trips: int = 1,
    now: datetime = NOW,
    **fields: Any,
) -> Event:
    """A train line with `trips` trips (dates 1…) of one pattern: stops 30 min and 50 km apart, 2 minutes in each."""
    seats = coaches * seats_per_coach
    fields.setdefault("types", (Type(name="Adult", is_seated=is_seated, fee_minor=0),))
    event = (
        make_seated_event(rows=coaches, seats_per_row=seats_per_coach, now=now, dates=trips, **fields)
        if is_seated
        else make_event(capacity=seats, now=now, dates=trips, **fields)
    )
    Event.objects.filter(id=event.id).update(kind=Kind.TRAIN)
    StopPattern.objects.create(
        event=event,
        ordinal=1,
        venue_ids=[event.venue_id, *(make_venue(name=f"Station {n}").id for n in range(1, stops))],
        arrival_s=[max(0, 1800 * n - 120) for n in range(stops)],
        departure_s=[1800 * n for n in range(stops)],
        distance_m=[50_000 * n for n in range(stops)],
        zones=[chr(ord("A") + n) for n in range(stops)],
    )
    Date.objects.filter(event=event).update(pattern=1, trip_code="R 1")
    pools = sorted({pool for type_ in event.ticket_types.all() for pool in type_.pools})
    run_verb(
        open_segment_counters(
            event.id,
            [
                (date, segment, pool, seats)
                for date in range(1, trips + 1)
                for segment in range(stops - 1)
                for pool in pools
            ],
        )
    )
    return event


def make_user(
    email: str | None = None, *, verified: bool = True, password: str = PASSWORD, **fields: Any
) -> User:
    """A person with an account; `verified` says whether the address is proven."""
    from allauth.account.models import EmailAddress

    user = User.objects.create_user(email or f"{unique('maria')}@buyers.example", password, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    return user


def make_member(
    organizer: Organizer, role: str, *, events: Sequence[Event] | None = None, **fields: Any
) -> User:
    """A person in an organizer's team, for all its events unless some are given."""
    user = make_user(**fields)
    Membership.objects.create(
        organizer=organizer,
        user=user,
        role=role,
        all_events=events is None,
        event_ids=[event.id for event in events or ()],
    )
    return user


def give_second_factor(user: User) -> None:
    """An authenticator app, without the way through the page."""
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "unreadable"})
