"""The gate's pages around the scanner: who may set one up, what a scanner may ask."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

import tmam
from tests.cast import (
    give_second_factor,
    make_event,
    make_member,
    make_organizer,
    make_user,
    make_venue,
    midday_zone,
)
from tests.gates.guests import attempt, issue, make_event_tonight
from tests.gates.orders import make_order
from tmam.catalog.models import Date, Event
from tmam.catalog.when import short_day_words
from tmam.gates.models import Device, Gate
from tmam.gates.queries import events_to_scan
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.gates.register_device import MAX_DEVICES_PER_EVENT, register_device
from tmam.organizers.models import Organizer, Role
from tmam.platform.statements import run_verb

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def tonight(**fields: object) -> Event:
    return make_event_tonight(now=datetime.now(UTC), **fields)


def steward(client: Client, event: Event, role: str = Role.GATE) -> Client:
    client.force_login(make_member(event.organizer, role, name="Sam Steward"))
    return client


def set_up(client: Client, event: Event, **choices: str) -> dict[str, object]:
    """Send the form; returns what the page hands to the browser."""
    page = client.post(f"/gate/events/{event.id}/", {"date": "any", "gate": "1"} | choices)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    found = re.search(r'<script id="scanner" type="application/json">(.*?)</script>', page.content.decode())
    assert found, page.content.decode()
    return json.loads(found[1])


def ask(client: Client, address: str, scanner: dict[str, object]) -> Any:
    return client.get(address, headers=JSON | {"Authorization": f"Device {scanner['key']}"})


def test_one_has_to_sign_in(client: Client) -> None:
    assert client.get("/gate/").headers["Location"] == "/accounts/login/?next=/gate/"
    event = tonight()
    assert client.post(f"/gate/events/{event.id}/").status_code == 302


def test_today_s_events_come_first_and_only_the_team_s(client: Client) -> None:
    organizer = make_organizer()
    now = datetime.now(UTC)
    venue = make_venue(time_zone=midday_zone(now))
    make_event(now=now, organizer=organizer, venue=venue, title={"en": "Far Away"})
    make_event_tonight(now=now, organizer=organizer, venue=venue, title={"en": "This Evening"})
    tonight(title={"en": "Somebody Else's"})
    client.force_login(make_member(organizer, Role.OWNER))
    page = client.get("/gate/").content.decode()
    assert page.index("Today") < page.index("This Evening") < page.index("Later") < page.index("Far Away")
    assert "Somebody Else" not in page


def test_a_person_without_a_team_is_told_what_to_do(client: Client) -> None:
    client.force_login(make_user("lone@stewards.example"))
    page = client.get("/gate/").content.decode()
    assert "No events to scan for" in page
    assert "lone@stewards.example" in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_other_organizers_events_are_refused(client: Client, method: str) -> None:
    steward(client, tonight())
    for event_id in (tonight().id, 999_999_999):
        page = getattr(client, method)(
            f"/gate/events/{event_id}/", {"date": "any", "gate": "1"}, headers=JSON
        )
        assert (page.status_code, page.json()["code"]) == (403, "gates.not_your_event")


def test_setting_up_makes_a_device_and_keeps_only_the_hash_of_its_key(client: Client) -> None:
    event = tonight()
    Gate.objects.create(event_id=event.id, number=2, name="Gate B")
    scanner = set_up(steward(client, event), event, gate="2", date="1")
    assert (scanner["event"], scanner["gate"], scanner["date"]) == ("Winter Lights", "Gate B", 1)
    device = Device.objects.get(event_id=event.id)
    assert (device.gate_number, device.name) == (2, "Sam Steward")
    assert re.fullmatch("[0-9a-f]{64}", str(scanner["key"]))
    assert str(scanner["key"]).encode() not in bytes(device.key_sha256)


def test_an_event_without_gates_gets_a_main_entrance(client: Client) -> None:
    event = tonight()
    Gate.objects.filter(event_id=event.id).delete()
    steward(client, event)
    spanish = {"Accept-Language": "es"}
    assert "Main entrance" in client.get(f"/gate/events/{event.id}/", headers=spanish).content.decode()
    assert not Gate.objects.filter(event_id=event.id).exists()
    client.post(f"/gate/events/{event.id}/", {"date": "any", "gate": "1"}, headers=spanish)
    assert set_up(client, event)["gate"] == "Main entrance"
    assert Gate.objects.get(event_id=event.id).name == "Main entrance"


@pytest.mark.parametrize(
    "wrong", [{"date": "7"}, {"gate": "9"}, {"date": "", "gate": ""}, {"date": "x" * 5000}]
)
def test_choices_that_are_not_offered_come_back_with_words(client: Client, wrong: dict[str, str]) -> None:
    event = tonight()
    page = steward(client, event).post(f"/gate/events/{event.id}/", {"date": "any", "gate": "1"} | wrong)
    assert "<title>Error:" in page.content.decode()
    assert not Device.objects.filter(event_id=event.id).exists()


def test_a_date_of_weeks_is_chosen_by_its_days(client: Client) -> None:
    event, now = tonight(), timezone.now()
    Date.objects.filter(event=event).update(
        starts_at=now - timedelta(days=9), ends_at=now + timedelta(days=9), doors_at=None
    )
    with override("en"):
        days = short_day_words(Date.objects.get(event=event))
    page = steward(client, event).get(f"/gate/events/{event.id}/", headers={"Accept-Language": "en"})
    assert f"{days} · open now" in page.content.decode()


def test_there_is_a_limit_to_scanners(client: Client) -> None:
    event = tonight()
    person = make_member(event.organizer, Role.GATE)
    Device.objects.bulk_create(
        Device(
            id=uuid4(),
            event_id=event.id,
            gate_number=1,
            name="x",
            key_sha256=uuid4().bytes * 2,
            steward=person,
            made_at=datetime.now(UTC),
        )
        for _ in range(MAX_DEVICES_PER_EVENT)
    )
    client.force_login(person)
    answer = client.post(f"/gate/events/{event.id}/", {"date": "any", "gate": "1"}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "gates.too_many_devices")


def test_a_lost_phone_is_signed_out_from_another(client: Client) -> None:
    event = tonight()
    scanner = set_up(steward(client, event), event)
    device = Device.objects.get(event_id=event.id)
    stranger = Client()
    steward(stranger, tonight())
    stranger.post(f"/gate/devices/{device.id}/leave/")
    assert ask(client, "/gate/progress/", scanner).status_code == 200, "a stranger cannot do it"

    page = client.post(f"/gate/devices/{device.id}/leave/", follow=True).content.decode()
    assert "The scanner is signed out." in page
    assert ask(client, "/gate/progress/", scanner).json()["code"] == "gates.device_unknown"


def test_a_scanner_signs_itself_out_twice(client: Client) -> None:
    event = tonight()
    scanner = set_up(steward(client, event), event)
    proof = {"Authorization": f"Device {scanner['key']}"}
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/gate/leave/", headers=JSON | proof).json() == {"signed_out": True}
    assert strict.post("/gate/leave/", headers=JSON | proof).json() == {"signed_out": False}
    assert strict.post("/gate/leave/", headers=JSON).status_code == 401
    assert client.get("/gate/leave/").status_code == 405


def test_progress_counts_the_chosen_date_or_today(client: Client) -> None:
    event = tonight(dates=2)
    ana, *_ = issue(event, "Ana", "Bea", now=datetime.now(UTC))
    issue(event, "Cas", date_ordinal=2)
    run_verb(redeem_tickets(event.id, [attempt(ana.token, at=datetime.now(UTC))]))
    scanner = set_up(steward(client, event), event)
    assert ask(client, "/gate/progress/", scanner).json() == {
        "admitted": 1,
        "total": 2,
        "gate": "Main entrance",
    }
    assert ask(client, "/gate/progress/?date=2", scanner).json()["total"] == 1
    for wrong in ("x", "-1", "9" * 30, "١"):
        assert ask(client, f"/gate/progress/?date={wrong}", scanner).status_code == 400


def test_a_booking_is_found_by_its_reference_however_it_is_typed(client: Client) -> None:
    event = tonight()
    order = make_order(event, "Ana Ruiz", "Bea Ruiz")
    run_verb(redeem_tickets(event.id, [attempt(serial=2, at=datetime.now(UTC))]))
    scanner = set_up(steward(client, event), event)
    for typed in (order.booking_reference, order.booking_reference.lower(), f" {order.booking_reference} "):
        found = ask(client, f"/gate/lookup/?typed={typed}", scanner).json()
        assert (found["booking_reference"], found["name"]) == (order.booking_reference, "Ana Ruiz")
        assert [(each["holder_name"], each["used_gate"]) for each in found["tickets"]] == [
            ("Ana Ruiz", ""),
            ("Bea Ruiz", "Main entrance"),
        ]


def test_a_date_of_weeks_is_on_today_and_told_as_its_days(client: Client) -> None:
    now = datetime.now(UTC)
    event = tonight()
    event.dates.update(starts_at=now - timedelta(days=9), ends_at=now + timedelta(days=20))
    order = make_order(event, "Ana Ruiz")
    person = make_member(event.organizer, Role.GATE)
    scanner = set_up(steward(client, event), event)
    (choice,) = events_to_scan(person, now)
    assert choice.is_today
    (ticket,) = ask(client, f"/gate/lookup/?typed={order.booking_reference}", scanner).json()["tickets"]
    assert ticket["starts"] == short_day_words(event.dates.get())
    # A trip of three days starts at its moment.
    event.dates.update(pattern=1)
    (ticket,) = ask(client, f"/gate/lookup/?typed={order.booking_reference}", scanner).json()["tickets"]
    assert ":" in ticket["starts"]
    (choice,) = events_to_scan(person, now)
    assert not choice.is_today


def test_bookings_that_are_not_there_not_here_or_not_paid_say_so(client: Client) -> None:
    event, other = tonight(), tonight()
    unpaid = make_order(event, "Ana Ruiz", state="awaiting_payment")
    elsewhere = make_order(other, "Bea Ruiz")
    scanner = set_up(steward(client, event), event)

    def code(typed: str) -> str:
        return ask(client, "/gate/lookup/?typed=" + typed, scanner).json()["code"]

    assert code(unpaid.booking_reference) == "gates.not_paid"
    assert code(elsewhere.booking_reference) == "gates.reference_unknown"
    for typed in ("", "hello", "Z" * 500, "%00", "1-%27OR%271"):
        assert code(typed) == "gates.reference_unknown"


@pytest.mark.parametrize("address", ["/gate/lookup/?typed=1-ABCDEF", "/gate/progress/"])
def test_without_a_key_nothing_is_told_even_to_a_steward(client: Client, address: str) -> None:
    answer = steward(client, tonight()).get(address, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (401, "gates.device_unknown")


def test_a_steward_who_left_the_team_takes_the_scanner_along(client: Client) -> None:
    event = tonight()
    person = make_member(event.organizer, Role.GATE)
    _, key = register_device(
        event_id=event.id, gate_number=1, steward=person, name="x", now=datetime.now(UTC) - timedelta(days=1)
    )
    assert ask(client, "/gate/progress/", {"key": key}).status_code == 200
    person.memberships.all().delete()
    assert ask(client, "/gate/progress/", {"key": key}).status_code == 401


@pytest.mark.parametrize("page_name", ["scan", "practice"])
def test_the_scanner_page_says_exactly_the_words_its_script_uses(client: Client, page_name: str) -> None:
    page = client.get(f"/gate/{page_name}/").content.decode()
    found = re.search(r'<script id="words" type="application/json">(.*?)</script>', page)
    assert found
    words = set(json.loads(found[1]))
    scripts = (Path(tmam.__path__[0]) / "web/static/tmam/js/gate").glob("*.js")
    elsewhere = {
        "scan": {"practice.js"},
        "practice": {"scan.js", "booking.js", "desk.js", "kept.js", "start.js"},
    }[page_name]
    text = "\n".join(script.read_text(encoding="utf-8") for script in scripts if script.name not in elsewhere)
    assert set(re.findall(r"this\.words\.(\w+)", text)) <= words
    # The rest is looked up by name: a camera's trouble, the connection, a ticket's state.
    by_name = {name for name in words if re.search(rf"\b{name}\b", text)}
    assert words - by_name <= {"cancelled", "revoked", "remark_wallet_tampered"}


def test_a_steward_for_one_event_scans_for_no_other(client: Client) -> None:
    event = make_event(now=datetime.now(UTC))
    other = make_event(now=datetime.now(UTC), organizer=event.organizer, title={"en": "Alba"})
    client.force_login(make_member(event.organizer, Role.GATE, events=[event]))
    page = client.get("/gate/").content.decode()
    assert "Winter Lights" in page
    assert "Alba" not in page
    assert client.get(f"/gate/events/{event.id}/").status_code == 200
    assert client.get(f"/gate/events/{other.id}/").status_code == 403


def test_the_gate_waits_for_a_required_second_factor(client: Client) -> None:
    event = make_event(now=datetime.now(UTC))
    Organizer.objects.filter(id=event.organizer_id).update(requires_second_factor=True)
    person = make_member(event.organizer, Role.GATE)
    client.force_login(person)
    for path in ("/gate/", f"/gate/events/{event.id}/"):
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert "organizers.second_factor_required" in answer.content.decode()
    give_second_factor(person)
    assert client.get(f"/gate/events/{event.id}/").status_code == 200


def test_a_scanner_s_questions_get_a_coded_answer_without_the_factor(client: Client) -> None:
    event = make_event(now=datetime.now(UTC))
    person = make_member(event.organizer, Role.GATE)
    _, key = register_device(
        event_id=event.id, gate_number=1, steward=person, name="Test", now=datetime.now(UTC)
    )
    Organizer.objects.filter(id=event.organizer_id).update(requires_second_factor=True)
    headers = {"Authorization": f"Device {key}", "Accept": "application/json"}
    answer = client.get("/gate/progress/", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "organizers.second_factor_required")
