"""Many tickets at once: copies of a real purchase are ordinary sales to everybody who looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from tests.cast import NOW, make_event
from tests.gates.guests import attempt
from tmam.bench.books.check_books import check_books
from tmam.bench.fill import multiply_purchase, settle, sign_tickets
from tmam.bench.sell import sell
from tmam.catalog.models import Event
from tmam.cli.doctor.findings import Patient, Severity
from tmam.cli.doctor.invariants import invariant_checks
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.inventory.draws import Wish
from tmam.inventory.models import Counter
from tmam.platform.settings import current_settings
from tmam.platform.statements import run_verb
from tmam.tickets.models import Ticket


def filled(dsn: str, copies: int) -> Event:
    event = make_event(starts_in=timedelta(minutes=30))
    sell(event, [Wish(1, 1, 3)], NOW)
    assert multiply_purchase(dsn, event.id, copies) == 3 * (copies + 1)
    return event


def test_copies_are_ordinary_sales(dsn: str) -> None:
    event = filled(dsn, copies=5)
    sell(event, [Wish(1, 1, 2)], NOW)
    assert Ticket.objects.filter(event_id=event.id).count() == 20
    assert Counter.objects.get(event_id=event.id, kind="pool").sold == 20
    assert check_books(dsn, [event.id]) == []
    with psycopg.connect(dsn, autocommit=True) as connection:
        patient = Patient(current_settings(), connection, datetime.now(UTC))
        found = [check.ask(patient) for check in invariant_checks()]
    wrong = [each.finding for each in found if each.severity == Severity.WRONG]
    assert not [finding for finding in wrong if f"event {event.id}:" in finding]
    settle(dsn)


def test_signed_copies_are_admitted_once(dsn: str, tmp_path: Path) -> None:
    event = filled(dsn, copies=2)
    tokens = tmp_path / "tokens"
    assert sign_tickets(dsn, event.id, tokens, last_serial=4) == 4
    codes = tokens.read_text(encoding="ascii").split()
    outcomes = run_verb(redeem_tickets(event.id, [attempt(code) for code in [*codes, codes[0]]]))
    assert [outcome.error.code if outcome.error else "admit" for outcome in outcomes] == [
        *["admit"] * 4,
        "gates.already_used",
    ]
    assert [outcome.ticket.serial for outcome in outcomes[:4] if outcome.ticket] == [1, 2, 3, 4]
    assert check_books(dsn, [event.id]) == []
