"""What the doctor says of keys that sign tickets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from msgspec.structs import replace

from tests.cast import NOW
from tests.gates.guests import issue, make_event_tonight
from tmam.cli.doctor.findings import Finding, Patient, Severity
from tmam.cli.doctor.secrets_kept import key_checks
from tmam.tickets.key_sets.delegations import delegated
from tmam.tickets.models import SigningKey, Ticket

pytestmark = pytest.mark.django_db


def ask(name: str, mode: str = "test", later: timedelta = timedelta(0)) -> Finding:
    connection.ensure_connection()
    patient = Patient(replace(settings.TMAM, mode=mode), connection.connection, NOW + later)
    (check,) = (each for each in key_checks() if each.name == name)
    return check.ask(patient)


def test_tickets_left_with_a_stolen_key_are_found() -> None:
    event = make_event_tonight()
    issue(event, "Ana", "Bea")
    assert ask("stolen_keys").severity is Severity.FINE
    SigningKey.objects.filter(event_id=event.id).update(stolen_at=NOW)
    found = ask("stolen_keys")
    assert (found.severity, found.finding[:2]) == (Severity.WRONG, "2 ")
    assert f"tmam keys stolen {event.id} 1" in found.advice
    Ticket.objects.filter(event_id=event.id).update(state="cancelled")
    assert ask("stolen_keys").severity is Severity.FINE


def test_a_delegation_is_renewed_in_time() -> None:
    assert ask("key_sets").severity is Severity.FINE
    assert ask("key_sets", "production").severity is Severity.WATCH
    delegated(NOW)
    assert ask("key_sets", "production").severity is Severity.FINE
    for days, words in ((70, "ends on 2027-03-01"), (91, "No root")):
        found = ask("key_sets", "production", timedelta(days=days))
        assert (found.severity, words in found.finding) == (Severity.WATCH, True), found


def test_a_keeper_that_is_away_is_named() -> None:
    event = make_event_tonight()
    SigningKey.objects.filter(event_id=event.id).update(keeper="papyrus")
    found = ask("signing_keys")
    assert found.severity is Severity.WRONG
    assert "papyrus" in found.finding
