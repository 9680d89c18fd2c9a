"""A made-up catalogue of any size, the same for the same seed: for measuring search and pages.

It is loaded in bulk and then summarized by the product's own code. Each pool's counter is as large as what is
free of it and nothing is sold, so the books stay right; a sold-out date has counters of zero.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from tmam.bench import catalogue_words as vocabulary
from tmam.bench.catalogue_words import City, Habit
from tmam.catalog.models import Date, Event, TicketType, Venue
from tmam.catalog.summaries import refresh_summaries
from tmam.inventory.counter_keys import pool_counter_id
from tmam.organizers.models import Organizer

ORGANIZERS = 40
HORIZON_DAYS = 240
EUROS_TO_MINOR = {"EUR": 100, "GBP": 90, "USD": 110, "CLP": 1_000, "JPY": 160}
ALL_PLACES, BALCONY = 1, 2  # the two pools of every date


@dataclass(frozen=True)
class CatalogueSize:
    """How much to make. Events get their kind's usual number of dates, stretched until all dates are used up."""

    dates: int = 100_000
    events: int = 4_000
    venues: int = 2_000


@dataclass(frozen=True)
class PlannedEvent:
    """An event about to be loaded: where, of which habit, its dates as `(starts_at, free places)`."""

    venue: Venue
    city: City
    habit: Habit
    dates: Sequence[tuple[datetime, int]]


@transaction.atomic
def load_catalogue(now: datetime, size: CatalogueSize = CatalogueSize(), seed: int = 1) -> list[int]:
    """Load a catalogue around `now` in one transaction and return its events' numbers."""
    chance = random.Random(seed)  # noqa: S311 - a drawing hand, not a secret
    prefix = f"bench-{seed}"
    organizers = Organizer.objects.bulk_create(_organizers(chance, prefix))
    cities = chance.choices(
        vocabulary.CITIES, [_city_venues(city) for city in vocabulary.CITIES], k=size.venues
    )
    venues = Venue.objects.bulk_create(
        [_venue(chance, city, f"{prefix}-{number}") for number, city in enumerate(cities)], batch_size=1000
    )
    planned = _plan(chance, list(zip(venues, cities, strict=True)), now, size)
    events = Event.objects.bulk_create(
        [_event(chance, each, chance.choice(organizers)) for each in planned], batch_size=1000
    )
    TicketType.objects.bulk_create(
        [row for event, each in zip(events, planned, strict=True) for row in _types(chance, event, each)],
        batch_size=2000,
    )
    pairs = list(zip(events, planned, strict=True))
    others = _other_date_columns()
    _copy(
        "catalog_date",
        (*DATE_COLUMNS, *others),
        ((*row, *others.values()) for event, each in pairs for row in _date_rows(event, each, now)),
    )
    _copy(
        "inventory_counter",
        COUNTER_COLUMNS,
        (row for event, each in pairs for row in _counter_rows(event, each)),
    )
    free = {event.id: _places(each) for event, each in pairs}
    refresh_summaries(free, now, free.__getitem__)
    analyze()
    return list(free)


def analyze() -> None:
    """Tell the planner what there is now, as autovacuum would a minute later."""
    with connection.cursor() as cursor:
        for table in ("event", "venue", "date", "tickettype", "datesummary", "eventsummary", "searchword"):
            cursor.execute(f"ANALYZE catalog_{table}")
        cursor.execute("ANALYZE inventory_counter")


def _city_venues(city: City) -> float:
    """Large cities have more houses, but not as many more as they have events."""
    return float(city.weight**0.6)


def _plan(
    chance: random.Random, places: Sequence[tuple[Venue, City]], now: datetime, size: CatalogueSize
) -> list[PlannedEvent]:
    by_city: dict[City, list[Venue]] = {}
    for venue, city in places:
        by_city.setdefault(city, []).append(venue)
    known = list(by_city)
    cities = chance.choices(known, [city.weight for city in known], k=size.events)
    habits = chance.choices(vocabulary.HABITS, [habit.percent for habit in vocabulary.HABITS], k=size.events)
    counts = _date_counts(chance, habits, size.dates)
    return [
        PlannedEvent(chance.choice(by_city[city]), city, habit, _dates(chance, habit, city, count, now))
        for city, habit, count in zip(cities, habits, counts, strict=True)
    ]


def _date_counts(chance: random.Random, habits: Sequence[Habit], dates: int) -> list[int]:
    """How many dates each event gets: its kind's usual number, scaled so that all add up to `dates`."""
    wanted = [chance.randint(habit.dates_min, habit.dates_max) for habit in habits]
    scale = (dates - len(habits)) / max(1, sum(wanted) - len(habits))
    counts = [1 + int((count - 1) * scale) for count in wanted]
    left = dates - sum(counts)
    largest = sorted(range(len(counts)), key=lambda place: -wanted[place])
    for turn in range(left):
        counts[largest[turn % len(largest)]] += 1
    return counts


def _dates(
    chance: random.Random, habit: Habit, city: City, count: int, now: datetime
) -> list[tuple[datetime, int]]:
    zone = ZoneInfo(city.time_zone)
    first = now.astimezone(zone).date() + timedelta(days=chance.randint(1, HORIZON_DAYS))
    gap = chance.choice((0, 0, 1, 2, 6)) if habit.dates_max > 4 else chance.choice((0, 0, 0, 5))
    shows_a_day = 1 if habit.hours > 3 or count < 20 else chance.choice((1, 2, 3))
    sold_out = chance.choice((0.0, 0.0, 0.05, 0.5))
    return [
        (
            _moment(first + timedelta(days=number // shows_a_day * (gap + 1)), number % shows_a_day, zone),
            0 if chance.random() < sold_out else chance.choice((30, 120, 400, 1500)),
        )
        for number in range(count)
    ]


def _moment(day: date, show: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(20 - 4 * show), tzinfo=zone)


def _organizers(chance: random.Random, prefix: str) -> Iterator[Organizer]:
    for number in range(ORGANIZERS):
        name = f"{chance.choice(vocabulary.LAST_NAMES)} & {chance.choice(vocabulary.LAST_NAMES)}"
        yield Organizer(
            slug=f"{prefix}-{number}", name=name, legal_name=name, country="ES", email="office@bench.example"
        )


def _venue(chance: random.Random, city: City, slug: str) -> Venue:
    name = f"{chance.choice(vocabulary.VENUE_WORDS)} {_rare_word(chance)}"
    street = f"Calle {chance.choice(vocabulary.LAST_NAMES)} {chance.randint(1, 99)}"
    return Venue(
        slug=slug,
        name=name,
        street=street,
        postal_code=str(chance.randint(10_000, 59_999)),
        city=city.name,
        country=city.country,
        time_zone=city.time_zone,
    )


def _event(chance: random.Random, planned: PlannedEvent, organizer: Organizer) -> Event:
    adjective, noun = chance.choice(vocabulary.ADJECTIVES), chance.choice(vocabulary.NOUNS)
    rare = _rare_word(chance)
    performers = [
        f"{chance.choice(vocabulary.FIRST_NAMES)} {chance.choice(vocabulary.LAST_NAMES)}"
        for _ in range(chance.randint(0, 3))
    ]
    if planned.habit.kind == "concert":
        performers.append(f"{rare} {chance.choice(vocabulary.GROUP_WORDS)}")
    genre = chance.choice(vocabulary.GENRES)
    told = chance.sample(vocabulary.SENTENCES, 7)
    described = {
        language: ". ".join([f"{rare}, {genre}", *(sentence[place] for sentence in told)])
        + f". {vocabulary.HOUSE_RULES[place]}"
        for place, language in enumerate(("en", "es"))
    }
    return Event(
        organizer=organizer,
        venue=planned.venue,
        slug=f"{adjective[0]}-{noun[0]}-{rare}".lower(),
        kind=planned.habit.kind,
        status="soon" if chance.random() < 0.05 else "on_sale",
        title={"en": f"{adjective[0]} {noun[0]} of {rare}", "es": f"{noun[1]} {adjective[1]} de {rare}"},
        summary={"en": f"{genre}: {told[0][0]}.", "es": f"{genre}: {told[0][1]}."},
        description=described,
        performers=performers,
        currency=planned.city.currency,
        poster_seed=rare.lower(),
    )


def _rare_word(chance: random.Random) -> str:
    return "".join(chance.choices(vocabulary.SYLLABLES, k=4)).capitalize()


def _types(chance: random.Random, event: Event, planned: PlannedEvent) -> Iterator[TicketType]:
    habit, rate = planned.habit, EUROS_TO_MINOR[event.currency]
    full = chance.randint(habit.price_min, habit.price_max)
    # One event in four sells its second half of dates dearer: prices then depend on the date.
    half = list(range(len(planned.dates) // 2 + 1, len(planned.dates) + 1))
    offers: list[tuple[str, int, list[int], list[int]]] = [("Standard", full, [ALL_PLACES], [])]
    if chance.random() < 0.7:
        offers.append(("Reduced", full * 7 // 10, [ALL_PLACES], []))
    if chance.random() < 0.3:
        offers.append(("Balcony", full + 15, [ALL_PLACES, BALCONY], []))
    if chance.random() < 0.25 and len(planned.dates) > 1:
        offers.append(("Premium", full + 40, [ALL_PLACES, BALCONY], half))
    for ordinal, (name, price, pools, dates) in enumerate(offers, start=1):
        yield TicketType(
            event=event,
            ordinal=ordinal,
            name={"en": name, "es": name},
            price_minor=price * rate,
            pools=pools,
            dates=dates,
        )


DATE_COLUMNS = ("event_id", "ordinal", "starts_at", "ends_at", "sales_start_at", "sales_end_at", "time_zone")


def _other_date_columns() -> dict[str, Any]:
    """What a date's other columns are by default: COPY knows nothing of the model's defaults."""
    fields = [field for field in Date._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 - Django's own API
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in fields
        if field.column not in DATE_COLUMNS
    }


def _date_rows(event: Event, planned: PlannedEvent, now: datetime) -> Iterator[tuple[Any, ...]]:
    opens_at = now + timedelta(days=5 if event.id % 10 == 0 else -30)
    for ordinal, (starts_at, _free) in enumerate(planned.dates, start=1):
        ends_at = starts_at + timedelta(hours=planned.habit.hours)
        yield event.id, ordinal, starts_at, ends_at, opens_at, starts_at, planned.city.time_zone


COUNTER_COLUMNS = ("event_id", "id", "kind", "date_ordinal", "segment", "pool", "capacity")


def _counter_rows(event: Event, planned: PlannedEvent) -> Iterator[tuple[Any, ...]]:
    for (ordinal, pool), (capacity, _free) in _places(planned).items():
        yield event.id, pool_counter_id(ordinal, 0, pool), "pool", ordinal, 0, pool, capacity


def _places(planned: PlannedEvent) -> dict[tuple[int, int], tuple[int, int]]:
    """`(date_ordinal, pool)` → `(capacity, free)`."""
    return {
        (ordinal, pool): (size, size)
        for ordinal, (_, free) in enumerate(planned.dates, start=1)
        for pool, size in ((ALL_PLACES, free), (BALCONY, free // 5))
    }


def _copy(table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
