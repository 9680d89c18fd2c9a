from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from django.conf import settings
from django.db import connection

from tests.cast import NOW, make_seated_event
from tests.gates.guests import attempt
from tests.orders.buyers import checkout_with, pay, ready
from tmam.accounts.models import Erasure, Sms
from tmam.catalog.models import Event
from tmam.cli.doctor.background import background_checks
from tmam.cli.doctor.findings import Check, Finding, Patient, Severity
from tmam.cli.doctor.invariants import INVARIANTS, invariant_checks
from tmam.cli.doctor.machine import machine_checks
from tmam.cli.doctor.run import finding_lines
from tmam.cli.doctor.secrets_kept import key_checks
from tmam.cli.doctor.selling import selling_checks
from tmam.delivery.pdf_certificate import pdf_certificate
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.payments.models import Payment, Refund
from tmam.payments.refund import instruct_refund
from tmam.platform.event_log import drain
from tmam.platform.heartbeat import beat
from tmam.platform.keys import add_master_key
from tmam.platform.rotate_keys import rotate_data_key
from tmam.platform.settings import Settings, load_settings
from tmam.platform.statements import run_verb
from tmam.tickets.models import Ticket
from tmam.tickets.signing_keys import load_signing_key, make_signing_key
from tmam.tickets.token_of import token_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def patient() -> Patient:
    """Looks through this test's own connection: sees what the test does before it is rolled back."""
    connection.ensure_connection()
    return Patient(settings.TMAM, connection.connection, LATER)


@pytest.fixture
def sale(patient: Patient) -> Event:
    """An event with a bought, a held and a scanned ticket, everything as it should be."""
    event = make_seated_event(starts_in=timedelta(minutes=30))
    pay(ready(event))
    checkout_with(event)
    ticket = Ticket.objects.get(event_id=event.id, serial=1)
    token = token_of(ticket, run_verb(load_signing_key(event.id)))
    (outcome,) = run_verb(redeem_tickets(event.id, [attempt(token, at=NOW)]))
    assert outcome.verdict == "admit"
    drain()
    return event


def ask(checks: list[Check], name: str, patient: Patient) -> Finding:
    (check,) = [check for check in checks if check.name == name]
    return check.ask(patient)


def execute(query: str, *arguments: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)


@pytest.mark.parametrize("name", [invariant.name for invariant in INVARIANTS])
def test_an_honest_sale_breaks_no_invariant(name: str, sale: Event, patient: Patient) -> None:
    assert f"event {sale.id}:" not in ask(invariant_checks(), name, patient).finding


# What would have to happen behind the program's back, and the invariant that notices.
DAMAGE = [
    ("guards_in_place", "ALTER TABLE inventory_counter DROP CONSTRAINT counter_never_oversold"),
    ("held_places", "UPDATE inventory_counter SET held = held + 1 WHERE event_id = %s"),
    (
        "held_places",
        "UPDATE inventory_hold SET counter_quantities = '{5,5}' WHERE event_id = %s AND state = 'held'",
    ),
    ("sold_places", "UPDATE inventory_counter SET sold = sold - 1 WHERE event_id = %s AND kind = 'pool'"),
    ("sold_places", "DELETE FROM tickets_ticket WHERE event_id = %s AND serial = 2"),
    ("claims_of_holds", "DELETE FROM inventory_claim WHERE event_id = %s"),
    ("claims_of_holds", "UPDATE inventory_claim SET segment = 1 WHERE event_id = %s"),
    ("seat_maps", "DELETE FROM inventory_claim WHERE event_id = %s"),
    ("seat_maps", "UPDATE inventory_seat_map SET taken = taken || '\\x01'::bytea WHERE event_id = %s"),
    (
        "limits_counted",
        "INSERT INTO inventory_counter (event_id, id, kind, capacity, sold) VALUES (%s, 1::bigint << 62, 'email', 4, 1)",
    ),
    (
        "claims_of_holds",
        "UPDATE inventory_hold SET state = 'released', ended_at = now() WHERE event_id = %s AND state = 'held'",
    ),
    ("seats_once", "UPDATE tickets_ticket SET seat = 7 WHERE event_id = %s"),
    (
        "expired_holds",
        "UPDATE inventory_hold SET expires_at = '2026-12-01 12:03Z' WHERE event_id = %s AND state = 'held'",
    ),
    ("orders_have_tickets", "DELETE FROM tickets_ticket WHERE event_id = %s AND serial = 2"),
    ("books_balance", "UPDATE ledger_entry SET amount_minor = amount_minor + 1 WHERE event_id = %s"),
    ("books_balance", "UPDATE orders_order SET total_minor = total_minor + 1 WHERE event_id = %s"),
    ("books_balance", "DELETE FROM ledger_entry WHERE event_id = %s"),
    ("serials_dense", "UPDATE tickets_serial SET last_serial = 9 WHERE event_id = %s"),
    ("serials_dense", "DELETE FROM tickets_ticket WHERE event_id = %s AND serial = 1"),
    ("redeemed_once", "DELETE FROM gates_redemption WHERE event_id = %s"),
    ("redeemed_once", "DELETE FROM gates_scan WHERE event_id = %s"),
    ("redeemed_once", "UPDATE gates_scan SET serial = 2 WHERE event_id = %s"),
    ("orders_are_logged", "DELETE FROM platform_log_entry WHERE event_id = %s AND name = 'order.confirmed'"),
]


@pytest.mark.parametrize(("name", "damage"), DAMAGE)
def test_damage_is_noticed(name: str, damage: str, sale: Event, patient: Patient) -> None:
    execute(damage, *([sale.id] if "%s" in damage else []))
    finding = ask(invariant_checks(), name, patient)
    assert finding.severity == Severity.WRONG
    assert finding.advice
    assert "%s" not in damage or f"event {sale.id}:" in finding.finding


def test_a_gap_in_the_log_is_noticed(sale: Event, patient: Patient) -> None:
    assert ask(invariant_checks(), "log_gap_free", patient).severity == Severity.FINE
    execute("UPDATE platform_loghead SET position = position + 1")
    assert ask(invariant_checks(), "log_gap_free", patient).severity == Severity.WRONG


def test_money_without_tickets_is_noticed_after_two_minutes(sale: Event, patient: Patient) -> None:
    execute("DELETE FROM payments_allocation WHERE event_id = %s", sale.id)
    within = replace(patient, now=NOW + timedelta(seconds=90))
    payment = "SELECT count(*) FROM payments_payment WHERE state = 'approved'"
    with connection.cursor() as cursor:
        cursor.execute(payment)
        assert cursor.fetchone() != (0,)
    assert ask(invariant_checks(), "paid_means_tickets", within).severity == Severity.FINE
    assert ask(invariant_checks(), "paid_means_tickets", patient).severity == Severity.WRONG


def test_a_refund_that_does_not_get_done_is_noticed_after_ten_minutes(sale: Event, patient: Patient) -> None:
    payment = Payment.objects.latest("started_at")
    instruct_refund(payment_id=payment.id, hold_id=uuid4(), amount_minor=1, reason="x", now=NOW)
    assert ask(invariant_checks(), "refunds_done", patient).severity == Severity.FINE
    late = replace(patient, now=NOW + timedelta(minutes=11))
    assert ask(invariant_checks(), "refunds_done", late).severity == Severity.WRONG
    Refund.objects.update(state="done")
    assert ask(invariant_checks(), "refunds_done", late).severity == Severity.FINE


@pytest.mark.parametrize(
    ("mode", "severity"), [("demo", Severity.FINE), ("test", Severity.FINE), ("production", Severity.WATCH)]
)
def test_a_shop_that_cannot_take_money_is_noticed(mode: str, severity: Severity, patient: Patient) -> None:
    patient = replace(patient, settings=msgspec.structs.replace(patient.settings, mode=mode))
    finding = ask(selling_checks(), "gateway", patient)
    assert (finding.severity, bool(finding.advice)) == (severity, mode == "production")


def test_two_tickets_with_one_code_are_noticed(sale: Event, patient: Patient) -> None:
    execute("ALTER TABLE tickets_ticket DROP CONSTRAINT tickets_ticket_event_id_token_sha256_key")
    execute(
        "UPDATE tickets_ticket SET token_sha256 = (SELECT token_sha256 FROM tickets_ticket "
        "WHERE event_id = %s AND serial = 1) WHERE event_id = %s",
        sale.id,
        sale.id,
    )
    finding = ask(invariant_checks(), "one_live_generation", patient)
    assert f"event {sale.id}: serials 1, 2 share a code" in finding.finding


def test_keys_that_do_not_open_are_noticed(sale: Event, patient: Patient) -> None:
    assert f"event {sale.id} " not in ask(key_checks(), "signing_keys", patient).finding
    assert f"event {sale.id} " not in ask(key_checks(), "ticket_codes", patient).finding
    execute("UPDATE tickets_signing_key SET private_key_encrypted = 'x' WHERE event_id = %s", sale.id)
    assert f"event {sale.id} key 1" in ask(key_checks(), "signing_keys", patient).finding
    assert ask(key_checks(), "ticket_codes", patient).severity == Severity.WRONG


def test_an_event_on_sale_without_a_key_is_noticed(sale: Event, patient: Patient) -> None:
    execute("DELETE FROM tickets_signing_key WHERE event_id = %s", sale.id)
    assert "no signing key" in ask(key_checks(), "signing_keys", patient).finding


def test_key_files_that_others_can_read_are_noticed(tmp_path: Path, patient: Patient) -> None:
    patient = replace(patient, settings=load_settings({"TMAM_STATE": str(tmp_path)}))
    assert ask(key_checks(), "key_files", patient).severity == Severity.WRONG
    (tmp_path / "keys").mkdir(mode=0o700)
    (tmp_path / "keys" / "secret_key").write_text("secret")
    (tmp_path / "keys" / "secret_key").chmod(0o644)
    assert "Others can read secret_key" in ask(key_checks(), "key_files", patient).finding
    (tmp_path / "keys" / "secret_key").chmod(0o600)
    assert ask(key_checks(), "key_files", patient).severity == Severity.FINE


def test_a_silent_worker_and_a_stuck_loop_are_noticed(patient: Patient) -> None:
    execute("DELETE FROM platform_heartbeat")
    assert "No worker has ever run" in ask(background_checks(), "worker", patient).finding
    beat({"worker": LATER, "worker.sweep": LATER})
    assert ask(background_checks(), "worker", patient).severity == Severity.FINE
    beat({"worker": LATER, "worker.sweep": NOW})
    assert "worker.sweep does not get done" in ask(background_checks(), "worker", patient).finding
    beat({"worker": NOW})
    assert "silent for 300 s" in ask(background_checks(), "worker", patient).finding


def test_unread_news_are_noticed(sale: Event, patient: Patient) -> None:
    execute("INSERT INTO platform_logcursor (consumer, position) VALUES ('slow', 0)")
    assert "slow (" in ask(background_checks(), "log_readers", patient).finding
    execute("UPDATE platform_log_entry SET position = NULL WHERE event_id = %s", sale.id)
    assert ask(background_checks(), "log_readers", patient).severity == Severity.WRONG


def test_failed_and_forgotten_jobs_are_noticed(patient: Patient) -> None:
    execute("DELETE FROM procrastinate_jobs")
    assert ask(background_checks(), "jobs", patient).severity == Severity.FINE
    execute("INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('q', 't', 'failed')")
    assert ask(background_checks(), "jobs", patient).severity == Severity.WATCH
    execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 't')")
    execute("UPDATE procrastinate_events SET at = %s", NOW - timedelta(hours=1))
    assert ask(background_checks(), "jobs", patient).severity == Severity.WRONG


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "ftp://nowhere"])
def test_mail_that_cannot_leave_is_noticed(url: str, patient: Patient) -> None:
    patient = replace(patient, settings=msgspec.structs.replace(patient.settings, mail_url=url))
    assert ask(background_checks(), "mail", patient).severity == Severity.WRONG


def test_text_messages_that_do_not_get_out_are_noticed(patient: Patient) -> None:
    assert ask(background_checks(), "sms", patient).severity == Severity.FINE
    Sms.objects.create(
        to="+34612345678", state="failed", queued_at=NOW, expires_at=NOW, last_error="status 401, code 20003"
    )
    found = ask(background_checks(), "sms", patient)
    assert found.severity == Severity.WATCH
    assert "code 20003" in found.finding
    wrong = replace(patient, settings=msgspec.structs.replace(patient.settings, sms_url="twilio://nobody"))
    assert ask(background_checks(), "sms", wrong).severity == Severity.WRONG


def test_the_machine_is_looked_at(patient: Patient) -> None:
    found = {check.name: check.ask(patient) for check in machine_checks()}
    assert found["database"].severity == Severity.FINE
    assert found["migrations"].severity == Severity.FINE
    assert found["clock"].severity == Severity.FINE
    assert "GB are free" in found["disk"].finding


def test_a_missing_migration_is_noticed(patient: Patient) -> None:
    execute("DELETE FROM django_migrations WHERE app = 'gates'")
    assert "gates.0001_initial" in ask(machine_checks(), "migrations", patient).finding


def test_a_finding_says_what_to_do() -> None:
    lines = finding_lines(Finding("disk", Severity.WRONG, "Full.", "Make room."))
    assert lines == ["WRONG  disk: Full.", "       → Make room."]


def test_what_waits_for_a_newer_key_is_watched_and_what_no_key_opens_is_wrong(
    settings_here: Settings, patient: Patient
) -> None:
    run_verb(make_signing_key(4_100_030, NOW))
    assert ask(key_checks(), "sealed_values", patient).severity == Severity.FINE
    run_verb(rotate_data_key(4_100_030, NOW))
    assert "1 values of 1 events" in ask(key_checks(), "sealed_values", patient).finding
    add_master_key(settings_here)
    found = ask(key_checks(), "sealed_values", patient)
    assert (found.severity, found.advice) == (Severity.WATCH, "Run `tmam keys relock`.")
    Erasure.objects.create(user_id=1, asked_at=NOW, look_at=NOW, sealed=b"under a key of somebody else")
    assert ask(key_checks(), "sealed_values", patient).severity == Severity.WRONG


def test_the_certificate_of_pdfs_is_looked_at(patient: Patient, tmp_path: Path) -> None:
    at_home = replace(patient, settings=msgspec.structs.replace(patient.settings, state=tmp_path))
    assert "first PDF" in ask(key_checks(), "pdf_certificate", at_home).finding
    pdf_certificate(at_home.settings)
    assert "can be signed until" in ask(key_checks(), "pdf_certificate", at_home).finding
    in_production = replace(at_home, settings=msgspec.structs.replace(at_home.settings, mode="production"))
    assert "will say that they do not trust it" in ask(key_checks(), "pdf_certificate", in_production).finding
    for days, severity in ((3_640, Severity.WATCH), (3_651, Severity.WRONG)):
        later = replace(at_home, now=datetime.now(UTC) + timedelta(days=days))
        assert ask(key_checks(), "pdf_certificate", later).severity == severity
    lonely = msgspec.structs.replace(at_home.settings, pdf_certificate_file=str(tmp_path / "none.pem"))
    assert "unreadable" in ask(key_checks(), "pdf_certificate", replace(at_home, settings=lonely)).finding
