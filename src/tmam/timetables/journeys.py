"""Journeys for people: found in the timetable, with times on each station's clock, prices and places left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tmam.catalog.fares import stretch_price
from tmam.catalog.models import Date, Event, TicketType
from tmam.catalog.offers import Fares, OfferPattern, OfferType
from tmam.catalog.rules import SaleState, SalesWindow, date_places, sale_state, type_places
from tmam.catalog.stop_patterns import StopPattern
from tmam.inventory.queries import places_by_pool
from tmam.platform.statements import run_verb
from tmam.timetables.load_timetable import Loaded
from tmam.timetables.raptor import Found, find_earlier, find_journeys
from tmam.timetables.stations import Stop

# How far ahead one looks for a departure, and how long a journey may take.
AHEAD = timedelta(hours=24)
LONGEST = timedelta(hours=60)


@dataclass(frozen=True)
class Ride:
    """A trip from one of its stops to another: what a ticket is for."""

    event_id: int
    date_ordinal: int
    from_stop: int
    to_stop: int


@dataclass(frozen=True)
class Fare:
    """A ticket type on a ride: its price for the stretch, and how many are left (of how many)."""

    type: TicketType
    price_minor: int
    capacity: int
    left: int


@dataclass(frozen=True)
class RideView:
    """A ride with everything that is shown of it. Instants are on the clock of the station they belong to."""

    ride: Ride
    event: Event
    date: Date
    pattern: StopPattern
    from_station: Stop
    to_station: Stop
    departs_at: datetime
    arrives_at: datetime
    fares: tuple[Fare, ...]
    state: SaleState
    left: int

    @property
    def icon(self) -> str:
        """The picture of its kind."""
        return "plane" if self.event.kind == "flight" else "train-front"

    @property
    def price_from_minor(self) -> int:
        """The lowest price."""
        return min((fare.price_minor for fare in self.fares), default=0)


@dataclass(frozen=True)
class Journey:
    """Rides one after the other."""

    rides: tuple[RideView, ...]

    @property
    def departs_at(self) -> datetime:
        """When it begins, on the first station's clock."""
        return self.rides[0].departs_at

    @property
    def arrives_at(self) -> datetime:
        """When it ends, on the last station's clock."""
        return self.rides[-1].arrives_at

    @property
    def duration(self) -> timedelta:
        """How long it takes."""
        return self.arrives_at - self.departs_at

    @property
    def changes(self) -> int:
        """How often one changes."""
        return len(self.rides) - 1

    @property
    def left(self) -> int:
        """How many people can still travel all the way."""
        return min(ride.left for ride in self.rides)

    @property
    def state(self) -> SaleState:
        """What can be done about it: as much as about the ride that allows least."""
        order = list(SaleState)
        return min((ride.state for ride in self.rides), key=order.index)

    @property
    def currency(self) -> str | None:
        """The currency of all rides; None if they differ."""
        currencies = {ride.event.currency for ride in self.rides}
        return currencies.pop() if len(currencies) == 1 else None

    @property
    def price_from_minor(self) -> int:
        """The lowest price of all rides together."""
        return sum(ride.price_from_minor for ride in self.rides)


def journeys_after(loaded: Loaded, origin: Stop, target: Stop, at: datetime, count: int) -> list[list[Ride]]:
    """The rides of the next `count` journeys that leave at an instant or later."""
    after_s = loaded.seconds(at)
    found = find_journeys(
        loaded.timetable,
        loaded.index_of[origin.venue_id],
        loaded.index_of[target.venue_id],
        after_s=after_s,
        until_s=after_s + int(AHEAD.total_seconds()),
        count=count,
        arrive_by_s=after_s + int(LONGEST.total_seconds()),
    )
    return [_rides(loaded, each) for each in found]


def journeys_before(
    loaded: Loaded, origin: Stop, target: Stop, at: datetime, *, not_before: datetime, count: int
) -> list[list[Ride]]:
    """The rides of the last `count` journeys that leave before an instant and not before another."""
    found = find_earlier(
        loaded.timetable,
        loaded.index_of[origin.venue_id],
        loaded.index_of[target.venue_id],
        before_s=loaded.seconds(at),
        not_before_s=max(loaded.seconds(not_before), loaded.seconds(at) - int(AHEAD.total_seconds())),
        count=count,
    )
    return [_rides(loaded, each) for each in found]


def _rides(loaded: Loaded, found: Found) -> list[Ride]:
    rides = []
    for leg in found.legs:
        event_id, date_ordinal = loaded.timetable.lanes[leg.lane].trip(leg.trip)
        rides.append(Ride(event_id, date_ordinal, leg.from_stop, leg.to_stop))
    return rides


def view_journeys(
    journeys: Sequence[Sequence[Ride]], stations: dict[int, Stop], now: datetime
) -> list[Journey]:
    """Journeys as they are shown. Those with a ride that does not exist (any more) are left out."""
    views = _view_rides({ride for journey in journeys for ride in journey}, stations, now)
    return [
        Journey(tuple(views[ride] for ride in journey))
        for journey in journeys
        if journey and all(ride in views for ride in journey)
    ]


def _view_rides(rides: Collection[Ride], stations: dict[int, Stop], now: datetime) -> dict[Ride, RideView]:
    event_ids = {ride.event_id for ride in rides}
    events = Event.objects.exclude(status="draft").select_related("organizer", "venue").in_bulk(event_ids)
    types: dict[int, list[TicketType]] = {}
    for type_ in TicketType.objects.filter(event_id__in=event_ids, needs_code=False).order_by("ordinal"):
        types.setdefault(type_.event_id, []).append(type_)
    dates = {
        (date.event_id, date.ordinal): date
        for date in Date.objects.filter(
            event_id__in=event_ids,
            ordinal__in={ride.date_ordinal for ride in rides},
            pattern__isnull=False,
        )
    }
    patterns = _patterns(dates.values())
    views: dict[Ride, RideView] = {}
    for ride in rides:
        event, date = events.get(ride.event_id), dates.get((ride.event_id, ride.date_ordinal))
        pattern = patterns.get((date.event_id, date.pattern)) if date else None
        if event is None or date is None or pattern is None:
            continue
        if not 0 <= ride.from_stop < ride.to_stop < len(pattern.venue_ids):
            continue
        ends = [stations.get(pattern.venue_ids[stop]) for stop in (ride.from_stop, ride.to_stop)]
        if ends[0] is not None and ends[1] is not None:
            fares = _fares(ride, pattern, types.get(event.id, ()))
            views[ride] = _view(
                ride, event, date, pattern=pattern, ends=(ends[0], ends[1]), fares=fares, now=now
            )
    return views


def _patterns(dates: Iterable[Date]) -> dict[tuple[int, int | None], StopPattern]:
    wanted = {(date.event_id, date.pattern) for date in dates}
    rows = StopPattern.objects.filter(
        event_id__in={event_id for event_id, _ in wanted},
        ordinal__in={ordinal for _, ordinal in wanted if ordinal is not None},
    )
    return {(row.event_id, row.ordinal): row for row in rows}


def _view(
    ride: Ride,
    event: Event,
    date: Date,
    *,
    pattern: StopPattern,
    ends: tuple[Stop, Stop],
    fares: tuple[Fare, ...],
    now: datetime,
) -> RideView:
    after = timedelta(seconds=pattern.departure_s[ride.from_stop])
    departs_at = date.starts_at + after
    arrives_at = date.starts_at + timedelta(seconds=pattern.arrival_s[ride.to_stop])
    pools = {pool: (fare.capacity, fare.left) for fare in fares for pool in fare.type.pools}
    capacity, left = date_places([tuple(fare.type.pools) for fare in fares], pools)
    window = SalesWindow(event.status, date.is_cancelled, date.sales_start_at, date.sales_end_at + after)
    return RideView(
        ride=ride,
        event=event,
        date=date,
        pattern=pattern,
        from_station=ends[0],
        to_station=ends[1],
        departs_at=departs_at.astimezone(ZoneInfo(ends[0].time_zone)),
        arrives_at=arrives_at.astimezone(ZoneInfo(ends[1].time_zone)),
        fares=fares,
        state=sale_state(window, capacity, left, now),
        left=left,
    )


def _fares(ride: Ride, pattern: StopPattern, types: Iterable[TicketType]) -> tuple[Fare, ...]:
    places = run_verb(places_by_pool(ride.event_id, [ride.date_ordinal], ride.from_stop, ride.to_stop))
    by_pool = {pool: (each.capacity, each.free) for (_, pool), each in places.items()}
    offered = offer_pattern(pattern)
    fares = []
    for type_ in types:
        if not type_.dates or ride.date_ordinal in type_.dates:
            capacity, left = type_places(type_.pools, by_pool)
            price = stretch_price(offer_type(type_), offered, ride.from_stop, ride.to_stop)
            fares.append(Fare(type_, price, capacity, left))
    return tuple(fares)


def offer_pattern(row: StopPattern) -> OfferPattern:
    """A pattern as the fare rules take it."""
    return OfferPattern(
        row.ordinal,
        tuple(row.arrival_s),
        tuple(row.departure_s),
        tuple(row.distance_m),
        tuple(row.zones),
    )


def offer_type(row: TicketType) -> OfferType:
    """A ticket type as the fare rules take it."""
    fares = row.fares
    return OfferType(
        ordinal=row.ordinal,
        name=row.name,
        price_minor=row.price_minor,
        fee_minor=row.fee_minor,
        tax_basis_points=row.tax_basis_points,
        pools=tuple(row.pools),
        dates=frozenset(row.dates),
        min_per_order=row.min_per_order,
        max_per_order=row.max_per_order,
        is_seated=row.is_seated,
        asks_name=row.asks_name,
        asks_document=row.asks_document,
        needs_code=row.needs_code,
        fares=Fares(
            by=fares.get("by", ""),
            steps=tuple((up_to, price) for up_to, price in fares.get("steps", ())),
            prices=fares.get("prices", {}),
        ),
    )
