"""Redeeming on real PostgreSQL, through Django's driver; `test_races.py` goes through asyncpg."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import QuerySet
from nacl.signing import SigningKey

from tests.cast import NOW
from tests.gates.guests import attempt, issue, make_event_tonight
from tmam.catalog.models import Date, Event
from tmam.gates import errors
from tmam.gates.attempts import Attempt, Outcome
from tmam.gates.models import Gate, Redemption, Scan
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.gates.rules import Verdict
from tmam.kernel.sample_key import SAMPLE_PRIVATE_KEY
from tmam.kernel.token import (
    TokenBody,
    TokenForeignError,
    TokenForgedError,
    TokenMalformedError,
    decode_token,
    encode_token,
)
from tmam.platform.models import LogEntry
from tmam.platform.statements import run_verb
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def redeem(event: Event, *attempts: Attempt) -> list[Outcome]:
    return run_verb(redeem_tickets(event.id, attempts))


def codes(outcomes: list[Outcome]) -> list[str]:
    return [outcome.error.code if outcome.error else "admit" for outcome in outcomes]


def test_a_ticket_is_admitted_once_and_everything_is_written_down() -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)
    first, second = attempt(ticket.token), attempt(ticket.token, at=NOW + timedelta(minutes=2))

    (admitted,) = redeem(event, first)
    assert admitted.verdict is Verdict.ADMIT
    assert admitted.ticket is not None
    assert (admitted.ticket.holder_name, admitted.ticket.ticket_type["en"]) == (
        "Maria Oliva",
        "General admission",
    )

    (again,) = redeem(event, second)
    assert again.verdict is Verdict.ALREADY_USED
    assert again.error == errors.AlreadyUsedError(gate="Main entrance", at=NOW)

    assert [
        (scan.verdict, scan.code, scan.serial)
        for scan in Scan.objects.filter(event_id=event.id).order_by("at")
    ] == [
        ("admit", "gates.admitted", 1),
        ("already_used", "gates.already_used", 1),
    ]
    assert Redemption.objects.get(event_id=event.id).scan_id == first.id
    fact = LogEntry.objects.get(event_id=event.id, name="ticket.redeemed")
    assert fact.actor == f"device:{first.device_id}"
    assert fact.data == {
        "serial": 1,
        "date_ordinal": 1,
        "gate_number": 1,
        "scan_id": str(first.id),
        "at": NOW.isoformat(),
        "from_list": False,
    }


def test_a_repeated_request_gets_the_same_answer() -> None:
    event = make_event_tonight()
    used, fresh = issue(event, "Ana", "Bea")
    redeem(event, attempt(used.token))
    tries = [
        attempt(fresh.token),
        attempt(used.token),
        attempt("https://example.org/menu"),
        attempt(fresh.token, expected_date=2),
    ]
    answers = [redeem(event, each)[0] for each in tries]
    assert codes(answers) == ["admit", "gates.already_used", "tickets.token_foreign", "gates.wrong_date"]

    later = NOW + timedelta(hours=9)
    repeated = redeem(event, *(replace(each, id=attempt().id, at=later) for each in tries))
    assert [replace(answer, is_repeat=True) for answer in answers] == repeated
    assert Scan.objects.filter(event_id=event.id).count() == 5
    assert LogEntry.objects.filter(event_id=event.id, name="ticket.redeemed").count() == 2


def test_one_batch_admits_a_ticket_once_and_does_not_let_one_spoil_the_others() -> None:
    event = make_event_tonight()
    ana, bea = issue(event, "Ana", "Bea")
    twice = attempt(bea.token)
    outcomes = redeem(
        event,
        attempt(ana.token),
        attempt("rubbish"),
        attempt(ana.token.lower()),
        twice,
        attempt(f" {ana.token}\n"),
        twice,
        attempt(serial=99),
    )
    assert codes(outcomes) == [
        "admit",
        "tickets.token_foreign",
        "gates.already_used",
        "admit",
        "gates.already_used",
        "admit",
        "gates.not_on_record",
    ]
    assert outcomes[3] == outcomes[5]
    assert Redemption.objects.filter(event_id=event.id).count() == 2


def test_a_ticket_chosen_from_a_list_is_admitted_by_its_serial() -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)
    assert codes(redeem(event, attempt(serial=ticket.serial))) == ["admit"]
    assert codes(redeem(event, attempt(ticket.token))) == ["gates.already_used"]
    assert LogEntry.objects.get(event_id=event.id, name="ticket.redeemed").data["from_list"] is True


def test_garbage_and_forgeries_are_told_apart() -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)
    body = decode_token(ticket.token).body
    stranger = bytes(SigningKey.generate())
    forged = encode_token(replace(body, serial=2), stranger)
    unknown_key = encode_token(replace(body, key_id=9), stranger)
    nowhere = encode_token(replace(body, event_id=2**32 - 1), stranger)
    outcomes = redeem(
        event, *(attempt(code) for code in ("", "HELLO", ticket.token[:50], forged, unknown_key, nowhere))
    )
    assert [outcome.error for outcome in outcomes] == [
        TokenForeignError(),
        TokenForeignError(),
        TokenMalformedError(50),
        TokenForgedError(),
        TokenForgedError(),
        TokenForgedError(),
    ]
    assert {outcome.verdict for outcome in outcomes} == {Verdict.REFUSE}
    assert set(Scan.objects.filter(event_id=event.id).values_list("serial", flat=True)) == {None}


def test_a_sample_is_called_a_sample_and_not_a_forgery() -> None:
    event = make_event_tonight()
    body = TokenBody(0, 0, 0, 1, 7, 1, NOW, 600, "minutes")
    sample = attempt(encode_token(body, SAMPLE_PRIVATE_KEY))
    forged = encode_token(body, bytes(SigningKey.generate()))
    stolen_look = encode_token(replace(body, event_id=event.id), SAMPLE_PRIVATE_KEY)
    outcomes = redeem(event, sample, attempt(forged), attempt(stolen_look))
    assert [outcome.error for outcome in outcomes] == [
        errors.SampleTicketError(),
        TokenForgedError(),
        TokenForgedError(),
    ]
    assert {outcome.verdict for outcome in outcomes} == {Verdict.REFUSE}
    assert codes(redeem(event, sample)) == ["gates.sample_ticket"], "read again, it is still one"


def test_our_own_codes_that_are_no_longer_good_say_why() -> None:
    event, other = make_event_tonight(), make_event_tonight(title={"en": "Summer Nights"})
    names = ("cancelled", "revoked", "replaced", "replaced and revoked", "deleted")
    tickets = dict(zip(names, issue(event, *names), strict=True))
    (elsewhere,) = issue(other)

    def row_of(name: str) -> QuerySet[Ticket]:
        return Ticket.objects.filter(event_id=event.id, serial=tickets[name].serial)

    row_of("cancelled").update(state="cancelled")
    row_of("revoked").update(state="revoked")
    row_of("replaced").update(generation=1, token_sha256=b"1" * 32)
    row_of("replaced and revoked").update(generation=1, token_sha256=b"2" * 32, state="revoked")
    row_of("deleted").delete()
    outcomes = redeem(event, *(attempt(tickets[name].token) for name in names), attempt(elsewhere.token))
    assert [outcome.error for outcome in outcomes] == [
        errors.TicketCancelledError(),
        errors.TicketRevokedError(),
        errors.TicketReplacedError(),
        errors.TicketRevokedError(),
        errors.NotOnRecordError(),
        errors.WrongEventError(event={"en": "Summer Nights"}),
    ]
    assert not Redemption.objects.filter(event_id=event.id).exists()


def test_dates_and_times() -> None:
    event = make_event_tonight(dates=2)
    (today,), (tomorrow,) = issue(event), issue(event, date_ordinal=2)
    date = Date.objects.get(event=event, ordinal=2)
    assert codes(redeem(event, attempt(tomorrow.token, expected_date=1))) == ["gates.wrong_date"]
    (early,) = redeem(event, attempt(tomorrow.token))
    assert early.error == errors.TooEarlyError(opens_at=date.doors_at)
    assert codes(redeem(event, attempt(today.token, at=NOW + timedelta(hours=4)))) == ["gates.too_late"]
    assert codes(redeem(event, attempt(today.token, expected_date=1))) == ["admit"]
    Date.objects.filter(event=event, ordinal=2).update(is_cancelled=True)
    assert codes(redeem(event, attempt(tomorrow.token))) == ["gates.date_cancelled"]


def test_the_second_gate_says_where_the_ticket_was_used() -> None:
    event = make_event_tonight()
    Gate.objects.create(event_id=event.id, number=2, name="Gate B")
    (ticket,) = issue(event)
    redeem(event, attempt(ticket.token, gate_number=2))
    (outcome,) = redeem(event, attempt(ticket.token))
    assert outcome.error == errors.AlreadyUsedError(gate="Gate B", at=NOW)


def test_the_same_nonce_of_another_device_is_another_attempt() -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)
    first = attempt(ticket.token)
    assert codes(redeem(event, first)) == ["admit"]
    assert codes(redeem(event, replace(first, id=attempt().id, device_id=attempt().id))) == [
        "gates.already_used"
    ]


def test_facts_can_be_written_as_json() -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)
    redeem(event, attempt(ticket.token))
    assert json.dumps(LogEntry.objects.get(event_id=event.id, name="ticket.redeemed").data)
