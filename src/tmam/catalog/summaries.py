"""Keeps the rows that search reads (`DateSummary`, `EventSummary`, `SearchWord`) in step with the catalogue.

What is free is known by the inventory, a layer above; callers hand its answer in as `places`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from babel import Locale
from django.conf import settings
from django.db import transaction

from tmam.catalog import words
from tmam.catalog.models import Date, Event, EventStatus, EventSummary, TicketType, Venue
from tmam.catalog.rules import date_places
from tmam.platform.event_log import Entry
from tmam.platform.statements import Verb, run_verb, statement

# Of one event: (date_ordinal, pool) → (capacity, free).
Places: TypeAlias = Mapping[tuple[int, int], tuple[int, int]]
PlacesOf: TypeAlias = Callable[[int], Places]

EVENTS_PER_BATCH = 100
SHOWN = (EventStatus.SOON, EventStatus.ON_SALE)
# Facts whose name begins with one of these words change what is on offer or how much of it is left.
CHANGES_PLACES = frozenset({"order", "refund", "inventory"})
CHANGES_OFFER = CHANGES_PLACES | {"event", "date"}


class DateRow(NamedTuple):
    """One row of `catalog_datesummary`, in the order of `sql/put_date_summaries.sql`."""

    event_id: int
    date_ordinal: int
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    local_day: date
    sales_start_at: datetime
    sales_end_at: datetime
    prices_minor: str  # an integer[] literal: arrays of arrays must not be ragged
    capacity: int
    available: int


def refresh_summaries(event_ids: Iterable[int], now: datetime, places: PlacesOf) -> int:
    """Write the search rows of some events anew; drafts, cancelled and past ones lose theirs.

    Returns how many events were looked at. Each hundred events are one transaction.
    """
    ids = sorted(set(event_ids))
    for start in range(0, len(ids), EVENTS_PER_BATCH):
        _refresh_batch(ids[start : start + EVENTS_PER_BATCH], now, places)
    return len(ids)


def refresh_summaries_once(now: datetime, places: PlacesOf, limit: int = EVENTS_PER_BATCH) -> int:
    """Refresh what is missing or has grown stale by itself (a sale opened or closed, a date ended).

    The worker calls this every few seconds. Returns how many events were refreshed, at most `limit`.
    """
    return refresh_summaries(run_verb(_stale_events(now, limit)), now, places)


def refresh_all_summaries(now: datetime, places: PlacesOf) -> int:
    """Refresh every event: after a catalogue was loaded or changed in bulk."""
    return refresh_summaries(Event.objects.values_list("id", flat=True), now, places)


def on_log_entries(entries: Sequence[Entry], places: PlacesOf) -> int:
    """Follow the event log: refresh each event whose places or offer some entries changed.

    The moment is that of the newest entry; should it lie back a little, `refresh_summaries_once` soon catches up.
    An imported line may have tens of thousands of dates, and people ask the search for trips what is left on one of
    them: its sales alone do not refresh it, the end of its next trip does. Returns how many events were refreshed.
    """
    changed = [entry for entry in entries if entry.event_id and _subject(entry) in CHANGES_OFFER]
    if not changed:
        return 0
    offers = {entry.event_id for entry in changed if _subject(entry) not in CHANGES_PLACES}
    sold = {entry.event_id for entry in changed} - offers
    lines = Event.objects.filter(id__in=sold, import_key__isnull=False).values_list("id", flat=True)
    return refresh_summaries(offers | (sold - set(lines)), max(entry.at for entry in changed), places)


def _subject(entry: Entry) -> str:
    return entry.name.partition(".")[0]


def _stale_events(now: datetime, limit: int) -> Verb[list[int]]:
    rows = yield statement("tmam.catalog", "stale_summaries"), (now, limit)
    return [event_id for (event_id,) in rows]


@transaction.atomic
def _refresh_batch(ids: Sequence[int], now: datetime, places: PlacesOf) -> None:
    # Two refreshers of one event take turns, so that the later one writes what it read later.
    list(
        EventSummary.objects.select_for_update()
        .filter(event_id__in=ids)
        .order_by("event_id")
        .values_list("event_id")
    )
    events = Event.objects.filter(id__in=ids, status__in=SHOWN).select_related("venue", "organizer")
    by_id = {event.id: event for event in events.prefetch_related("ticket_types")}
    dates = Date.objects.filter(event_id__in=by_id, ends_at__gt=now, is_cancelled=False)
    places_by_event = {event_id: places(event_id) for event_id in by_id}
    rows = [row for date in dates if (row := _date_row(by_id[date.event_id], date, places_by_event))]
    documents = {event.id: search_document(event) for event in by_id.values()}
    run_verb(_write(ids, rows, documents, now))


def _write(
    ids: Sequence[int], rows: Sequence[DateRow], documents: Mapping[int, str], now: datetime
) -> Verb[None]:
    package = "tmam.catalog"
    if rows:
        columns = tuple(list(column) for column in zip(*rows, strict=True))
        yield statement(package, "put_date_summaries"), columns
    kept = ([row.event_id for row in rows], [row.date_ordinal for row in rows])
    yield statement(package, "drop_date_summaries"), (list(ids), *kept)
    yield statement(package, "drop_event_summaries"), (list(ids),)
    if documents:
        yield statement(package, "put_event_summaries"), (list(documents), list(documents.values()), now)
        yield statement(package, "put_search_words"), (sorted(_helpful_words(documents.values())),)


def _date_row(event: Event, date: Date, places_by_event: Mapping[int, Places]) -> DateRow | None:
    types = [type_ for type_ in event.ticket_types.all() if not type_.dates or date.ordinal in type_.dates]
    if not types:
        return None
    all_places = places_by_event[event.id]
    pools = {pool for type_ in types for pool in type_.pools}
    of_date = {pool: all_places[date.ordinal, pool] for pool in pools if (date.ordinal, pool) in all_places}
    capacity, available = date_places([tuple(type_.pools) for type_ in types], of_date)
    return DateRow(
        event_id=event.id,
        date_ordinal=date.ordinal,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        time_zone=date.time_zone,
        local_day=date.starts_at.astimezone(ZoneInfo(date.time_zone)).date(),
        sales_start_at=date.sales_start_at,
        sales_end_at=date.sales_end_at,
        prices_minor=_price_array(types),
        capacity=capacity,
        available=available,
    )


def _price_array(types: Sequence[TicketType]) -> str:
    prices = sorted({type_.price_minor for type_ in types})
    return "{" + ",".join(str(price) for price in prices) + "}"


def search_document(event: Event) -> str:
    """The `tsvector` literal of an event's words, by weight (see `EventSummary`)."""
    return words.document_literal(
        {
            words.TITLE: [*_texts(event.title), *event.performers],
            words.SUBJECT: [words.KIND_WORDS.get(event.kind, event.kind), *_texts(event.summary)],
            words.PLACE: place_texts(event.venue),
            words.REST: [event.organizer.name, *_texts(event.description)],
        }
    )


def place_texts(venue: Venue) -> list[str]:
    """What people may call a venue's place: its names, its address, its country in every language of ours."""
    countries = {Locale.parse(code).territories.get(venue.country, "") for code, _ in settings.LANGUAGES}
    return [
        venue.name,
        venue.street,
        venue.postal_code,
        venue.city,
        venue.region,
        venue.country,
        *sorted(countries),
    ]


def _texts(texts: Mapping[str, str]) -> Iterator[str]:
    return (text for _, text in sorted(texts.items()))


def _helpful_words(documents: Iterable[str]) -> set[str]:
    found = {part.partition("':")[0].lstrip("'") for document in documents for part in document.split()}
    return {word for word in found if len(word) > 3 and not word.isdigit()}
