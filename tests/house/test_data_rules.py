"""The migrated database keeps the rules that let events be sharded: judged by the system catalogue alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tmam.platform.table_kinds import (
    CONTROL_TABLES,
    EVENT_TABLES,
    GLOBAL_TABLES,
    TableKind,
    kind_of_table,
)

pytestmark = pytest.mark.django_db

TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""
# Unique indexes, with or without a constraint behind them, and exclusion constraints: name and first column.
KEYS = """
SELECT index_.indrelid::regclass::text, index_.indexrelid::regclass::text, index_.indisprimary,
       ARRAY(SELECT coalesce(column_.attname, '(expression)')
             FROM unnest(index_.indkey::smallint[]) WITH ORDINALITY AS part (number, place)
             LEFT JOIN pg_attribute AS column_
                    ON column_.attrelid = index_.indrelid AND column_.attnum = part.number AND part.number > 0
             WHERE part.place <= index_.indnkeyatts ORDER BY part.place)
FROM pg_index AS index_
WHERE index_.indrelid::regclass::text = ANY (%s) AND (index_.indisunique OR index_.indisexclusion)
"""
FOREIGN_KEYS = """
SELECT conname, conrelid::regclass::text, confrelid::regclass::text,
       ARRAY(SELECT attname FROM unnest(conkey) WITH ORDINALITY AS part (number, place)
             JOIN pg_attribute ON attrelid = conrelid AND attnum = part.number ORDER BY part.place),
       ARRAY(SELECT attname FROM unnest(confkey) WITH ORDINALITY AS part (number, place)
             JOIN pg_attribute ON attrelid = confrelid AND attnum = part.number ORDER BY part.place)
FROM pg_constraint WHERE contype = 'f' AND conparentid = 0
"""
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY (%s)
"""
COLUMNS = """
SELECT attrelid::regclass::text, format_type(atttypid, NULL), attnotnull FROM pg_attribute
WHERE attname = 'event_id' AND attnum > 0 AND attrelid::regclass::text = ANY (%s)
"""
# Defaults, generated columns, CHECKs and indexes are evaluated inside the statement that writes.
EXPRESSIONS = """
SELECT adrelid::regclass::text, pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid::regclass::text = ANY (%s)
UNION ALL
SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'c' AND conrelid::regclass::text = ANY (%s)
"""


def rows(query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return cursor.fetchall()


def broken_foreign_keys() -> list[str]:
    """Foreign keys that a sharded database could not keep, each with what is wrong with it."""
    found = []
    for name, source, target, columns, referred in rows(FOREIGN_KEYS):
        kinds = (kind_of_table(source), kind_of_table(target))
        if kinds == (TableKind.EVENT, TableKind.EVENT):
            if (columns[0], referred[0]) != ("event_id", "event_id"):
                found.append(f"{source}.{name}: does not begin with event_id on both sides")
        elif kinds[1] is TableKind.EVENT:
            found.append(f"{source}.{name}: {kinds[0].value} table refers to event table {target}")
        elif kinds[1] is TableKind.CONTROL and kinds[0] is not TableKind.CONTROL:
            found.append(f"{source}.{name}: {kinds[0].value} table refers to control table {target}")
    return found


def broken_keys() -> list[str]:
    """Unique and exclusion keys of event tables that do not begin with the event."""
    found = []
    have_primary_key = set()
    for table, key, is_primary, columns in rows(KEYS, sorted(EVENT_TABLES)):
        if is_primary:
            have_primary_key.add(table)
        if columns[0] != "event_id":
            found.append(f"{table}: {key} begins with {columns[0]}")
    return found + [f"{table}: no primary key" for table in sorted(EVENT_TABLES - have_primary_key)]


def test_every_table_is_declared_once() -> None:
    declared = [*EVENT_TABLES, *GLOBAL_TABLES, *CONTROL_TABLES]
    assert len(declared) == len(set(declared))
    real = {name for (name,) in rows(TABLES)}
    assert sorted(real ^ set(declared)) == [], "declare tables in tmam/platform/table_kinds.py"


def test_event_tables_have_an_event() -> None:
    columns = {
        table: (type_, is_required) for table, type_, is_required in rows(COLUMNS, sorted(EVENT_TABLES))
    }
    assert columns == dict.fromkeys(EVENT_TABLES, ("integer", True))


def test_every_key_of_an_event_table_begins_with_the_event() -> None:
    assert broken_keys() == []


def test_foreign_keys_can_be_kept_when_events_are_sharded() -> None:
    assert broken_foreign_keys() == []


def test_no_triggers_on_event_and_global_tables() -> None:
    assert rows(TRIGGERS, sorted(EVENT_TABLES | GLOBAL_TABLES)) == []


def test_event_tables_compute_nothing_from_the_clock_or_chance() -> None:
    names = sorted(EVENT_TABLES)
    volatile = [
        f"{table}: {text}"
        for table, text in rows(EXPRESSIONS, names, names)
        if any(
            word in text.lower() for word in ("now()", "current_", "nextval", "random", "clock_", "uuidv7")
        )
    ]
    assert volatile == []


def test_the_guard_sees_what_it_guards_against() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX too_wide ON inventory_hold (visitor_id)")
        cursor.execute("CREATE UNIQUE INDEX too_late ON inventory_hold (visitor_id, event_id)")
        cursor.execute("CREATE TABLE astray (id bigint PRIMARY KEY)")
        cursor.execute(
            "ALTER TABLE orders_checkouthold ADD CONSTRAINT across FOREIGN KEY (event_id, hold_id) "
            "REFERENCES inventory_hold (event_id, id)"
        )
        cursor.execute(
            "ALTER TABLE gates_scan ADD COLUMN checkout uuid, "
            "ADD CONSTRAINT upward FOREIGN KEY (checkout) REFERENCES orders_checkout (id)"
        )
        cursor.execute("ALTER TABLE ledger_entry ALTER COLUMN at SET DEFAULT now()")
    assert sorted(broken_keys()) == [
        "inventory_hold: too_late begins with visitor_id",
        "inventory_hold: too_wide begins with visitor_id",
    ]
    assert sorted(broken_foreign_keys()) == [
        "gates_scan.upward: event table refers to control table orders_checkout",
        "orders_checkouthold.across: control table refers to event table inventory_hold",
    ]
    with pytest.raises(AssertionError, match="astray"):
        test_every_table_is_declared_once()
    with pytest.raises(AssertionError, match="now"):
        test_event_tables_compute_nothing_from_the_clock_or_chance()
