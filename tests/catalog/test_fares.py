from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmam.catalog.fares import stretch_price, zone_pair
from tmam.catalog.offers import Fares, OfferPattern, OfferType

PATTERN = OfferPattern(
    ordinal=1,
    arrival_s=(0, 600, 1500, 3000),
    departure_s=(0, 660, 1560, 3000),
    distance_m=(0, 50_000, 50_001, 200_000),
    zones=("B", "A", "", "C"),
)


def type_with(fares: Fares, price_minor: int = 9900) -> OfferType:
    return OfferType(
        ordinal=1,
        name={"en": "Adult"},
        price_minor=price_minor,
        fee_minor=0,
        tax_basis_points=0,
        pools=(1,),
        dates=frozenset(),
        min_per_order=1,
        max_per_order=9,
        is_seated=False,
        asks_name=False,
        asks_document=False,
        fares=fares,
    )


@pytest.mark.parametrize(
    ("from_stop", "to_stop", "price"),
    [(0, 1, 900), (0, 2, 1500), (1, 2, 900), (2, 3, 9900), (0, 3, 9900)],
    ids=[
        "as far as the step",
        "one metre further",
        "the difference counts",
        "beyond all steps",
        "whole trip",
    ],
)
def test_distance_steps(from_stop: int, to_stop: int, price: int) -> None:
    by_distance = type_with(Fares(by="distance", steps=((50, 900), (120, 1500))))
    assert stretch_price(by_distance, PATTERN, from_stop, to_stop) == price


def test_steps_may_be_written_in_any_order() -> None:
    assert stretch_price(type_with(Fares("distance", ((120, 1500), (50, 900)))), PATTERN, 0, 1) == 900


def test_zones_cost_the_same_both_ways_and_unnamed_pairs_the_whole_price() -> None:
    by_zones = type_with(Fares(by="zones", prices={"A B": 450, "A C": 700}))
    assert stretch_price(by_zones, PATTERN, 0, 1) == 450
    assert stretch_price(by_zones, PATTERN, 1, 3) == 700
    assert stretch_price(by_zones, PATTERN, 0, 3) == 9900
    assert zone_pair("C", "A") == zone_pair("A", "C") == "A C"


def test_without_fares_every_stretch_costs_the_price() -> None:
    assert stretch_price(type_with(Fares()), PATTERN, 2, 3) == 9900


@pytest.mark.parametrize(("from_stop", "to_stop"), [(1, 1), (2, 1), (-1, 2), (0, 4), (-2, -1)])
def test_what_is_no_stretch_is_a_mistake_of_the_caller(from_stop: int, to_stop: int) -> None:
    with pytest.raises(ValueError, match="no stretch"):
        stretch_price(type_with(Fares()), PATTERN, from_stop, to_stop)


@given(
    st.lists(st.integers(0, 10**6), min_size=2, max_size=8).map(sorted),
    st.dictionaries(st.integers(1, 1200), st.integers(0, 10**5), max_size=6),
)
def test_a_shorter_stretch_never_needs_a_longer_step(distances: list[int], steps: dict[int, int]) -> None:
    """With prices that rise with the distance, riding less far never costs more."""
    rising = tuple(zip(sorted(steps), sorted(steps.values()), strict=True))
    by_distance = type_with(Fares("distance", rising), price_minor=10**6)
    pattern = OfferPattern(1, (0,) * len(distances), (0,) * len(distances), tuple(distances), ("",) * 8)
    last = len(distances) - 1
    for to_stop in range(1, last):
        assert stretch_price(by_distance, pattern, 0, to_stop) <= stretch_price(by_distance, pattern, 0, last)
