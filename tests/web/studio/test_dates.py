"""Changing a date in the studio: who may, the form, somebody who was faster, undo, and what buyers then see."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from tests.cast import make_event, make_member, make_trip_event
from tests.notifications.purchases import buy
from tmam.catalog.change_date import Who, change_date, times_of
from tmam.catalog.date_rules import DateTimes
from tmam.catalog.models import Date, Event
from tmam.catalog.when import when_words
from tmam.notifications.models import DateNews
from tmam.organizers.models import Role
from tmam.platform.event_log import drain
from tmam.platform.models import LogEntry

pytestmark = pytest.mark.django_db
MADRID = ZoneInfo("Europe/Madrid")
LOCAL = "%Y-%m-%dT%H:%M"


def client_of(event: Event, role: str = Role.MANAGER) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_member(event.organizer, role))
    return client


def words_in(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def path(event: Event, page: str = "") -> str:
    return f"/studio/events/{event.id}/dates/{page}"


def typed(date: Date, **fields: str) -> dict[str, str]:
    """The form as it is shown."""
    local = {
        name: getattr(date, name).astimezone(MADRID).strftime(LOCAL) for name in ("starts_at", "ends_at")
    }
    return {"seen": str(date.revision), "doors_at": "", **local, **fields}


def only_date(event: Event) -> Date:
    return Date.objects.get(event=event)


@pytest.fixture
def event() -> Event:
    return make_event(now=timezone.now())


@pytest.mark.parametrize("role", [Role.FINANCE, Role.BOX_OFFICE, Role.SUPPORT, Role.READ_ONLY])
def test_only_who_may_change_events_may_change_dates(event: Event, role: str) -> None:
    client = client_of(event, role)
    for page in ("", "1/", "1/undo/"):
        assert client.post(path(event, page), typed(only_date(event))).status_code in {403, 405}
    assert client.get(path(event, "1/")).status_code == 403
    assert "/dates/" not in client.get(f"/studio/events/{event.id}/").content.decode()


def test_a_date_is_moved_on_the_clock_of_its_place(event: Event) -> None:
    buy(event, now=timezone.now())
    client = client_of(event)
    assert "2 tickets are sold for this date. 1 booking gets a mail" in words_in(
        client.get(path(event, "1/"))
    )
    start = (timezone.now() + timedelta(days=40)).astimezone(MADRID).replace(hour=20, minute=0)
    end = start + timedelta(hours=2)
    fields = typed(only_date(event), starts_at=start.strftime(LOCAL), ends_at=end.strftime(LOCAL))
    answer = client.post(
        path(event, "1/"), fields | {"entrance_en": "Gate\u202e\x07 B\u2028", "entrance_es": "\u202e"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, path(event))
    moved = only_date(event)
    assert moved.starts_at == start.replace(second=0, microsecond=0)
    assert (moved.doors_at, moved.entrance) == (None, {"en": "Gate B"})
    assert LogEntry.objects.get(event_id=event.id, name="date.changed").actor.startswith("user:")
    words = words_in(client.get(path(event)))
    assert "Moved: it now starts on" in words
    assert "Entrance: Gate B" in words
    spanish = words_in(client.get(path(event), headers={"accept-language": "es"}))
    assert "Cambiada: ahora empieza" in spanish, "what was said is read in the language of the page"
    drain()
    assert DateNews.objects.get(event_id=event.id).state == "waiting"
    assert "Gate B" in words_in(client.get(f"/en/e/{event.id}-{event.slug}/"))


def test_what_is_left_as_it_is_keeps_its_seconds(event: Event) -> None:
    before = times_of(only_date(event))
    doors = (before.doors_at or before.starts_at).astimezone(MADRID).strftime(LOCAL)
    client_of(event).post(path(event, "1/"), typed(only_date(event), doors_at=doors))
    assert times_of(only_date(event)) == before
    assert not LogEntry.objects.filter(event_id=event.id, name="date.changed").exists()


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("starts_at", "", "Enter a day and a time"),
        ("starts_at", "tomorrow", "Enter a day and a time"),
        ("starts_at", "2020-01-01T10:00", "Choose a start that lies ahead"),
        ("ends_at", "2020-01-01T10:00", "Choose an end after the start"),
        ("doors_at", "2020-01-01T10:00", "Doors open at most 24 hours before the start"),
        ("doors_at", "99999-01-01T10:00", "Enter a day and a time"),
        ("starts_at", "9999-12-31T23:59", "Choose a start within the next five years"),
        ("ends_at", "9999-12-31T23:59", "Choose an end at most 31 days after the start"),
        ("starts_at", "0001-01-01T00:00", "Choose a start that lies ahead"),
        ("starts_at", "2027-03-28T02:30", "The clocks go forward then, and leave this time out"),
        ("ends_at", "2027-10-31T02:30", "The clocks go back then, and this time comes twice"),
        ("doors_at", "0001-01-01T00:30", "Doors open at most 24 hours before the start"),
        ("entrance_en", "x" * 61, "at most 60 characters"),
        ("entrance_es", "a\0b", "invisible character"),
        ("seen", "many", "whole number"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_lost(event: Event, field: str, text: str, words: str) -> None:
    fields = typed(only_date(event), entrance_en="Gate B") | {field: text}
    answer = client_of(event).post(path(event, "1/"), fields)
    assert answer.status_code == 422
    said = words_in(answer)
    assert words in said
    assert field == "entrance_en" or 'value="Gate B"' in answer.content.decode()
    assert only_date(event).revision == 0


def test_who_was_slower_sees_what_the_other_did_and_may_insist(event: Event) -> None:
    client, stale = client_of(event), typed(only_date(event), entrance_en="Gate C")
    times = times_of(only_date(event))
    other = DateTimes(times.starts_at + timedelta(hours=1), times.ends_at + timedelta(hours=1))
    change_date(event.id, 1, other, Who("user:1", timezone.now()), seen=0)
    answer = client.post(path(event, "1/"), stale)
    assert answer.status_code == 409
    assert "Somebody was faster" in words_in(answer)
    assert 'value="Gate C"' in answer.content.decode()
    assert only_date(event).starts_at == other.starts_at
    found = re.search(r'name="seen" value="(\d+)"', answer.content.decode())
    assert found is not None
    assert client.post(path(event, "1/"), stale | {"seen": found[1]}).status_code == 302
    assert only_date(event).entrance == {"en": "Gate C"}


def test_a_change_can_be_undone_unless_somebody_changed_it_since(event: Event) -> None:
    client, before = client_of(event), times_of(only_date(event))
    client.post(path(event, "1/"), typed(only_date(event), entrance_en="Gate B"))
    assert client.post(path(event, "1/undo/")).status_code == 302
    assert times_of(only_date(event)) == before
    client.post(path(event, "1/"), typed(only_date(event), entrance_en="Gate D"))
    now = times_of(only_date(event))
    change_date(event.id, 1, DateTimes(now.starts_at, now.ends_at), Who("user:1", timezone.now()), seen=3)
    answer = client.post(path(event, "1/undo/"))
    assert (answer.status_code, "catalog.date_changed_since" in answer.content.decode()) == (409, True)


def test_trips_and_what_is_over_cannot_be_changed() -> None:
    trip, event = make_trip_event(is_seated=False, now=timezone.now()), make_event(now=timezone.now())
    assert "come from the timetable" in words_in(client_of(trip).get(path(trip)))
    fields = typed(Date.objects.get(event=trip))
    assert client_of(trip).post(path(trip, "1/"), fields).status_code == 409
    long_ago = datetime(2020, 1, 1, 20, tzinfo=MADRID)
    Date.objects.filter(event=event).update(starts_at=long_ago, ends_at=long_ago + timedelta(hours=2))
    assert "cannot be changed" in words_in(client_of(event).get(path(event, "1/")))
    assert client_of(event).get(path(event, "7/")).status_code == 404


def test_later_dates_are_found_by_day() -> None:
    event = make_event(now=timezone.now(), dates=3)
    last = event.dates.get(ordinal=3).starts_at.astimezone(MADRID)
    client = client_of(event)
    assert client.get(path(event)).content.decode().count(">Change<") == 3
    assert client.get(path(event), {"day": f"{last:%Y-%m-%d}"}).content.decode().count(">Change<") == 1
    assert client.get(path(event), {"day": "soon"}).status_code == 200


def test_weeks_are_told_as_weeks(event: Event) -> None:
    first = (timezone.now() - timedelta(days=7)).astimezone(MADRID).replace(hour=10, minute=0)
    last = (first + timedelta(days=30)).replace(hour=20)
    Date.objects.filter(event=event).update(starts_at=first, ends_at=last, doors_at=None)
    client = client_of(event)
    with override("en"):
        span = when_words(only_date(event))
    listed = words_in(client.get(path(event)))
    assert f"{span} from {first.day} {first:%b}, 10:00 to {last.day} {last:%b}, 20:00" in listed
    assert span in words_in(client.get(path(event, "1/")))
