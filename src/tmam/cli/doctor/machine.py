"""Checks of what we stand on: the database, its tables, the clock, the disk."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

from tmam.cli.doctor.findings import Check, Finding, Patient, fine, watch, wrong
from tmam.cli.migrate import missing_migrations

OLDEST_VERSION = 15
CLOCK_TOLERANCE_S = 2.0
DISK_WRONG_BYTES = 500_000_000
DISK_WATCH_BYTES = 2_000_000_000


def machine_checks() -> list[Check]:
    """Database version, migrations, durability, clock, disk."""
    return [
        Check("database", _database),
        Check("migrations", _migrations),
        Check("durability", _durability),
        Check("clock", _clock),
        Check("disk", _disk),
    ]


def _database(patient: Patient) -> Finding:
    version = patient.connection.info.server_version
    if version // 10000 < OLDEST_VERSION:
        return wrong(
            "database", f"PostgreSQL {version // 10000} is too old.", "Move to PostgreSQL 15 or newer."
        )
    return fine("database", f"PostgreSQL {version // 10000}.{version % 10000} answers.")


def _migrations(patient: Patient) -> Finding:
    del patient
    missing = missing_migrations()
    if missing:
        return wrong(
            "migrations",
            f"{len(missing)} migrations are missing: {', '.join(missing)}.",
            "Run `tmam migrate`.",
        )
    return fine("migrations", "The tables fit this program.")


def _durability(patient: Patient) -> Finding:
    row = patient.connection.execute(
        "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')"
    ).fetchone()
    if row is None or row[0] != "on" or row[1] != "on" or row[2] == "off":
        return wrong(
            "durability",
            "The database may lose what it said was done.",
            "Set fsync, full_page_writes and synchronous_commit to on.",
        )
    return fine("durability", "What was answered `done` survives a power cut.")


def _clock(patient: Patient) -> Finding:
    before = datetime.now(UTC)
    rows = patient.connection.execute("SELECT clock_timestamp()").fetchall()
    between = before + (datetime.now(UTC) - before) / 2
    apart_s = abs((rows[0][0] - between).total_seconds())
    if apart_s > CLOCK_TOLERANCE_S:
        return wrong(
            "clock",
            f"This machine's clock and the database's are {apart_s:.1f} s apart.",
            "Switch on time synchronization (NTP) on both; holds and tickets depend on the time.",
        )
    return fine("clock", f"This machine's clock and the database's agree within {CLOCK_TOLERANCE_S:.0f} s.")


def _disk(patient: Patient) -> Finding:
    free = shutil.disk_usage(patient.settings.state).free
    said = f"{free / 1e9:.1f} GB are free below {patient.settings.state}."
    if free < DISK_WRONG_BYTES:
        return wrong("disk", said, "Make room now: without it, sales stop.")
    if free < DISK_WATCH_BYTES:
        return watch("disk", said, "Make room soon.")
    return fine("disk", said)
