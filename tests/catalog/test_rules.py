from datetime import UTC, datetime, timedelta

import pytest

from tmam.catalog.rules import SaleState, SalesWindow, date_places, level, sale_state, type_places

NOW = datetime(2026, 12, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def window(
    status: str = "on_sale", *, is_cancelled: bool = False, opens: timedelta = -HOUR, closes: timedelta = HOUR
) -> SalesWindow:
    return SalesWindow(status, is_cancelled, NOW + opens, NOW + closes)


@pytest.mark.parametrize(
    ("given", "left", "state"),
    [
        (window(), 100, SaleState.PLENTY),
        (window(), 10, SaleState.FEW),
        (window(), 0, SaleState.SOLD_OUT),
        (window(opens=HOUR / 2), 100, SaleState.SOON),
        (window(closes=timedelta(0)), 100, SaleState.ENDED),
        (window("soon"), 100, SaleState.SOON),
        (window("cancelled", closes=-HOUR), 100, SaleState.CANCELLED),
        (window(is_cancelled=True), 100, SaleState.CANCELLED),
    ],
)
def test_sale_state(given: SalesWindow, left: int, state: SaleState) -> None:
    assert sale_state(given, 200, left, NOW) is state


def test_only_few_and_plenty_can_be_bought() -> None:
    assert [state for state in SaleState if state.is_open] == [SaleState.FEW, SaleState.PLENTY]


@pytest.mark.parametrize(
    ("capacity", "left", "state"),
    [(10, 10, "few"), (11, 11, "plenty"), (1000, 50, "few"), (1000, 51, "plenty"), (1000, -1, "sold_out")],
)
def test_level(capacity: int, left: int, state: str) -> None:
    assert level(capacity, left) == state


def test_a_ticket_type_has_what_its_scarcest_pool_has() -> None:
    assert type_places([1, 2], {1: (50, 3), 2: (200, 120)}) == (50, 3)
    assert type_places([1, 9], {1: (50, 3)}) == (0, 0)
    assert type_places([], {}) == (0, 0)


def test_places_of_shared_pools_are_counted_once() -> None:
    early_bird_and_hall = {1: (50, 3), 2: (200, 120)}
    assert date_places([(1, 2), (2,), (2,)], early_bird_and_hall) == (200, 120)


def test_places_of_separate_pools_add_up() -> None:
    assert date_places([(1,), (2,)], {1: (50, 3), 2: (200, 120)}) == (250, 123)


def test_sections_cannot_hold_more_than_the_hall() -> None:
    assert date_places([(1, 9), (2, 9)], {1: (80, 60), 2: (80, 60), 9: (100, 70)}) == (100, 70)
