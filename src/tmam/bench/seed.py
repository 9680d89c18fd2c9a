"""What is on sale in the benchmark: events made through the same models and verbs as anybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from tmam.accounts.models import User
from tmam.catalog.models import Date, Event, EventStatus, Kind, Seat, SeatPlan, TicketType, Venue
from tmam.catalog.stop_patterns import StopPattern
from tmam.gates.models import Gate
from tmam.gates.register_device import register_device
from tmam.inventory.open_counters import open_counters, open_segment_counters
from tmam.organizers.models import Membership, Organizer, Role
from tmam.platform.statements import run_verb
from tmam.tickets.signing_keys import make_signing_key

ORGANIZER = "tmam-bench"
PRICE_MINOR, FEE_MINOR, TAX_BASIS_POINTS = 4500, 200, 1000
LONGEST_HOLD_MINUTES = 120  # no hold runs out while we measure
MOST_PER_ORDER = 10
SEGMENT_S, STANDS_S, SEGMENT_M = 1_200, 120, 40_000
SEATS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Hall:
    """A seat plan to make: blocks of rows of seats, all of one price."""

    blocks: int
    rows: int
    seats_per_row: int

    @property
    def seats(self) -> int:
        """All its seats."""
        return self.blocks * self.rows * self.seats_per_row


ARENA = Hall(blocks=25, rows=50, seats_per_row=40)  # 50,000
TRAIN = Hall(blocks=10, rows=25, seats_per_row=4)  # ten coaches, 1,000 seats
SMALL_ARENA = Hall(blocks=5, rows=25, seats_per_row=40)  # 5,000, for a quick look


@transaction.atomic
def make_event(
    title: str, *, capacity: int, plan: SeatPlan | None = None, starts_in: timedelta = timedelta(days=30)
) -> Event:
    """An event on sale with one date and one ticket type: `capacity` places in one pool, a signing key, a gate."""
    event = _event(title, Kind.CONCERT, plan)
    _date(event, 1, datetime.now(UTC) + starts_in)
    _ticket_type(event, is_seated=plan is not None)
    run_verb(open_counters(event.id, [(1, 1, capacity)]))
    return event


@transaction.atomic
def make_plan(hall: Hall) -> SeatPlan:
    """A seat plan of pool 1, numbered block by block, row by row."""
    plan = SeatPlan.objects.create(venue=_venue(), name=f"{hall.seats} seats")
    seats: list[Seat] = []
    for number in range(hall.seats):
        row, position = divmod(number, hall.seats_per_row)
        block, row = divmod(row, hall.rows)
        seats.append(
            Seat(
                plan=plan,
                number_in_plan=number + 1,
                pool=1,
                block=block + 1,
                row=row + 1,
                position=position + 1,
                block_label=f"Block {block + 1}",
                row_label=str(row + 1),
                seat_label=str(position + 1),
            )
        )
    Seat.objects.bulk_create(seats, batch_size=SEATS_AT_ONCE)
    return plan


@transaction.atomic
def make_trips(title: str, *, trips: int, segments: int, train: Hall) -> Event:
    """A train line: `trips` trips of one pattern with so many segments, numbered seats, a price by distance."""
    stops = segments + 1
    event = _event(title, Kind.TRAIN, make_plan(train))
    StopPattern.objects.create(
        event=event,
        ordinal=1,
        venue_ids=[event.venue_id] * stops,
        arrival_s=[max(0, SEGMENT_S * stop - STANDS_S) for stop in range(stops)],
        departure_s=[SEGMENT_S * stop for stop in range(stops)],
        distance_m=[SEGMENT_M * stop for stop in range(stops)],
        zones=["A"] * stops,
    )
    first = datetime.now(UTC) + timedelta(days=30)
    for ordinal in range(1, trips + 1):
        _date(event, ordinal, first + timedelta(hours=ordinal), pattern=1)
    type_ = _ticket_type(event, is_seated=True)
    steps = [[SEGMENT_M // 1000 * count, PRICE_MINOR + 100 * count] for count in range(1, stops)]
    type_.fares = {"by": "distance", "steps": steps}
    type_.save()
    pools = [(trip, segment, 1, train.seats) for trip in range(1, trips + 1) for segment in range(segments)]
    run_verb(open_segment_counters(event.id, pools))
    return event


def take_off_sale() -> None:
    """Make drafts of all events of benchmarks: their sales stay in the books, nobody sees them any more."""
    Event.objects.filter(organizer__slug=ORGANIZER).update(status=EventStatus.DRAFT)


def _organizer() -> Organizer:
    organizer, _ = Organizer.objects.get_or_create(
        slug=ORGANIZER,
        defaults={
            "name": "Benchmark",
            "legal_name": "Benchmark",
            "country": "ES",
            "email": "bench@tmam.example",
            "terms": {"en": "Nothing here is real.", "es": "Nada de esto es real."},
        },
    )
    return organizer


def _venue() -> Venue:
    venue, _ = Venue.objects.get_or_create(
        slug=ORGANIZER,
        defaults={"name": "Benchmark", "city": "Madrid", "country": "ES", "time_zone": "Europe/Madrid"},
    )
    return venue


def _event(title: str, kind: str, plan: SeatPlan | None) -> Event:
    event = Event.objects.create(
        organizer=_organizer(),
        venue=_venue(),
        seat_plan=plan,
        slug=ORGANIZER,
        kind=kind,
        status=EventStatus.ON_SALE,
        title={"en": title, "es": title},
        currency="EUR",
        hold_minutes=LONGEST_HOLD_MINUTES,
        max_per_order=MOST_PER_ORDER,
        poster_seed=ORGANIZER,
    )
    run_verb(make_signing_key(event.id, datetime.now(UTC)))
    Gate.objects.create(event_id=event.id, number=1, name="Gate 1")
    return event


def _date(event: Event, ordinal: int, starts_at: datetime, *, pattern: int | None = None) -> Date:
    now = datetime.now(UTC)
    return Date.objects.create(
        event=event,
        ordinal=ordinal,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=6),
        doors_at=starts_at - timedelta(hours=1),
        sales_start_at=now - timedelta(days=1),
        sales_end_at=starts_at + timedelta(hours=6),
        time_zone="Europe/Madrid",
        pattern=pattern,
    )


def _ticket_type(event: Event, *, is_seated: bool) -> TicketType:
    return TicketType.objects.create(
        event=event,
        ordinal=1,
        name={"en": "Ticket", "es": "Entrada"},
        price_minor=PRICE_MINOR,
        fee_minor=FEE_MINOR,
        tax_basis_points=TAX_BASIS_POINTS,
        pools=[1],
        max_per_order=MOST_PER_ORDER,
        is_seated=is_seated,
    )


def make_scanner(event: Event) -> str:
    """A steward's scanner at gate 1; returns its key."""
    steward = User.objects.create_user(f"gate-{event.id}@bench.tmam.example")
    Membership.objects.create(organizer=event.organizer, user=steward, role=Role.GATE)
    _, key = register_device(
        event_id=event.id, gate_number=1, steward=steward, name="Benchmark", now=datetime.now(UTC)
    )
    return key
