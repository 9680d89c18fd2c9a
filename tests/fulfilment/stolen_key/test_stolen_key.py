"""A theft from the mark to the mails: every ticket replaced, through a crash; old codes refused; people told."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.cast import NOW
from tests.gates.guests import attempt, issue, issue_with, make_event_tonight
from tests.notifications.purchases import buy
from tmam.catalog.models import Event
from tmam.fulfilment.stolen_key.affected import affected_orders, affected_table
from tmam.fulfilment.stolen_key.drill import drill
from tmam.fulfilment.stolen_key.replace_all import LAST_SIGNATURE_AFTER, Replaced, replace_all
from tmam.gates import errors
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.kernel.live_digits import live_digits, live_secret, live_step
from tmam.kernel.token import encode_token, public_key_of
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain
from tmam.platform.models import LogEntry
from tmam.platform.statements import Statement, run_verb
from tmam.tickets import live_masters, stolen_keys
from tmam.tickets.errors import NoSigningKeyError
from tmam.tickets.live_masters import live_master
from tmam.tickets.models import SigningKey, Ticket
from tmam.tickets.queries import ticket as read_ticket
from tmam.tickets.queries import tickets_of_order
from tmam.tickets.replace_tickets import Replacement, replace_tickets
from tmam.tickets.signing_keys import load_signing_key
from tmam.tickets.stolen_keys import Waiting, declare_stolen
from tmam.tickets.token_of import body_of, token_of

pytestmark = pytest.mark.django_db


class PowerCutError(Exception):
    """Stands for kill -9."""


class Clock:
    """A clock that only `sleep` moves."""

    def __init__(self) -> None:
        self.now = NOW
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


def run(event: Event, clock: Clock, **more: object) -> Replaced:
    return replace_all(
        event.id,
        1,
        actor="operator",
        clock=clock,
        sleep=clock.sleep,
        at_once=2,
        **more,  # type: ignore[arg-type]
    )


def codes_at_the_gate(event: Event, *codes: str) -> list[str]:
    outcomes = run_verb(redeem_tickets(event.id, [attempt(code) for code in codes]))
    return [outcome.error.code if outcome.error else "admit" for outcome in outcomes]


def test_a_theft_from_the_mark_to_the_mails_through_a_power_cut() -> None:
    event = make_event_tonight()
    languages = {"ana": "en", "bea": "es", "eva": "en"}
    orders = [
        buy(event, email=f"{name}@buyers.example", language=language, now=NOW)
        for name, language in languages.items()
    ]
    thief = run_verb(load_signing_key(event.id))
    rows = [row for order in orders for row in run_verb(tickets_of_order(event.id, order.id))]
    old = [token_of(row, thief) for row in rows]
    bound = replace(rows[5], device_key=public_key_of(b"p" * 32))
    run_verb(
        replace_tickets(
            event.id,
            [Replacement(bound.serial, 0, bound.device_key)],
            thief,
            reason="bound",
            actor="test",
            now=NOW,
        )
    )
    Ticket.objects.filter(event_id=event.id, serial=rows[4].serial).update(state="cancelled")

    clock = Clock()

    def cut_the_power(done: int) -> None:
        if done == 4:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        run(event, clock, on_progress=cut_the_power)
    # In between: what is not replaced yet is refused already, for the thief can make just these codes.
    assert codes_at_the_gate(event, old[0]) == ["gates.key_stolen"]
    assert Ticket.objects.filter(event_id=event.id, key_id=1, state="valid").count() == 1

    assert run(event, clock) == Replaced(1, Waiting(0, 0))
    assert clock.slept == [LAST_SIGNATURE_AFTER.total_seconds()]
    assert run(event, clock) == Replaced(0, Waiting(0, 0)), "said again, it changes nothing"
    assert SigningKey.objects.filter(event_id=event.id).count() == 2

    fresh = run_verb(load_signing_key(event.id))
    renewed = [run_verb(read_ticket(event.id, row.serial)) for row in rows]
    assert (fresh.key_id, [row.key_id for row in renewed]) == (2, [2, 2, 2, 2, 1, 2])
    assert renewed[5].device_key == bound.device_key, "a bound ticket stays with its phone"
    next_generations = [encode_token(body_of(row, 1), thief.private_key) for row in renewed]
    assert set(codes_at_the_gate(event, *old, *next_generations)) == {"gates.key_stolen"}
    assert codes_at_the_gate(event, *(token_of(row, fresh) for row in renewed[:4])) == ["admit"] * 4

    drain()
    mails = Mail.objects.filter(template="codes_replaced", context__event_id=event.id)
    assert sorted(mails.values_list("to", flat=True)) == sorted(order.email for order in orders)
    assert {mail.language: compose_mail(mail, NOW).subject for mail in mails} == {
        "en": "Your tickets for Winter Lights were replaced: please download them again",
        "es": "Tus entradas para Luces de invierno han cambiado: descárgalas otra vez",
    }
    letter = compose_mail(mails[0], NOW)
    assert "/me/tickets/open/?t=" in letter.body
    assert not letter.attachments, "a file could be old on arrival"
    told = {each.email: each.tickets for each in affected_orders(event.id, 1)}
    assert told == {"ana@buyers.example": 2, "bea@buyers.example": 2, "eva@buyers.example": 1}


def test_a_sale_that_was_under_way_is_found_by_the_last_look() -> None:
    event = make_event_tonight()
    issue(event, "Ana")
    late = run_verb(load_signing_key(event.id))
    clock = Clock()

    def sell_late(seconds: float) -> None:
        clock.sleep(seconds)
        issue_with(event, late, "Bea")

    done = replace_all(event.id, 1, actor="operator", clock=clock, sleep=sell_late)
    assert done == Replaced(2, Waiting(0, 0))


def test_a_ticket_out_of_generations_is_counted_and_refused() -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)
    Ticket.objects.filter(event_id=event.id).update(generation=255)
    assert run(event, Clock()) == Replaced(0, Waiting(0, 1))
    assert codes_at_the_gate(event, ticket.token) == [errors.KeyStolenError.code]


def test_only_a_key_that_is_there_can_be_stolen() -> None:
    event = make_event_tonight()
    with pytest.raises(NoSigningKeyError):
        run_verb(declare_stolen(event.id, 9, actor="operator", now=NOW))
    run_verb(declare_stolen(event.id, 1, actor="operator", now=NOW))
    fact = LogEntry.objects.get(event_id=event.id, name="event.key_stolen")
    assert fact.data == {"key_id": 1, "new_key_id": 2, "live_renewed": False}
    run_verb(declare_stolen(event.id, 1, actor="operator", now=NOW))
    assert LogEntry.objects.filter(event_id=event.id, name="event.key_stolen").count() == 1


def test_a_drill_finds_everything_in_order_and_leaves_no_trace() -> None:
    event = make_event_tonight()
    buy(event, now=NOW, quantities={1: 3})
    before = (list(Ticket.objects.filter(event_id=event.id).values()), LogEntry.objects.count())
    report = drill(event.id, None, now=NOW)
    assert report.is_good
    assert (report.key_id, report.tickets, report.tried, report.orders_tried) == (1, 3, 3, 1)
    assert report.whole_s == pytest.approx(report.seconds)
    assert (list(Ticket.objects.filter(event_id=event.id).values()), LogEntry.objects.count()) == before
    assert SigningKey.objects.filter(event_id=event.id).count() == 1
    assert drill(make_event_tonight().id, None, now=NOW).is_good, "an event without tickets"


def test_the_secret_of_live_digits_is_renewed_once_by_the_mark() -> None:
    event = make_event_tonight()
    issue(event, "Ana")
    old = run_verb(live_master(event.id, NOW))
    run(event, Clock())
    new = run_verb(live_master(event.id, NOW))
    row = run_verb(read_ticket(event.id, 1))
    token = token_of(row, run_verb(load_signing_key(event.id)))
    shown = [
        token + live_digits(live_secret(master, event.id, 1, row.generation), live_step(NOW))
        for master in (old, new)
    ]
    assert codes_at_the_gate(event, *shown) == ["gates.wrong_digits", "admit"]
    run(event, Clock())
    assert run_verb(live_master(event.id, NOW)) == new, "said again, it changes nothing"


def test_a_drill_notices_a_secret_that_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event_tonight()
    issue(event)
    never = Statement(
        "never", "SELECT 1 WHERE $1::integer = 0 AND $2::bytea IS NULL AND $3::timestamptz IS NULL"
    )
    monkeypatch.setattr(live_masters, "_RENEW_LIVE_MASTER", never)
    report = drill(event.id, None, now=NOW)
    assert (report.old_digits_refused, report.is_good) == (0, False)


def test_a_drill_says_which_tickets_it_did_not_try() -> None:
    event = make_event_tonight()
    buy(event, now=NOW, quantities={1: 3})
    Ticket.objects.filter(event_id=event.id, serial=1).update(device_key=bytes(32))
    report = drill(event.id, None, now=NOW)
    assert (report.tickets, report.tried, report.in_phones) == (3, 2, 1)
    assert report.is_good
    assert not report.surprises


def test_a_drill_notices_gates_that_would_let_the_thief_in(monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event_tonight()
    issue(event)
    never = Statement("never", "SELECT 1 WHERE $1::integer + $2::smallint = 0 AND $3::timestamptz IS NULL")
    monkeypatch.setattr(stolen_keys, "_MARK_STOLEN", never)
    report = drill(event.id, None, now=NOW)
    assert not report.is_good
    assert sum(report.surprises.values()) == 2 * report.tried, "it says what the gates said"


def test_the_table_opens_in_any_program_and_runs_nothing() -> None:
    event = make_event_tonight()
    buy(event, email="ana@buyers.example", now=NOW)
    run(event, Clock())
    table, count = affected_table(
        replace(each, name="=cmd|' /C calc'!A0") for each in affected_orders(event.id, 1)
    )
    (row,) = csv.DictReader(io.StringIO(table))
    assert (count, row["email"], row["tickets"]) == (1, "ana@buyers.example", "2")
    assert row["name"].startswith("'=")
