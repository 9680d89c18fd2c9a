"""What a stretch of a trip costs: pure, asked by the pages that show a price and by the hold that keeps it."""

from __future__ import annotations

from tmam.catalog.offers import OfferPattern, OfferType

METRES_PER_KM = 1000


def stretch_price(type_: OfferType, pattern: OfferPattern, from_stop: int, to_stop: int) -> int:
    """The price of a ticket type from one stop of a pattern to a later one, in minor units.

    By distance, the first step that reaches as far as the stretch counts (whole metres, the limit included); by
    zones, the pair of the two stops' zones whichever way one travels. What the fares do not name costs `price_minor`.

    Raises:
        ValueError: these are not two stops of the pattern in the order of travel.
    """
    if not 0 <= from_stop < to_stop <= pattern.last_stop:
        raise ValueError(f"no stretch from stop {from_stop} to {to_stop} of {pattern.last_stop + 1} stops")
    fares = type_.fares
    if fares.by == "distance":
        metres = pattern.distance_m[to_stop] - pattern.distance_m[from_stop]
        for up_to_km, price_minor in sorted(fares.steps):
            if metres <= up_to_km * METRES_PER_KM:
                return price_minor
    elif fares.by == "zones":
        return fares.prices.get(
            zone_pair(pattern.zones[from_stop], pattern.zones[to_stop]), type_.price_minor
        )
    return type_.price_minor


def zone_pair(one: str, other: str) -> str:
    """The key of two fare zones in a price table: in alphabetical order, so both ways cost the same."""
    return " ".join(sorted((one, other)))
