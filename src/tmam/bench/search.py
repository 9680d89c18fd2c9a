"""How long the database takes for one search, by class of query, and whether the answers are right.

Measured is the time from sending each statement of a search until its rows are here, added up: the database's
work and the way there and back, without any of the product's own Python. Run it on a catalogue of
`tmam.bench.catalogue`: the words of the queries are taken from what is there.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

import psycopg
from django.db import connection, transaction

from tmam.bench.naive_count import naive_count
from tmam.catalog.models import Event, Kind
from tmam.catalog.search import search
from tmam.catalog.search_query import PAGE_MAX, SearchQuery
from tmam.platform.statements import Rows, Verb
from tmam.web.shop.addresses import search_path

R = TypeVar("R")


class Ask(NamedTuple):
    """One query of the mix and the class it is counted in."""

    kind: str
    query: SearchQuery


@dataclass(frozen=True)
class Times:
    """The times of a class of query: how many were taken, and their 50th, 95th and 99th percentile and maximum."""

    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float


@dataclass(frozen=True)
class Mismatch:
    """A query whose total is not what the naive statement counts."""

    query: SearchQuery
    total: int
    counted: int


@dataclass(frozen=True)
class SearchReport:
    """What a run found: times overall and by class, how many totals were counted again, and those that were wrong."""

    overall: Times
    by_class: Mapping[str, Times]
    queries: int
    verified: int
    mismatches: tuple[Mismatch, ...]


def measure_search(
    now: datetime, *, rounds: int = 5, seed: int = 1, verify: int = 40, size: int = 240
) -> SearchReport:
    """Run the mix once to warm up and then `rounds` times in changing order, on Django's connection.

    The totals of `verify` queries of the mix are counted again by a naive statement over the catalogue itself.
    """
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    mix = query_mix(now, chance, size)
    taken: dict[str, list[float]] = {}
    for turn in range(rounds + 1):
        for ask in chance.sample(mix, len(mix)):
            _page, seconds = timed(search(ask.query, now))
            if turn:
                taken.setdefault(ask.kind, []).append(seconds * 1000)
    sample = chance.sample(mix, min(verify, len(mix)))
    return SearchReport(
        overall=_times([each for of_class in taken.values() for each in of_class]),
        by_class={kind: _times(of_class) for kind, of_class in sorted(taken.items())},
        queries=len(mix),
        verified=len(sample),
        mismatches=tuple(verify_totals(sample, now)),
    )


def verify_totals(asks: Sequence[Ask], now: datetime) -> Iterator[Mismatch]:
    """Those queries whose total differs from the naive count. Misspelled ones are counted as they were understood."""
    for ask in asks:
        page, _seconds = timed(search(ask.query, now))
        counted = naive_count(page, now)
        shown_wrong = len(page.found) != min(24, max(0, page.total - 24 * (page.asked.page - 1)))
        if counted != page.total or shown_wrong:
            yield Mismatch(ask.query, page.total, counted)


def timed(verb: Verb[R]) -> tuple[R, float]:
    """Run a verb in a transaction on Django's connection; also the seconds that its statements took."""
    seconds = 0.0
    with transaction.atomic():
        connection.ensure_connection()
        with psycopg.RawCursor(connection.connection) as cursor:
            try:
                statement, arguments = next(verb)
                while True:
                    text = statement.text.encode()
                    started_at = time.perf_counter()
                    cursor.execute(text, arguments)
                    rows: Rows = cursor.fetchall() if cursor.description else []
                    seconds += time.perf_counter() - started_at
                    statement, arguments = verb.send(rows)
            except StopIteration as stop:
                result: R = stop.value
                return result, seconds


def query_mix(now: datetime, chance: random.Random, size: int = 240) -> list[Ask]:
    """A fixed mix of `size` queries or a few more: every class in turn, words taken from the catalogue."""
    makers = list(_makers(now, chance, _catalogue_words(chance)))
    return [
        Ask(kind, query) for turn in range(-(-size // len(makers))) for kind, query in _turn(makers, turn)
    ]


def search_addresses(now: datetime, count: int, seed: int = 1) -> list[str]:
    """Addresses of `count` searches of this catalogue, no two alike, in either language: no cache helps with them.

    Each is a search of the mix, a word and a highest price beside it where that is needed to make one more.
    """
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    mix, found = query_mix(now, chance), _catalogue_words(chance)
    addresses = {search_path("en", ask.query): None for ask in mix if not ask.query.is_everything}
    while len(addresses) < count:
        query = chance.choice(mix).query
        more = chance.choice(("", chance.choice(found.rare), chance.choice(found.titles)))
        query = replace(query, text=f"{query.text} {more}".strip(), page=1)
        if chance.random() < 0.5:
            query = replace(query, price_to_minor=chance.randint(500, 90_000), price_from_minor=None)
        if not query.is_everything:
            addresses[search_path(chance.choice(("en", "es")), query)] = None
    return chance.sample(list(addresses), count)


class _Words(NamedTuple):
    rare: list[str]
    titles: list[str]
    cities: list[str]


def _catalogue_words(chance: random.Random) -> _Words:
    events = Event.objects.filter(status__in=("soon", "on_sale")).select_related("venue").order_by("id")
    sample = chance.sample(list(events), min(200, events.count()))
    titles = [event.title.get("en", "") for event in sample]
    return _Words(
        rare=[title.split()[-1] for title in titles],
        titles=[title.split()[0] for title in titles],
        cities=sorted({event.venue.city for event in sample}),
    )


Maker = tuple[str, Sequence[SearchQuery]]


def _turn(makers: Sequence[Maker], turn: int) -> Iterator[tuple[str, SearchQuery]]:
    for kind, queries in makers:
        yield kind, queries[turn % len(queries)]


def _makers(now: datetime, chance: random.Random, found: _Words) -> Iterator[Maker]:
    """Classes with the queries that take turns in each; what occurs nearly everywhere is asked most."""
    common = [SearchQuery(text=text) for text in _COMMON]
    yield from _words_asked(chance, found, common)
    yield from _kinds_and_places(found, common)
    yield from _days_and_prices(now, common)
    yield from _many_at_once(now)
    yield "misspelled", [SearchQuery(text=_misspelled(chance, word)) for word in found.rare]
    yield "misspelled", [SearchQuery(text=text) for text in _WRONG]


_COMMON = (
    "concert",
    "film",
    "Madrid",
    "concert Madrid",
    "concierto película visita",
    "co",
    "la noche",
    "s",
)
_WRONG = ("concret madird", "pelicla", "symfony", "teatre", "qwertzuiop")


def _words_asked(chance: random.Random, found: _Words, common: Sequence[SearchQuery]) -> Iterator[Maker]:
    yield "rare word", [SearchQuery(text=word) for word in found.rare]
    yield "rare word", [SearchQuery(text=word.lower()[:5]) for word in found.rare]
    yield "title word", [SearchQuery(text=word) for word in found.titles]
    yield "common word", common
    yield "common word", [replace(query, only_available=True) for query in common]
    pages = [replace(common[place % 4], page=chance.randint(2, PAGE_MAX)) for place in range(40)]
    yield "common word, page", pages
    yield "no words", [SearchQuery(when=when) for when in ("any", "today", "weekend", "week", "tomorrow")]
    yield "no words, page", [SearchQuery(when="any", page=chance.randint(2, PAGE_MAX)) for _ in range(40)]


def _kinds_and_places(found: _Words, common: Sequence[SearchQuery]) -> Iterator[Maker]:
    yield "kind", [SearchQuery(kinds=(kind,)) for kind in Kind.values]
    yield "kind", [replace(common[place % 4], kinds=("concert", "tour")) for place in range(4)]
    yield "place", [SearchQuery(place=city) for city in ("Madrid", "España", *found.cities)]
    yield "place", [SearchQuery(text="concert", place=city) for city in ("Madrid", *found.cities)]


def _days_and_prices(now: datetime, common: Sequence[SearchQuery]) -> Iterator[Maker]:
    starts = _starts(now)
    yield "days", [SearchQuery(from_day=day, to_day=day + timedelta(days=3)) for day in starts]
    yield "days", [SearchQuery(text="concert", from_day=day) for day in starts]
    yield "price", [SearchQuery(price_to_minor=limit) for limit in (0, 1500, 4000, 9000)]
    limits = ((3000, "EUR"), (8000, "USD"), (20_000, "JPY"), (6000, "GBP"))
    yield (
        "price",
        [
            replace(query, price_from_minor=1000, price_to_minor=limit, currency=currency)
            for query, (limit, currency) in zip(common, limits, strict=False)
        ],
    )


def _many_at_once(now: datetime) -> Iterator[Maker]:
    kinds_asked: tuple[tuple[str, ...], ...] = ((), ("theatre",), ("cinema",))
    yield "available", [SearchQuery(only_available=True, kinds=kinds) for kinds in kinds_asked]
    everything = SearchQuery(
        text="concert",
        place="Madrid",
        kinds=("concert", "theatre", "museum"),
        price_from_minor=500,
        price_to_minor=7000,
        only_available=True,
    )
    yield (
        "everything at once",
        [replace(everything, from_day=day, to_day=day + timedelta(days=30)) for day in _starts(now)],
    )


def _starts(now: datetime) -> list[date]:
    return [now.date() + timedelta(days=days) for days in (0, 10, 60, 100, 170)]


def _misspelled(chance: random.Random, word: str) -> str:
    place = chance.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _times(taken_ms: Sequence[float]) -> Times:
    ordered = sorted(taken_ms)

    def at(percent: int) -> float:
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]

    return Times(len(ordered), at(50), at(95), at(99), ordered[-1])
