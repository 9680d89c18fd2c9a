"""`tmam import`: what the operator types, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cast import make_organizer, unique
from tests.timetables.feeds import COAST, write_feed
from tmam.catalog.models import Event
from tmam.cli.import_timetable import ImportOptions, run_import_flights, run_import_gtfs
from tmam.cli.operator_error import OperatorError
from tmam.gates.models import Gate
from tmam.platform.settings import current_settings

SALE = 'capacity = 50\ntypes = [{ name = { en = "Adult" }, price = "9" }]\n'


@pytest.fixture
def sale(tmp_path: Path) -> Path:
    path = tmp_path / "sale.toml"
    path.write_text(SALE)
    return path


@pytest.fixture
def slug(live_database: None) -> str:
    return str(make_organizer(slug=unique("rail")).slug)


def options(slug: str, sale: Path | None, **changes: Any) -> ImportOptions:
    return ImportOptions(slug, "2026-12-02", 2, sale=sale, **changes)


def test_a_feed_is_imported_and_told_of(
    slug: str, sale: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    feed = write_feed(tmp_path / "feed")
    assert run_import_gtfs(current_settings(), feed, options(slug, sale)) == 0
    told = capsys.readouterr()
    assert "1 lines: 4 trips new, 0 changed, 0 withdrawn, 0 as before" in told.out
    assert "4 trips imported" in told.err
    event = Event.objects.get(import_key=f"{slug}:R1")
    assert list(Gate.objects.filter(event_id=event.id).values_list("number", flat=True)) == [1]
    assert run_import_gtfs(current_settings(), feed, options(slug, sale, as_json=True)) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["trips"] == {"new": 0, "changed": 0, "withdrawn": 0, "unchanged": 4, "kept": 0}
    assert Gate.objects.filter(event_id=event.id).count() == 1


def test_refused_rows_are_listed_and_the_status_is_1(
    slug: str, sale: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ghosts = "".join(f"ghost{n},08:00:00,08:00:00,alba1,1\n" for n in range(80))
    feed = write_feed(tmp_path / "feed", stop_times=COAST["stop_times.txt"] + ghosts)
    assert run_import_gtfs(current_settings(), feed, options(slug, sale)) == 1
    told = capsys.readouterr()
    assert "stop_times.txt:9: Line 9 of stop_times.txt names “ghost0” in the column trip_id" in told.err
    assert "[timetables.reference_unknown]" in told.err
    assert "… and 30 more:" in told.err
    assert "80 × timetables.reference_unknown" in told.err
    assert "4 trips new" in told.out


def test_an_unreadable_feed_is_one_line(
    slug: str, sale: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_import_gtfs(current_settings(), tmp_path / "nothing.zip", options(slug, sale)) == 1
    assert "nothing.zip: nothing.zip cannot be read" in capsys.readouterr().err


def test_flights(slug: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "flights.csv"
    path.write_text(
        "flight,from,to,departs,arrives,days,price,seats\nZZ 1,MAD,BCN,10:00,11:15,daily,50,100\n"
    )
    assert run_import_flights(current_settings(), path, options(slug, None), None) == 0
    assert "1 lines: 2 trips new" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"organizer": "nobody"}, "There is no organizer 'nobody'"),
        ({"first": "yesterday"}, "--from is a day"),
        ({"first": "1066-10-14"}, "from the year 2000"),
        ({"days": 0}, "--days is a number"),
        ({"days": 9999}, "--days is a number"),
        ({"capacity": 0}, "--capacity is a number"),
        ({"capacity": 5, "seats": "1x1x1"}, "not both"),
        ({"seats": "many"}, "seats are written as"),
        ({"seats": "987654321"}, "There is no seat plan 987654321"),
        ({"feed": "No Spaces"}, "--feed is a short name"),
    ],
)
def test_wrong_options_are_one_sentence(
    slug: str, sale: Path, tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    given = {"organizer": slug, "first": "2026-12-02", "days": 2, "sale": sale} | changes
    with pytest.raises(OperatorError, match=words):
        run_import_gtfs(current_settings(), write_feed(tmp_path / "feed"), ImportOptions(**given))


def test_without_a_number_of_places_nothing_is_sold(slug: str, tmp_path: Path) -> None:
    path = tmp_path / "sale.toml"
    path.write_text('types = [{ name = { en = "Adult" }, price = "9" }]\n')
    with pytest.raises(OperatorError, match="how many places"):
        run_import_gtfs(current_settings(), write_feed(tmp_path / "feed"), options(slug, path))
