"""Turn the event tables of a migrated database into hash-partitioned ones, as a sharded database has them.

PostgreSQL then refuses what a sharded database would refuse: a key, a foreign key or an ON CONFLICT without
`event_id`. Columns, constraints and indexes keep their names; everything is read from the system catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from tmam.platform.table_kinds import EVENT_TABLES

CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'x', 'f')
ORDER BY contype = 'f'
"""
REFERENCES = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE confrelid = %s::regclass AND contype = 'f' AND conparentid = 0
"""
INDEXES = """
SELECT pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
STORAGE = "SELECT coalesce(reloptions, '{}') FROM pg_class WHERE oid = %s::regclass"


@dataclass
class _Shape:
    """What a table's replacement must have, as SQL text."""

    constraints: list[tuple[str, str]]
    indexes: list[str]
    storage: list[str]


def partition_event_tables(address: str, partitions: int) -> None:
    """Replace every event table, empty as it is after migration, by one partitioned by the hash of its event."""
    with psycopg.connect(address) as connection:
        shapes = {table: _shape(connection, table) for table in sorted(EVENT_TABLES)}
        foreign = [
            row
            for table in sorted(EVENT_TABLES)
            for row in connection.execute(REFERENCES, [table]).fetchall()
        ]
        for table, shape in shapes.items():
            _replace(connection, table, shape, partitions)
        for source, name, definition in foreign:
            _add_constraint(connection, source, name, definition)


def _shape(connection: psycopg.Connection, table: str) -> _Shape:
    constraints = connection.execute(CONSTRAINTS, [table]).fetchall()
    (storage,) = connection.execute(STORAGE, [table]).fetchone() or ([],)
    return _Shape(
        # Foreign keys are gathered from the side they refer to when that is an event table too.
        [
            (name, definition)
            for name, definition in constraints
            if not any(f"REFERENCES {other}(" in definition for other in EVENT_TABLES)
        ],
        [definition for (definition,) in connection.execute(INDEXES, [table]).fetchall()],
        storage,
    )


def _replace(connection: psycopg.Connection, table: str, shape: _Shape, partitions: int) -> None:
    name, plain = sql.Identifier(table), sql.Identifier(f"{table}_plain")
    connection.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(name, plain))
    connection.execute(
        sql.SQL(
            "CREATE TABLE {} (LIKE {} INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS) "
            "PARTITION BY HASH (event_id)"
        ).format(name, plain)
    )
    connection.execute(sql.SQL("DROP TABLE {} CASCADE").format(plain))
    for remainder in range(partitions):
        connection.execute(
            sql.SQL("CREATE TABLE {} PARTITION OF {} FOR VALUES WITH (MODULUS {}, REMAINDER {}) {}").format(
                sql.Identifier(f"{table}_{remainder}"),
                name,
                sql.Literal(partitions),
                sql.Literal(remainder),
                sql.SQL(f"WITH ({', '.join(shape.storage)})") if shape.storage else sql.SQL(""),
            )
        )
    for constraint, definition in shape.constraints:
        _add_constraint(connection, table, constraint, definition)
    for definition in shape.indexes:
        connection.execute(definition.encode())


def _add_constraint(connection: psycopg.Connection, table: str, name: str, definition: str) -> None:
    connection.execute(
        sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
            sql.Identifier(table), sql.Identifier(name), sql.SQL(definition)
        )
    )
