"""What the scenarios put on sale and ask for."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tmam.bench import seed
from tmam.bench.books.check_books import check_books
from tmam.bench.run import GROUPS, NAMES
from tmam.bench.scenarios import gate, seats, trips
from tmam.bench.seed import Hall
from tmam.catalog.models import Date, Event, EventStatus
from tmam.inventory.models import Claim, Counter

HALL = Hall(blocks=2, rows=3, seats_per_row=40)


def test_every_scenario_has_a_module_and_a_name_to_ask_for_it() -> None:
    folder = Path(seed.__file__).parent / "scenarios"
    every = {name for group in GROUPS.values() for name in group if name not in GROUPS}
    assert every <= {path.stem for path in folder.glob("*.py")}
    assert every <= set(NAMES)


def test_of_each_row_two_seats_are_left() -> None:
    orders = seats.sold_seats(HALL)
    sold = [seat for order in orders for seat in order]
    assert len(sold) == len(set(sold)) == 6 * 38
    assert set(sold) < set(range(1, HALL.seats + 1))
    assert max(len(order) for order in orders) <= seed.MOST_PER_ORDER
    assert orders == seats.sold_seats(HALL)


def test_what_is_left_lies_in_twos_and_in_ones() -> None:
    chance = random.Random(1)  # noqa: S311 - no secret hangs on it
    left = [sorted(seats.free_in_row(chance, 40)) for _ in range(1_000)]
    assert all(len(row) == 2 and 0 <= row[0] < row[1] < 40 for row in left)
    together = sum(row[1] - row[0] == 1 for row in left)
    assert 500 < together < 700


@pytest.mark.usefixtures("live_database")
def test_a_nearly_full_hall(dsn: str) -> None:
    event = seats.nearly_full(HALL)
    counter = Counter.objects.get(event_id=event.id, kind="pool")
    assert (counter.capacity, counter.sold, counter.held) == (240, 228, 0)
    assert Claim.objects.filter(event_id=event.id).count() == 228
    assert Event.objects.get(id=event.id).avoid_single_seats
    assert check_books(dsn, [event.id]) == []


@pytest.mark.usefixtures("live_database")
def test_trips_have_counters_for_each_segment_and_go_when_the_database_is_somebodys() -> None:
    event = seed.make_trips("A line", trips=2, segments=20, train=Hall(1, 2, 4))
    assert Date.objects.filter(event=event, pattern=1).count() == 2
    assert set(Counter.objects.filter(event_id=event.id).values_list("capacity", "segment")) == {
        (8, segment) for segment in range(20)
    }
    seed.take_off_sale()
    assert Event.objects.get(id=event.id).status == EventStatus.DRAFT


def test_wishes_go_from_any_stop_to_any_later_one() -> None:
    lines = [json.loads(body)["lines"][0] for body in trips.wishes(7, 5)]
    assert {(line["from_stop"], line["to_stop"]) for line in lines} == {
        (start, end) for start in range(21) for end in range(start + 1, 21)
    }
    assert {line["date"] for line in lines} == {1, 2, 3, 4, 5}


def test_tokens_are_dealt_out(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("a\nb\nc\nd\n", encoding="ascii")
    parts = gate.deal_out(tokens, [1, 2, 3])
    assert [part.read_text(encoding="ascii") for part in parts] == ["a\n", "b\nc\n", "d\n"]
