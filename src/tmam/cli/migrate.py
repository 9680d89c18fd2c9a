"""`tmam migrate`: bring the tables up to date; quick when they are."""

from __future__ import annotations

import hashlib

from tmam.cli.database import database, set_up_django
from tmam.platform.settings import Settings

# One migration at a time however many programs start together; a number nobody else uses.
MIGRATION_LOCK = int.from_bytes(hashlib.sha256(b"tmam migrate").digest()[:7])


def run_migrate(settings: Settings) -> None:
    """Migrate the database of these settings and say what was done."""
    with database(settings, may_be_new=True) as url:
        set_up_django()
        done = migrate(url)
    print(f"{done} migrations applied." if done else "Nothing to migrate.")


def migrate(url: str) -> int:
    """Apply the migrations that are missing; returns how many there were. Django must be set up."""
    if not missing_migrations():
        return 0
    import psycopg
    from django.core.management import call_command

    with psycopg.connect(url, autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        missing = missing_migrations()
        if missing:
            call_command("migrate", interactive=False, verbosity=0)
    return len(missing)


def missing_migrations() -> list[str]:
    """The names of migrations that this program has and the database has not."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
