"""One line into the catalogue and on sale: event, patterns, trips, ticket types, places, key. Each event at once.

Repeating it changes nothing, so an import that was killed is started again; a changed timetable changes what nobody
has bought or reserved, and what is sold is told of and stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Count, Max
from django.utils.text import slugify

from tmam.catalog.models import Event, EventStatus, Seat, TicketType
from tmam.catalog.stop_patterns import StopPattern
from tmam.organizers.models import Organizer
from tmam.platform.statements import Verb, run_verb, statement
from tmam.tickets.models import SigningKey
from tmam.tickets.signing_keys import make_signing_key
from tmam.timetables.errors import FeedTakenError, TripSoldError
from tmam.timetables.line_changes import KnownTrip, compare, service_day, trip_id
from tmam.timetables.line_volumes import Volume, spread, volume_key
from tmam.timetables.lines import Line, Tally, Trip
from tmam.timetables.make_coaches import coaches_plan
from tmam.timetables.once_more import once_more_after_a_race
from tmam.timetables.sale import LineTerms
from tmam.timetables.troubles import Troubles, shown
from tmam.timetables.write_trips import Offering, write_trips

# The columns of a stop pattern besides its venues; a `Pattern` has the same names.
_COLUMNS = ("arrival_s", "departure_s", "distance_m", "zones", "no_boarding", "no_alighting")


@dataclass(frozen=True)
class Import:
    """What all lines of an import share. `venue_ids` are the venues of its stations, in their order."""

    organizer: Organizer
    feed: str
    file: str
    venue_ids: Sequence[int]
    time_zones: Sequence[str]
    window: Sequence[date]
    now: datetime
    troubles: Troubles
    tally: Tally


def put_line(line: Line, terms: LineTerms, of: Import) -> None:
    """Put a line on sale, or bring it up to date. One transaction for each of its events (nearly always one).

    Raises:
        FeedTakenError: another organizer has a line of this feed's name.
    """
    events = _events(line, of)
    known: dict[str, int] = {}
    if len(events) > 1:
        for number, event in events.items():
            known |= dict.fromkeys((each.key for each in run_verb(_known_trips(event.id, of))), number)
    given_out = {
        number: event.dates.aggregate(highest=Max("ordinal"))["highest"] or 0
        for number, event in events.items()
    }
    for volume in spread(line.trips, known, given_out):
        once_more_after_a_race(partial(_put_volume, line, terms, of, volume))
    of.tally.lines += 1


def _events(line: Line, of: Import) -> dict[int, Event]:
    events: dict[int, Event] = {}
    while True:
        number = len(events) + 1
        event = Event.objects.filter(import_key=volume_key(of.feed, line.key, number)).first()
        if event is None:
            return events
        if event.organizer_id != of.organizer.pk:
            raise FeedTakenError(of.file, feed=of.feed)
        events[number] = event


def _put_volume(line: Line, terms: LineTerms, of: Import, volume: Volume) -> None:
    if not volume.trips and volume.number == 1 and not _exists(line, of):
        return
    event = _event(line, terms, of, volume)
    if volume.trips:  # a line that left the timetable keeps its words and prices
        _put_types(event, terms)
    if not SigningKey.objects.filter(event_id=event.id).exists():
        run_verb(make_signing_key(event.id, of.now))
    numbers = _put_patterns(event, volume.trips, of)
    # Counted again under the event's lock: another import of the same feed may have come first.
    highest = event.dates.aggregate(highest=Max("ordinal"))["highest"] or 0
    changes = compare(
        volume.trips,
        run_verb(_known_trips(event.id, of)),
        numbers,
        next_ordinal=highest + 1,
        unread=line.unread,
        now=of.now,
    )
    offering = Offering(
        event.id,
        _capacities(event, terms),
        numbers,
        of.time_zones,
        terms.sale.sale_opens_days_before,
        of.feed,
    )
    for kept in run_verb(write_trips(offering, changes, of.now)):
        of.tally.kept += 1
        of.troubles(TripSoldError(of.file, trip=shown(trip_id(kept)), day=service_day(kept)))
    of.tally.new += len(changes.new)
    of.tally.changed += len(changes.changed)
    of.tally.withdrawn += len(changes.gone)
    of.tally.unchanged += len(changes.unchanged)
    of.tally.event_ids.append(event.id)


def _exists(line: Line, of: Import) -> bool:
    return Event.objects.filter(import_key=volume_key(of.feed, line.key, 1)).exists()


def _event(line: Line, terms: LineTerms, of: Import, volume: Volume) -> Event:
    """The volume's event, made if it is new, locked until the transaction ends."""
    key = volume_key(of.feed, line.key, volume.number)
    event = Event.objects.select_for_update().filter(import_key=key).first()
    title = terms.title or {"en": line.title}
    texts = {"title": title, "summary": terms.summary, "description": terms.description}
    if event is not None:
        if volume.trips and any(getattr(event, name) != text for name, text in texts.items()):
            Event.objects.filter(pk=event.pk).update(**texts)
        return event
    venue_id = of.venue_ids[volume.trips[0].pattern.stations[0]]
    plan = terms.seat_plan
    if terms.coaches is not None:
        label = terms.sale.coach_label or ("Cabin" if line.kind == "flight" else "Coach")
        plan = coaches_plan(venue_id, of.feed, terms.coaches, label).pk
    slug = slugify(next(iter(title.values())))[:120] or slugify(line.key)[:120] or "line"
    return Event.objects.create(
        organizer=of.organizer,
        venue_id=venue_id,
        seat_plan_id=plan,
        slug=slug,
        kind=line.kind,
        status=EventStatus.ON_SALE,
        currency=terms.sale.currency,
        hold_minutes=terms.sale.hold_minutes,
        extension_minutes=terms.sale.extension_minutes,
        max_per_order=terms.sale.max_per_order,
        transfer_policy=terms.sale.transfer_policy,
        poster_seed=slug[:40],
        import_key=key,
        **texts,
    )


def _put_types(event: Event, terms: LineTerms) -> None:
    for ordinal, type_ in enumerate(terms.types, start=1):
        TicketType.objects.update_or_create(
            event=event,
            ordinal=ordinal,
            defaults={
                "name": type_.name,
                "description": type_.description,
                "price_minor": type_.price_minor,
                "fee_minor": type_.fee_minor,
                "tax_basis_points": terms.sale.tax_basis_points,
                "pools": list(type_.pools),
                "max_per_order": min(type_.max_per_order, event.max_per_order),
                "is_seated": terms.is_seated,
                "asks_name": type_.asks_name,
                "asks_document": type_.asks_document,
                "fares": type_.fares,
            },
        )


def _put_patterns(event: Event, trips: Iterable[Trip], of: Import) -> dict[object, int]:
    """The number of each pattern of the trips, the new ones written."""
    by_content = {
        tuple(tuple(getattr(row, name)) for name in ("venue_ids", *_COLUMNS)): row.ordinal
        for row in event.stop_patterns.all()
    }
    ordinal = max(by_content.values(), default=0)
    numbers: dict[object, int] = {}
    new: list[StopPattern] = []
    for pattern in dict.fromkeys(trip.pattern for trip in trips):
        venue_ids = tuple(of.venue_ids[station] for station in pattern.stations)
        content = (venue_ids, *(getattr(pattern, name) for name in _COLUMNS))
        if content not in by_content:
            ordinal += 1
            by_content[content] = ordinal
            columns = {name: list(getattr(pattern, name)) for name in _COLUMNS}
            new.append(StopPattern(event=event, ordinal=ordinal, venue_ids=list(venue_ids), **columns))
        numbers[pattern] = by_content[content]
    StopPattern.objects.bulk_create(new, batch_size=500)
    return numbers


def _capacities(event: Event, terms: LineTerms) -> dict[int, int]:
    """Places by pool: those of the seat plan if places are numbered."""
    pools = {pool for type_ in terms.types for pool in type_.pools}
    if event.seat_plan_id is None:
        return dict.fromkeys(pools, terms.capacity)
    seats = Seat.objects.filter(plan_id=event.seat_plan_id).values("pool").annotate(seats=Count("id"))
    return {row["pool"]: row["seats"] for row in seats}


def _known_trips(event_id: int, of: Import) -> Verb[list[KnownTrip]]:
    first, last = of.window[0], of.window[-1]
    rows = yield (
        statement("tmam.timetables", "line_dates"),
        (event_id, str(first), str(last + timedelta(days=1))),
    )
    return [KnownTrip(*row) for row in rows]
