"""The prices of a GTFS feed: `fare_attributes.txt` and `fare_rules.txt` (by zones, by route, or one for all)."""

from __future__ import annotations

from collections import Counter, defaultdict

from babel.numbers import is_currency

from tmam.catalog.fares import zone_pair
from tmam.kernel.money import minor_units
from tmam.timetables.errors import ReferenceUnknownError
from tmam.timetables.feed_files import Feed
from tmam.timetables.fields import Fields
from tmam.timetables.sale import PRICE_MINOR_MAX, FeedFares
from tmam.timetables.troubles import Troubles, shown


def read_feed_fares(feed: Feed, troubles: Troubles) -> FeedFares | None:
    """The feed's own prices, or None if it has none. Of several prices for one thing the lowest counts.

    All in the currency that most of its fares have; rules that look at zones passed through (`contains_id`) are
    not applied, because a ticket here is for two stops.
    """
    if not feed.has("fare_attributes.txt"):
        return None
    prices, currency = _read_prices(feed, troubles)
    if not prices:
        return None
    flat: dict[str | None, int] = {}
    zones: dict[str | None, dict[str, int]] = defaultdict(dict)
    ruled: set[str] = set()
    if feed.has("fare_rules.txt"):
        fields = Fields("fare_rules.txt", troubles)
        for row in feed.rows(fields.file, ("fare_id",), troubles):
            fare_id, route = row["fare_id"], row["route_id"] or None
            if fare_id not in prices:
                troubles(ReferenceUnknownError(fields.file, row.line, "fare_id", shown(fare_id)))
                continue
            ruled.add(fare_id)
            origin, destination = row["origin_id"][:40], row["destination_id"][:40]
            if origin and destination:
                pair = zone_pair(origin, destination)
                zones[route][pair] = min(zones[route].get(pair, PRICE_MINOR_MAX), prices[fare_id])
            elif not origin and not destination and not row["contains_id"]:
                flat[route] = min(flat.get(route, PRICE_MINOR_MAX), prices[fare_id])
    for fare_id, price in prices.items():
        if fare_id not in ruled:
            flat[None] = min(flat.get(None, PRICE_MINOR_MAX), price)
    return FeedFares(currency, flat, dict(zones))


def _read_prices(feed: Feed, troubles: Troubles) -> tuple[dict[str, int], str]:
    fields = Fields("fare_attributes.txt", troubles)
    prices: dict[str, tuple[str, int]] = {}
    for row in feed.rows(fields.file, ("fare_id", "price", "currency_type"), troubles):
        fare_id, currency = fields.text(row, "fare_id"), row["currency_type"]
        if not is_currency(currency):
            fields.wrong(row, "currency_type")
            continue
        try:
            price = minor_units(row["price"], currency)
        except ValueError:
            fields.wrong(row, "price")
            continue
        if fare_id is not None and price <= PRICE_MINOR_MAX:
            prices[fare_id] = (currency, price)
        elif fare_id is not None:
            fields.wrong(row, "price")
    if not prices:
        return {}, ""
    usual = Counter(currency for currency, _ in prices.values()).most_common(1)[0][0]
    return {fare_id: price for fare_id, (currency, price) in prices.items() if currency == usual}, usual
