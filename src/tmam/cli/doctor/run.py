"""`tmam doctor`: asks every question and says what to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import psycopg

from tmam.cli.database import database, set_up_django
from tmam.cli.doctor.findings import Check, Finding, Patient, Severity, wrong
from tmam.cli.operator_error import OperatorError
from tmam.platform.embedded_postgres import EmbeddedPostgresError
from tmam.platform.logs import configure_logs
from tmam.platform.settings import Settings
from tmam.platform.state_folder import StateFolderError

QUERY_PATIENCE_MS = 600_000
MARKS = {Severity.FINE: "ok   ", Severity.WATCH: "watch", Severity.WRONG: "WRONG"}


def run_doctor(settings: Settings, *, as_json: bool) -> int:
    """Print every finding; returns the exit status: 1 when something is wrong."""
    try:
        with database(settings) as url:
            configure_logs(settings.log_format, stream=sys.stderr)
            set_up_django()
            findings = examine(settings, url)
    except (OperatorError, EmbeddedPostgresError, StateFolderError) as error:
        findings = [wrong("database", str(error), "Nothing else can be checked before this is solved.")]
    is_wrong = any(finding.severity == Severity.WRONG for finding in findings)
    if as_json:
        print(
            json.dumps({"ok": not is_wrong, "findings": [asdict(finding) for finding in findings]}, indent=1)
        )
    else:
        for finding in findings:
            print("\n".join(finding_lines(finding)))
    return int(is_wrong)


def examine(settings: Settings, url: str) -> list[Finding]:
    """Every check's finding. Django must be set up; nothing is written."""
    options = f"-c default_transaction_read_only=on -c statement_timeout={QUERY_PATIENCE_MS} -c TimeZone=UTC"
    with psycopg.connect(url, autocommit=True, options=options) as connection:
        patient = Patient(settings, connection, datetime.now(UTC))
        return [_ask(check, patient) for check in all_checks()]


def all_checks() -> Sequence[Check]:
    """In the order in which trouble explains trouble."""
    from tmam.cli.doctor.background import background_checks
    from tmam.cli.doctor.invariants import invariant_checks
    from tmam.cli.doctor.machine import machine_checks
    from tmam.cli.doctor.secrets_kept import key_checks
    from tmam.cli.doctor.selling import selling_checks
    from tmam.cli.doctor.wallets import wallet_checks

    return [
        *machine_checks(),
        *key_checks(),
        *background_checks(),
        *selling_checks(),
        *wallet_checks(),
        *invariant_checks(),
    ]


def finding_lines(finding: Finding) -> list[str]:
    """A finding for the terminal."""
    lines = [f"{MARKS[finding.severity]}  {finding.check}: {finding.finding}"]
    return [*lines, f"       → {finding.advice}"] if finding.advice else lines


def _ask(check: Check, patient: Patient) -> Finding:
    try:
        return check.ask(patient)
    except Exception as error:  # noqa: BLE001 - a check that cannot be asked is a finding, the others still are asked
        reason = " ".join(str(error).split())
        return wrong(
            check.name,
            f"This could not be checked: {reason}",
            "Solve what is reported above, then ask again.",
        )
