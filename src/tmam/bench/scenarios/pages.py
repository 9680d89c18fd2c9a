"""Pages of the product server, over the demo season, at its own listener and through the front."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from urllib.parse import urlencode

from tmam.bench.measure import Bench
from tmam.bench.results import Result, summarize
from tmam.bench.servers import Address
from tmam.catalog.models import Event, EventStatus
from tmam.demo.load import is_loaded, load_demo

EVENTS_ASKED_FOR = 5
WORDS = ("concert", "jazz", "musem", "teatro", "light", "night", "film", "tour", "garden", "train")
CITIES = ("", "Madrid", "Berlin", "Barcelona", "London", "Paris")
PRICES = range(10, 160)


def measure_pages(bench: Bench, name: str, title: str, paths: list[str], to: Address) -> Result:
    """Ask for pages in turn; nothing is written, so there are no books to check."""
    facts = {"paths": paths}
    series = bench.alternate(name, lambda seconds: bench.load("get", facts, seconds, to=to), None)
    _, compared = bench.through_front(lambda front: bench.load("get", facts, bench.options.seconds, to=front))
    return summarize(bench, name, title, series, [], compared=compared)


def event_paths() -> list[str]:
    """The pages of some events of the demo season, which is loaded if it is not there."""
    _load_season()
    events = Event.objects.filter(status=EventStatus.ON_SALE).exclude(slug="tmam-bench").order_by("id")
    return [f"/en/e/{event.id}-{event.slug}/" for event in events[:EVENTS_ASKED_FOR]]


def search_paths() -> list[str]:
    """Nine thousand searches of the demo season: words (one misspelt), cities, prices.

    Pages are kept for a second, and here no two in a second are the same: each is a search.
    """
    _load_season()
    searches = [
        {"q": word, "place": city, "price-to": str(price), "currency": "EUR"}
        for price in PRICES
        for city in CITIES
        for word in WORDS
    ]
    return [f"/en/?{urlencode(search)}" for search in searches]


def _load_season() -> None:
    if not is_loaded():
        passwords = {part: secrets.token_urlsafe(16) for part in ("buyer", "organizer", "steward")}
        load_demo(now=datetime.now(UTC), passwords=passwords)
