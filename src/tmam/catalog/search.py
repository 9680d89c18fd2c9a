"""Search over what is on offer: words with spelling help, place, days, kinds, prices, what can be bought now.

How it stays fast with a hundred thousand dates: `EventSummary` says why.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tmam.catalog import words
from tmam.catalog.rules import SaleState, SalesWindow, sale_state
from tmam.catalog.search_query import SearchQuery
from tmam.catalog.spelling import nearest_word
from tmam.catalog.understand import Days, days_meant, understood
from tmam.platform.statements import Row, Verb, statement

PACKAGE = "tmam.catalog"
PAGE_SIZE = 24
WORDS_MAX = 8


@dataclass(frozen=True)
class Found:
    """One event of a result page, with the first of its matching dates that can be bought (else the first)."""

    event_id: int
    slug: str
    kind: str
    title: dict[str, str]
    summary: dict[str, str]
    currency: str
    poster_seed: str
    venue: str
    city: str
    country: str
    date_ordinal: int
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    sales_start_at: datetime
    state: SaleState
    left: int
    dates: int
    last_starts_at: datetime
    price_from_minor: int
    has_many_prices: bool

    @property
    def more_dates(self) -> int:
        """How many matching dates there are besides the one shown."""
        return self.dates - 1


@dataclass(frozen=True)
class Count:
    """How many events one more choice would leave."""

    value: str
    events: int
    country: str = ""


@dataclass(frozen=True)
class SearchPage:
    """One page of an answer.

    `asked` is what was searched in the end, `corrections` what spelling help changed (typed word → word),
    `is_understood` whether a time was read out of the text.
    """

    asked: SearchQuery
    days: Days
    total: int
    found: tuple[Found, ...] = ()
    kinds: tuple[Count, ...] = ()
    cities: tuple[Count, ...] = ()
    corrections: dict[str, str] = field(default_factory=dict)
    is_understood: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-self.total // PAGE_SIZE)


def search(query: SearchQuery, now: datetime, page_size: int = PAGE_SIZE) -> Verb[SearchPage]:
    """The events that match, best first: by how many words stand in title or performers, then by day.

    A time phrase at either end of the text is read as a filter. If nothing matches, words that occur nowhere
    are spelled anew; if still nothing matches, the phrase counts as plain words again.
    """
    read = understood(query)
    if read is not None:
        page = yield from _search_spelled(read, now, page_size)
        if page.total:
            return replace(page, is_understood=True)
    return (yield from _search_spelled(query, now, page_size))


def count_matches(query: SearchQuery, now: datetime) -> Verb[int]:
    """How many events match, without spelling help."""
    total, *_ = yield from _match(query, (yield from _days(query, now)), now, 0)
    return int(total)


def currencies_on_offer() -> Verb[tuple[str, ...]]:
    """The currencies that something is sold in, the commonest first."""
    rows = yield statement(PACKAGE, "currencies_on_offer"), ()
    return tuple(currency for (currency,) in rows)


def _search_spelled(query: SearchQuery, now: datetime, page_size: int) -> Verb[SearchPage]:
    days = yield from _days(query, now)
    row = yield from _match(query, days, now, page_size)
    corrections: dict[str, str] = {}
    if not row[0] and (query.text or query.place):
        corrections = yield from _corrections(query)
        if corrections:
            query = _corrected(query, corrections)
            row = yield from _match(query, days, now, page_size)
    total, ids, kinds, cities = row
    found = yield from _cards(ids, query, days, now)
    return SearchPage(
        asked=query,
        days=days,
        total=total,
        found=found,
        kinds=tuple(Count(kind, events) for kind, events in json.loads(kinds)),
        cities=tuple(Count(city, events, country) for city, country, events in json.loads(cities)),
        corrections=corrections,
    )


def _days(query: SearchQuery, now: datetime) -> Verb[Days]:
    zones: frozenset[str] = frozenset()
    if query.when not in {"", "any"}:
        rows = yield statement(PACKAGE, "time_zones_on_offer"), ()
        zones = frozenset(zone for (zone,) in rows)
    return days_meant(query, now, zones)


def _match(query: SearchQuery, days: Days, now: datetime, page_size: int) -> Verb[Row]:
    text_words = words.query_words(query.text, WORDS_MAX)
    place_words = words.query_words(query.place, WORDS_MAX)
    last = text_words[-1:]
    in_text = [words.word_condition(word, is_last=[word] == last) for word in text_words]
    in_place = [words.word_condition(word, is_last=True) for word in place_words]
    rows = yield (
        statement(PACKAGE, "search_events"),
        (
            now,
            words.all_of(in_text),
            in_text or None,
            days.first,
            days.last,
            query.price_from_minor,
            query.price_to_minor,
            query.currency if query.has_price else None,
            query.only_available,
            list(query.kinds) or None,
            page_size,
            (query.page - 1) * page_size,
            words.all_of(in_place),
        ),
    )
    return rows[0]


def _cards(ids: Sequence[int], query: SearchQuery, days: Days, now: datetime) -> Verb[tuple[Found, ...]]:
    if not ids:
        return ()
    rows = yield (
        statement(PACKAGE, "search_dates"),
        (
            list(ids),
            now,
            days.first,
            days.last,
            query.price_from_minor,
            query.price_to_minor,
            query.only_available,
        ),
    )
    return tuple(_card(row, now) for row in rows)


def _card(row: Row, now: datetime) -> Found:
    event_id, slug, kind, status, title, summary, currency, poster_seed, venue, city, country, *date = row
    (
        ordinal,
        starts_at,
        ends_at,
        time_zone,
        sales_start_at,
        sales_end_at,
        capacity,
        left,
        dates,
        last,
        price_from,
        many,
    ) = date
    window = SalesWindow(status, is_cancelled=False, sales_start_at=sales_start_at, sales_end_at=sales_end_at)
    return Found(
        event_id=event_id,
        slug=slug,
        kind=kind,
        title=_texts(title),
        summary=_texts(summary),
        currency=currency,
        poster_seed=poster_seed,
        venue=venue,
        city=city,
        country=country,
        date_ordinal=ordinal,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=time_zone,
        sales_start_at=sales_start_at,
        state=sale_state(window, capacity, left, now),
        left=left,
        dates=dates,
        last_starts_at=last,
        price_from_minor=price_from,
        has_many_prices=many,
    )


def _texts(text: str) -> dict[str, str]:
    texts: Any = json.loads(text)
    return dict(texts)


def _corrections(query: SearchQuery) -> Verb[dict[str, str]]:
    """For words of the query that occur nowhere: the word that was probably meant."""
    typed = words.query_words(query.text, WORDS_MAX) + words.query_words(query.place, WORDS_MAX)
    yield statement(PACKAGE, "widen_spelling"), ()
    rows = yield statement(PACKAGE, "similar_words"), (typed,)
    candidates: dict[str, list[str]] = {}
    for word, candidate in rows:
        candidates.setdefault(word, []).append(candidate)
    nearest = {word: nearest_word(word, found) for word, found in candidates.items()}
    return {word: meant for word, meant in nearest.items() if meant}


def _corrected(query: SearchQuery, corrections: dict[str, str]) -> SearchQuery:
    def respell(text: str) -> str:
        return " ".join(corrections.get("".join(words.words_of(part)), part) for part in text.split())

    return replace(query, text=respell(query.text), place=respell(query.place))
