"""Scans over HTTP: who may ask, what is asked, and what each colour says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.cast import give_second_factor, make_member
from tests.gates.guests import issue, make_event_tonight
from tests.hot.conftest import Talk
from tmam.accounts.freezing import freeze, thaw
from tmam.accounts.models import Phone, User
from tmam.catalog.models import Date, Event
from tmam.gates.models import Device, Redemption, Scan
from tmam.gates.register_device import register_device
from tmam.kernel.live_digits import live_digits, live_secret, live_step
from tmam.organizers.models import Membership, Organizer, Role
from tmam.platform.statements import run_verb
from tmam.tickets.live_masters import live_master

Ask = Callable[[httpx.AsyncClient], Awaitable[Any]]


def event_tonight(**fields: Any) -> Event:
    """By the real clock, which is the hot shell's."""
    return make_event_tonight(now=datetime.now(UTC), **fields)


def device_for(event: Event) -> tuple[Device, dict[str, str]]:
    """A scanner at the main entrance, and the header that proves it."""
    steward = make_member(event.organizer, Role.GATE)
    device, key = register_device(
        event_id=event.id, gate_number=1, steward=steward, name="Test", now=datetime.now(UTC)
    )
    return device, {"Authorization": f"Device {key}"}


def scan(code: str, headers: dict[str, str], nonce: UUID | None = None, **fields: Any) -> Ask:
    body = {"nonce": str(nonce or uuid4()), "code": code, **fields}
    return lambda client: client.post("/hot/scans", json=body, headers=headers)


def test_green_then_yellow(talk: Talk[Any]) -> None:
    event = event_tonight()
    (ticket,) = issue(event, place_label="Stalls · row 4 · seat 12")
    device, headers = device_for(event)

    green = talk(scan(ticket.token, headers))
    assert green.status_code == 200
    assert green.headers["cache-control"] == "no-store"
    answer = green.json()
    assert (answer["verdict"], answer["code"], answer["gate"]) == ("admit", "gates.admitted", "Main entrance")
    assert (answer["holder_name"], answer["ticket_type"]) == ("Maria Oliva", "General admission")
    assert answer["place"] == "Stalls · row 4 · seat 12"

    yellow = talk(scan(ticket.token, headers)).json()
    assert (yellow["verdict"], yellow["code"], yellow["title"]) == (
        "already_used",
        "gates.already_used",
        "Already used",
    )
    assert yellow["summary"].startswith("Used at Main entrance, ")
    assert yellow["facts"]["gate"] == "Main entrance"
    assert yellow["help"] == "/en/help/errors/gates.already_used/"
    assert set(Scan.objects.filter(event_id=event.id).values_list("device_id", flat=True)) == {device.id}


def test_a_live_code_says_so(talk: Talk[Any]) -> None:
    event = event_tonight()
    run_verb(live_master(event.id, datetime.now(UTC), b"m" * 32))
    live, still = issue(event, "live", "still")
    _, headers = device_for(event)
    secret = live_secret(b"m" * 32, event.id, live.serial, 0)
    shown = live.token + live_digits(secret, live_step(datetime.now(UTC)))
    wrong = still.token + "00000000"
    answers = [talk(scan(code, headers)).json() for code in (shown, wrong, still.token)]
    assert [(each["verdict"], each["code"], each["live"]) for each in answers] == [
        ("admit", "gates.admitted", True),
        ("refuse", "gates.wrong_digits", False),
        ("admit", "gates.admitted", False),
    ]


def test_a_repeated_nonce_stays_green(talk: Talk[Any]) -> None:
    event = event_tonight()
    (ticket,) = issue(event)
    _, headers = device_for(event)
    nonce = uuid4()
    first = talk(scan(ticket.token, headers, nonce)).json()
    again = talk(scan(ticket.token, headers, nonce)).json()
    assert again == first | {"is_repeat": True}
    assert Redemption.objects.filter(event_id=event.id).count() == 1


def test_red_says_why_in_the_reader_s_language(talk: Talk[Any]) -> None:
    event, other = event_tonight(), event_tonight()
    (elsewhere,) = issue(other)
    _, headers = device_for(event)
    answer = talk(scan(elsewhere.token, headers | {"Accept-Language": "es-DO,es;q=0.9"})).json()
    assert (answer["verdict"], answer["code"], answer["title"]) == (
        "refuse",
        "gates.wrong_event",
        "Otro evento",
    )
    assert answer["summary"] == "Esta entrada es auténtica, pero es para: Luces de invierno."
    assert answer["holder_name"] == ""
    garbage = talk(scan("https://example.org", headers)).json()
    assert (garbage["verdict"], garbage["code"]) == ("refuse", "tickets.token_foreign")


def test_the_date_being_let_in_is_kept_to(talk: Talk[Any]) -> None:
    event = event_tonight(dates=2)
    (ticket,) = issue(event)
    _, headers = device_for(event)
    assert talk(scan(ticket.token, headers, date=2)).json()["code"] == "gates.wrong_date"
    assert talk(scan(ticket.token, headers, date=1)).json()["verdict"] == "admit"


def test_times_are_told_on_the_clock_of_the_place(talk: Talk[Any]) -> None:
    event = event_tonight()
    (ticket,) = issue(event)
    doors_at = datetime(2031, 7, 5, 17, 30, tzinfo=UTC)
    Date.objects.filter(event=event).update(
        doors_at=doors_at, starts_at=doors_at + timedelta(hours=1), ends_at=doors_at + timedelta(hours=3)
    )
    _, headers = device_for(event)
    answer = talk(scan(ticket.token, headers | {"Accept-Language": "es"})).json()
    assert answer["summary"] == "Con esta entrada se puede pasar a partir de: sáb 5 jul, 19:30."
    assert answer["facts"] == {"opens_at": "2031-07-05T17:30:00Z"}


@pytest.mark.parametrize("header", ["", "Device", "Device abc", f"Bearer {'0' * 64}", f"Device {'0' * 64}"])
def test_a_stranger_is_told_to_sign_in(talk: Talk[Any], header: str) -> None:
    answer = talk(scan("anything", {"Authorization": header}))
    assert (answer.status_code, answer.json()["code"]) == (401, "gates.device_unknown")


def test_a_key_ends_with_the_device_or_the_steward_s_role(talk: Talk[Any]) -> None:
    event = event_tonight()
    (device, headers), (other, other_headers) = device_for(event), device_for(event)
    assert talk(scan("x", headers)).status_code == 200
    Device.objects.filter(id=device.id).update(revoked_at=datetime.now(UTC))
    Membership.objects.filter(user_id=other.steward_id).delete()
    assert talk(scan("x", headers)).status_code == 401
    assert talk(scan("x", other_headers)).status_code == 401


def test_a_key_is_for_the_events_of_its_steward(talk: Talk[Any]) -> None:
    event = event_tonight()
    device, headers = device_for(event)
    members = Membership.objects.filter(user_id=device.steward_id)
    members.update(all_events=False, event_ids=[event.id])
    assert talk(scan("x", headers)).status_code == 200
    members.update(event_ids=[])
    assert talk(scan("x", headers)).status_code == 401


def test_a_phone_wakes_a_key_too(talk: Talk[Any]) -> None:
    event = event_tonight()
    device, headers = device_for(event)
    Organizer.objects.filter(id=event.organizer_id).update(requires_second_factor=True)
    Phone.objects.create(user_id=device.steward_id, number="+34612345678", added_at=datetime.now(UTC))
    assert talk(scan("x", headers)).status_code == 200


def test_an_account_that_its_owner_locked_scans_nothing(talk: Talk[Any]) -> None:
    event = event_tonight()
    device, headers = device_for(event)
    steward = device.steward_id
    freeze(steward, alert_entry_id=None, now=datetime.now(UTC))
    assert talk(scan("x", headers)).status_code == 401
    thaw(steward, by=f"user:{steward}", reason="", now=datetime.now(UTC))
    assert talk(scan("x", headers)).status_code == 200


def test_a_key_sleeps_while_its_steward_lacks_the_required_second_factor(talk: Talk[Any]) -> None:
    event = event_tonight()
    device, headers = device_for(event)
    Organizer.objects.filter(id=event.organizer_id).update(requires_second_factor=True)
    answer = talk(scan("x", headers))
    assert (answer.status_code, answer.json()["code"]) == (403, "organizers.second_factor_required")
    assert answer.json()["organizer"] == event.organizer.name
    give_second_factor(User.objects.get(id=device.steward_id))
    assert talk(scan("x", headers)).status_code == 200


def test_a_key_ends_with_the_steward_s_account(talk: Talk[Any]) -> None:
    device, headers = device_for(event_tonight())
    assert talk(scan("x", headers)).status_code == 200
    User.objects.filter(id=device.steward_id).update(is_active=False)
    assert talk(scan("x", headers)).status_code == 401


NONCE = "00000000-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"nonce": "no", "code": "x"}',
        f'{{"nonce": "{NONCE}"}}'.encode(),
        f'{{"nonce": "{NONCE}", "code": "x", "serial": 1}}'.encode(),
        f'{{"nonce": "{NONCE}", "serial": 0}}'.encode(),
        f'{{"nonce": "{NONCE}", "serial": 99999999999}}'.encode(),
        f'{{"nonce": "{NONCE}", "code": 5}}'.encode(),
        f'{{"nonce": "{NONCE}", "code": "x", "date": 70000}}'.encode(),
        f'{{"nonce": "{NONCE}", "code": "x", "gate": 3}}'.encode(),
        f'{{"nonce": "{NONCE}", "code": "{"x" * 3000}"}}'.encode(),
        b'{"nonce":' * 5_000,
    ],
)
def test_a_body_that_is_no_scan_is_refused(talk: Talk[Any], body: bytes) -> None:
    _, headers = device_for(event_tonight())
    headers = {**headers, "Content-Type": "application/json"}
    answer = talk(lambda client: client.post("/hot/scans", content=body, headers=headers))
    assert (answer.status_code, answer.json()["code"]) == (400, "platform.bad_request")


def test_forms_are_refused(talk: Talk[Any]) -> None:
    _, headers = device_for(event_tonight())
    form = talk(lambda client: client.post("/hot/scans", data={"code": "x"}, headers=headers))
    assert (form.status_code, form.json()["code"]) == (400, "platform.bad_request")


def test_strange_codes_are_answered_not_failed(talk: Talk[Any]) -> None:
    _, headers = device_for(event_tonight())
    for code in ("", "\x00", "ß" * 200, "T1" + "A" * 144, "t1" + "7" * 144, "T1" + "0" * 144, "🎫", "T1"):
        answer = talk(scan(code, headers))
        assert (answer.status_code, answer.json()["verdict"]) == (200, "refuse"), code
