"""Every statement on event tables could run on a sharded database: see `statement_rules`."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.db import connection

from tests.house.statement_rules import complaints, event_tables
from tmam.platform.rotate_keys import rotation_statements
from tmam.platform.sealed_columns import SEALED_COLUMNS, SealedColumn
from tmam.platform.table_kinds import EVENT_TABLES

SOURCE = Path(__file__).parent.parent.parent / "src" / "tmam"
# Statements that look across events on purpose, with the reason. The folders of the operator's tools, which
# read whole databases and never write, are left out below.
ACROSS_EVENTS = {
    "inventory/sql/expired_holds.sql": "the sweeper asks all events what has lapsed, then ends each event by itself",
    "inventory/sql/stock_by_pool.sql": "the studio sums the stock of a team's events",
    "orders/sql/sales_since.sql": "the studio sums the sales of a team's events",
}
OF_THE_OPERATOR = ("cli/", "bench/")
# Statements on event tables outside of a named file, by file.
IN_PYTHON = {
    "platform/event_log.py": "the dispatcher gives positions to the rows of all events",
    "platform/metrics.py": "counts what waits, over all events",
    "platform/rotate_keys.py": "the same three statements for every sealed column, tested below",
}
TOUCHES = re.compile(rf"\b(?:FROM|JOIN|INTO|UPDATE|USING)\s+({'|'.join(sorted(EVENT_TABLES))})\b")


def statements() -> dict[str, str]:
    return {
        str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8")
        for path in sorted(SOURCE.glob("**/sql/*.sql"))
        if not str(path.relative_to(SOURCE)).startswith(OF_THE_OPERATOR)
    }


@pytest.fixture
def volatile(db: None) -> frozenset[str]:
    """Names of the functions whose answer may differ each time, by the catalogue of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT proname FROM pg_proc WHERE provolatile = 'v'")
        return frozenset(name for (name,) in cursor.fetchall())


def test_the_statements_keep_the_rules(volatile: frozenset[str]) -> None:
    found = {
        name: complaints(text, volatile) for name, text in statements().items() if name not in ACROSS_EVENTS
    }
    assert {name: said for name, said in found.items() if said} == {}


def test_the_exceptions_break_one_rule_only(volatile: frozenset[str]) -> None:
    for name in ACROSS_EVENTS:
        said = complaints((SOURCE / name).read_text(encoding="utf-8"), volatile)
        assert said, f"{name} needs no exception any more"
        assert [each for each in said if not each.endswith("does not say event_id = $1")] == [], name


@pytest.mark.parametrize("column", SEALED_COLUMNS, ids=lambda column: f"{column.table}.{column.column}")
def test_the_statements_of_rotation_keep_the_rules(column: SealedColumn, volatile: frozenset[str]) -> None:
    for statement in rotation_statements(column):
        assert complaints(statement.text, volatile) == [], statement.name


def test_the_guard_looks_at_real_statements() -> None:
    touched = {table for text in statements().values() for table in event_tables(text)}
    assert touched == EVENT_TABLES


def test_no_statement_on_event_tables_hides_in_python() -> None:
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and TOUCHES.search(node.value)
    }
    assert {name for name in found if not name.startswith(OF_THE_OPERATOR)} == set(IN_PYTHON)


SOUND = [
    "SELECT id FROM inventory_hold WHERE event_id = $1::integer",
    (
        "SELECT id FROM inventory_hold AS h JOIN inventory_claim AS c ON c.event_id = $1::integer AND c.hold_id = h.id "
        "WHERE h.event_id = $1::integer AND h.id = $2::uuid"
    ),
    "UPDATE inventory_hold SET ended_at = $2::timestamptz WHERE $1::integer = event_id AND (state = 'held' OR state = 'expired')",
    "DELETE FROM inventory_claim AS c USING unnest($2::uuid[]) AS u (id) WHERE c.event_id = $1::integer AND c.hold_id = u.id",
    "INSERT INTO tickets_serial (event_id, last_serial) VALUES ($1::integer, $2::bigint) ON CONFLICT (event_id) DO NOTHING",
    "SELECT id FROM inventory_hold WHERE event_id = $1::integer ORDER BY id FOR UPDATE",
    "SELECT id FROM inventory_hold WHERE event_id = $1::integer LIMIT 1 FOR UPDATE SKIP LOCKED",
    "SELECT now()",
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_statements_are_left_alone(text: str, volatile: frozenset[str]) -> None:
    assert complaints(text, volatile) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SELECT id FROM inventory_hold", "inventory_hold does not say event_id = $1"),
        (
            "SELECT id FROM inventory_hold WHERE event_id = ANY ($1::integer[])",
            "inventory_hold does not say event_id = $1",
        ),
        (
            "SELECT id FROM inventory_hold WHERE event_id = $1::integer OR state = 'held'",
            "inventory_hold does not say event_id = $1",
        ),
        (
            "SELECT id FROM inventory_hold WHERE event_id = $2::integer AND id = $1::uuid",
            "inventory_hold does not say event_id = $1",
        ),
        (
            (
                "SELECT h.id FROM inventory_hold AS h JOIN inventory_claim AS c ON c.hold_id = h.id "
                "WHERE h.event_id = $1::integer"
            ),
            "c does not say event_id = $1",
        ),
        (
            "SELECT h.id FROM inventory_hold AS h, inventory_claim AS c WHERE event_id = $1::integer",
            "h does not say event_id = $1",
        ),
        (
            (
                "WITH gone AS (DELETE FROM inventory_claim RETURNING hold_id) "
                "SELECT id FROM inventory_hold WHERE event_id = $1::integer"
            ),
            "inventory_claim does not say event_id = $1",
        ),
        (
            (
                "SELECT id FROM inventory_hold AS h WHERE h.event_id = $1::integer AND EXISTS "
                "(SELECT FROM inventory_claim AS c WHERE c.hold_id = h.id)"
            ),
            "c does not say event_id = $1",
        ),
        (
            (
                "SELECT h.id FROM inventory_hold AS h LEFT JOIN inventory_claim AS c "
                "ON h.event_id = $1::integer AND c.event_id = $1::integer"
            ),
            "h does not say event_id = $1",
        ),
        ("UPDATE inventory_hold SET state = 'held'", "inventory_hold does not say event_id = $1"),
        (
            "INSERT INTO tickets_serial (last_serial, event_id) VALUES ($2::bigint, $1::integer)",
            "does not begin the columns of tickets_serial with event_id",
        ),
        (
            "INSERT INTO tickets_serial (event_id, last_serial) SELECT u.e, 1 FROM unnest($1::integer[]) AS u (e)",
            "inserts into tickets_serial for another event than $1",
        ),
        (
            "INSERT INTO tickets_serial (event_id, last_serial) VALUES ($1::integer, 1) ON CONFLICT DO NOTHING",
            "ON CONFLICT of tickets_serial does not begin with event_id",
        ),
        (
            "UPDATE inventory_hold SET ended_at = now() WHERE event_id = $1::integer",
            "writes what now() says",
        ),
        (
            "UPDATE inventory_hold SET ended_at = CURRENT_TIMESTAMP WHERE event_id = $1::integer",
            "writes what current_timestamp() says",
        ),
        (
            "UPDATE inventory_hold SET id = gen_random_uuid() WHERE event_id = $1::integer",
            "writes what gen_random_uuid() says",
        ),
        (
            "UPDATE inventory_hold SET ended_at = 'now'::timestamptz WHERE event_id = $1::integer",
            "writes what 'now' means at the moment",
        ),
        ("SELECT pg_advisory_xact_lock($1::bigint)", "takes an advisory lock: pg_advisory_xact_lock"),
        ("SELECT id FROM inventory_hold WHERE event_id = $1", "$1 has no cast"),
        (
            "SELECT id FROM inventory_hold WHERE event_id = $1::integer AND id = $3::uuid",
            "leaves parameters out: it has [1, 3]",
        ),
        (
            "SELECT id FROM inventory_hold WHERE event_id = $1::integer FOR UPDATE",
            "locks rows in no order",
        ),
        ("SELECT 1; SELECT 2", "is not one statement that can be read"),
    ],
)
def test_each_mistake_is_seen(text: str, said: str, volatile: frozenset[str]) -> None:
    assert said in complaints(text, volatile)
