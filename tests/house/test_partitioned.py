"""Event tables partitioned by the hash of their event: what stands for a sharded database in the tests.

PostgreSQL itself refuses keys that lack the event, its planner says which statements would go to more than one
shard, and the tests with SQL of ours run once more on it (`test_machine_postgres.py`).
"""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.environment import (
    address_of,
    migrated_template,
)
from tests.house.test_statement_rules import ACROSS_EVENTS, statements
from tests.partitions import partition_event_tables
from tmam.platform.table_kinds import EVENT_TABLES

PARTITIONS = 4
NAMES = """
SELECT 'constraint', conrelid::regclass::text, conname, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid::regclass::text = ANY (%s) AND contype IN ('p', 'u', 'x', 'f', 'c') AND conparentid = 0
UNION ALL
SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, indisunique::text,
       replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
FROM pg_index WHERE indrelid::regclass::text = ANY (%s)
UNION ALL
SELECT 'column', attrelid::regclass::text, attname, attnotnull::text, format_type(atttypid, atttypmod)
FROM pg_attribute WHERE attrelid::regclass::text = ANY (%s) AND attnum > 0 AND NOT attisdropped
"""
# A value of each type that statements take, as SQL.
SAMPLES = {
    "integer": "7",
    "bigint": "7",
    "smallint": "1",
    "text": "'1'",
    "uuid": "'00000000-0000-0000-0000-000000000001'",
    "bytea": "'\\x00'",
    "boolean": "true",
    "date": "'2026-12-01'",
    "timestamp with time zone": "'2026-12-01 12:00:00+00'",
    "double precision": "0.5",
}


def names_and_definitions(connection: psycopg.Connection) -> set[tuple[Any, ...]]:
    tables = sorted(EVENT_TABLES)
    return set(connection.execute(NAMES, [tables, tables, tables]).fetchall())


@pytest.fixture(scope="module")
def partitioned() -> Iterator[tuple[psycopg.Connection, set[tuple[Any, ...]]]]:
    """A database of its own with partitioned event tables, and what the tables were before."""
    name = f"{os.environ['DATABASE_URL'].rpartition('/')[2]}_partitioned"
    with psycopg.connect(address_of("postgres"), autocommit=True) as server:
        template = sql.Identifier(migrated_template())
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        try:
            with psycopg.connect(address_of(name), autocommit=True) as connection:
                before = names_and_definitions(connection)
                partition_event_tables(address_of(name), PARTITIONS)
                yield connection, before
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_partitioned_tables_are_like_the_plain_ones(
    partitioned: tuple[psycopg.Connection, set[tuple[Any, ...]]],
) -> None:
    connection, before = partitioned
    assert names_and_definitions(connection) == before
    kinds = connection.execute(
        "SELECT relname, (SELECT count(*) FROM pg_inherits WHERE inhparent = oid) FROM pg_class "
        "WHERE relkind = 'p' AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    assert dict(kinds) == dict.fromkeys(EVENT_TABLES, PARTITIONS)


@pytest.mark.parametrize(
    "mistake",
    [
        "CREATE UNIQUE INDEX ON inventory_hold (visitor_id)",
        "ALTER TABLE tickets_ticket ADD UNIQUE (token_sha256)",
        "INSERT INTO tickets_serial (event_id, last_serial) VALUES (1, 1) ON CONFLICT (last_serial) DO NOTHING",
        "ALTER TABLE inventory_claim ADD FOREIGN KEY (hold_id) REFERENCES inventory_hold (id)",
    ],
)
def test_postgresql_refuses_keys_without_the_event(
    partitioned: tuple[psycopg.Connection, set[tuple[Any, ...]]], mistake: str
) -> None:
    connection, _ = partitioned
    with pytest.raises(psycopg.Error, match=r"partition|unique"), connection.transaction():
        connection.execute(mistake.encode())


def shards_asked(connection: psycopg.Connection, text: str) -> dict[str, set[str]]:
    """The partitions that the planner would read or change, by event table."""
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        connection.execute(b"PREPARE asked AS " + text.rstrip().rstrip(";").encode())
        try:
            (types,) = connection.execute(
                "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'asked'"
            ).fetchone() or ([],)
            values = [
                f"ARRAY[{SAMPLES[type_[:-2]]}]::{type_}" if type_.endswith("[]") else SAMPLES[type_]
                for type_ in types
            ]
            call = f"EXECUTE asked ({', '.join(values)})" if values else "EXECUTE asked"
            row = connection.execute(f"EXPLAIN (FORMAT JSON) {call}".encode()).fetchone()
        finally:
            connection.execute("DEALLOCATE asked")
    asked: dict[str, set[str]] = defaultdict(set)
    for name in re.findall(r'"Relation Name": "(\w+)"', json.dumps(row)):
        table, _, shard = name.rpartition("_")
        if table in EVENT_TABLES and shard.isdigit():
            asked[table].add(shard)
    return asked


def test_the_planner_sends_each_statement_to_one_shard(
    partitioned: tuple[psycopg.Connection, set[tuple[Any, ...]]],
) -> None:
    connection, _ = partitioned
    asked = {name: shards_asked(connection, text) for name, text in statements().items()}
    wide = {name for name, tables in asked.items() if any(len(shards) > 1 for shards in tables.values())}
    assert wide <= set(ACROSS_EVENTS)
    assert "inventory/sql/expired_holds.sql" in wide
    of_one_shard = {name for name, tables in asked.items() if tables} - wide
    assert len(of_one_shard) > 20
    assert all(len(set.union(*asked[name].values())) == 1 for name in of_one_shard), (
        "tables are not co-located"
    )
