"""Loads the demo season: organizers and their teams, venues, seat plans, events, counters, keys, gates, sales."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from tmam.catalog.models import Date, Event, Seat, SeatPlan, TicketType, Venue
from tmam.catalog.summaries import refresh_all_summaries
from tmam.demo.cast import DemoCast, make_cast
from tmam.demo.history import play_history
from tmam.demo.season_dates import PlannedDate, plan_dates
from tmam.demo.season_files import EventEntry, OrganizerEntry, Season, Terms, TypeEntry, read_season
from tmam.demo.season_values import Pool, pools_by_name
from tmam.demo.seat_plans import plan_seats
from tmam.demo.timetables import load_timetables
from tmam.gates.models import Gate
from tmam.inventory.open_counters import open_counters
from tmam.inventory.queries import free_places
from tmam.kernel.money import minor_units
from tmam.organizers.models import Organizer
from tmam.platform.event_log import skip_to_head
from tmam.platform.statements import run_verb
from tmam.tickets.signing_keys import make_signing_key

GATES = ("Gate A", "Gate B")


@dataclass(frozen=True)
class LoadedEvent:
    """An event with what it was made from: its entry, its time zone, its dates and its pools by name."""

    event: Event
    entry: EventEntry
    time_zone: str
    dates: Sequence[PlannedDate]
    pools: Mapping[str, Pool]


def is_loaded() -> bool:
    """Whether the demo season is in this database."""
    return Organizer.objects.filter(slug__in=[entry.slug for entry in read_season().organizers]).exists()


@transaction.atomic
def load_demo(*, now: datetime, passwords: Mapping[str, str] | None = None) -> DemoCast:
    """Load the season, all dates counted from `now`, and return the cast. Not to be called twice: see `is_loaded`.

    All of it is one transaction. `passwords` by part (see `cast`) replace the documented ones.
    """
    season = read_season()
    organizers = _make_organizers(season)
    logins = make_cast(organizers.values(), passwords)
    loaded = _make_offers(season, organizers, now)
    load_timetables(organizers, now)
    open_now = next(each.event for each in loaded if any(rule.is_open_now for rule in each.entry.dates))
    sold = {each.event.id: each.entry.sold for each in loaded if each.entry.sold}
    play_history(sold, scanned_event_id=open_now.id, steward_email=logins["steward"].email, now=now)
    skip_to_head("mail")  # the history's buyers are made up: nobody waits for their confirmations
    refresh_all_summaries(now, lambda event_id: run_verb(free_places(event_id)))
    return DemoCast(**logins, event_open_now_id=open_now.id)


def _make_offers(season: Season, organizers: Mapping[str, Organizer], now: datetime) -> list[LoadedEvent]:
    """Everything that is needed to sell: places, events, dates, ticket types, counters, keys, gates."""
    venues = _make_venues(season)
    loaded = _make_events(season, organizers, venues, _make_plans(season, venues), now)
    _make_dates(loaded)
    _make_types(loaded)
    for each in loaded:
        run_verb(open_counters(each.event.id, _counters(each)))
        run_verb(make_signing_key(each.event.id, now))
    Gate.objects.bulk_create(
        Gate(event_id=each.event.id, number=number, name=name)
        for each in loaded
        for number, name in enumerate(GATES, start=1)
    )
    return loaded


def _make_organizers(season: Season) -> dict[str, Organizer]:
    rows = [_organizer(entry, season.terms) for entry in season.organizers]
    return {row.slug: row for row in Organizer.objects.bulk_create(rows)}


def _organizer(entry: OrganizerEntry, terms: Terms) -> Organizer:
    return Organizer(
        slug=entry.slug,
        name=entry.name,
        legal_name=entry.legal_name,
        address=entry.address.strip(),
        country=entry.country,
        tax_number=entry.tax_number,
        email=entry.email,
        website=entry.website,
        accent_hue=entry.accent_hue,
        about=entry.about,
        terms={
            language: text.format(name=entry.name, email=entry.email).strip()
            for language, text in (("en", terms.en), ("es", terms.es))
        },
        terms_version=terms.version,
    )


def _make_venues(season: Season) -> dict[str, Venue]:
    rows = Venue.objects.bulk_create(
        Venue(
            slug=key.lower().replace(":", "-"),
            name=entry.name,
            street=entry.street,
            postal_code=entry.postal_code,
            city=entry.city,
            region=entry.region,
            country=entry.country,
            latitude=entry.latitude,
            longitude=entry.longitude,
            time_zone=entry.time_zone,
        )
        for key, entry in season.venues.items()
    )
    return dict(zip(season.venues, rows, strict=True))


def _make_plans(season: Season, venues: Mapping[str, Venue]) -> dict[str, SeatPlan]:
    rows = SeatPlan.objects.bulk_create(
        SeatPlan(venue=venues[entry.venue], name=entry.name) for entry in season.plans.values()
    )
    plans = dict(zip(season.plans, rows, strict=True))
    Seat.objects.bulk_create(
        Seat(plan=plans[key], **asdict(seat))
        for key, entry in season.plans.items()
        for seat in plan_seats(entry)
    )
    return plans


def _make_events(
    season: Season,
    organizers: Mapping[str, Organizer],
    venues: Mapping[str, Venue],
    plans: Mapping[str, SeatPlan],
    now: datetime,
) -> list[LoadedEvent]:
    entries = [(organizers[owner.slug], entry) for owner in season.organizers for entry in owner.events]
    rows = Event.objects.bulk_create(
        Event(
            organizer=organizer,
            venue=venues[entry.venue],
            seat_plan=plans[entry.plan] if entry.plan else None,
            slug=entry.slug,
            kind=entry.kind,
            status=entry.status,
            title=entry.title,
            summary=entry.summary,
            description={language: text.strip() for language, text in entry.description.items()},
            performers=list(entry.performers),
            currency=entry.currency,
            hold_minutes=entry.hold_minutes,
            extension_minutes=entry.extension_minutes,
            max_per_order=entry.max_per_order,
            transfer_policy=entry.transfer_policy,
            poster_seed=entry.poster_seed or entry.slug,
        )
        for organizer, entry in entries
    )
    return [_loaded(row, entry, season, now) for row, (_, entry) in zip(rows, entries, strict=True)]


def _loaded(row: Event, entry: EventEntry, season: Season, now: datetime) -> LoadedEvent:
    time_zone = season.venues[entry.venue].time_zone
    return LoadedEvent(row, entry, time_zone, plan_dates(entry, time_zone, now), pools_by_name(entry, season))


def _make_dates(loaded: Sequence[LoadedEvent]) -> None:
    Date.objects.bulk_create(
        Date(event=each.event, ordinal=ordinal, time_zone=each.time_zone, **asdict(planned))
        for each in loaded
        for ordinal, planned in enumerate(each.dates, start=1)
    )


def _make_types(loaded: Sequence[LoadedEvent]) -> None:
    TicketType.objects.bulk_create(
        _ticket_type(each, entry, ordinal)
        for each in loaded
        for ordinal, entry in enumerate(each.entry.types, start=1)
    )


def _ticket_type(of: LoadedEvent, entry: TypeEntry, ordinal: int) -> TicketType:
    return TicketType(
        event=of.event,
        ordinal=ordinal,
        name=entry.name,
        description=entry.description,
        price_minor=minor_units(entry.price, of.entry.currency),
        fee_minor=minor_units(entry.fee, of.entry.currency),
        tax_basis_points=of.entry.tax_basis_points,
        pools=sorted(of.pools[name].number for name in entry.pools),
        max_per_order=min(entry.max_per_order, of.entry.max_per_order),
        is_seated=entry.is_seated,
        asks_name=entry.asks_name,
        asks_document=entry.asks_document,
    )


def _counters(each: LoadedEvent) -> list[tuple[int, int, int]]:
    return [
        (ordinal, pool.number, pool.capacity)
        for ordinal in range(1, len(each.dates) + 1)
        for pool in each.pools.values()
    ]
