"""The books after a run, asked in SQL of their own that shares nothing with the code that was measured.

Each file of `sql/` returns one row per fault: an event and a sentence. On top of that, whatever the server said
was done must be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Final

import psycopg

FAULTS_SHOWN: Final = 3
# Where each kind of acknowledged id must be found; `redeemed_once` says what hangs on a scan.
ACKNOWLEDGED: Final[Mapping[str, str]] = {
    "holds": "SELECT FROM inventory_hold AS row WHERE row.event_id = ANY (%s) AND row.id = said.id",
    "orders": "SELECT FROM orders_order AS row WHERE row.event_id = ANY (%s) AND row.id = said.id AND row.state = 'confirmed'",
    "scans": "SELECT FROM gates_scan AS row WHERE row.event_id = ANY (%s) AND row.nonce = said.id AND row.verdict = 'admit'",
}


def check_books(
    database_url: str, event_ids: Sequence[int], acknowledged: Iterable[Mapping[str, Sequence[str]]] = ()
) -> list[str]:
    """What is wrong with the books of these events, in sentences; empty when they are right.

    `acknowledged` lists ids by kind, as the load generators of one or more runs were told them.
    """
    with psycopg.connect(database_url, autocommit=True, options="-c TimeZone=UTC") as connection:
        return ask_books(connection, event_ids, list(acknowledged))


def ask_books(
    connection: psycopg.Connection,
    event_ids: Sequence[int],
    acknowledged: Sequence[Mapping[str, Sequence[str]]] = (),
) -> list[str]:
    """As `check_books`, through an open connection."""
    faults = [fault for name in statements() for fault in _ask(connection, name, event_ids)]
    for kind, found in ACKNOWLEDGED.items():
        ids = [id_ for run in acknowledged for id_ in run.get(kind, ())]
        if ids:
            faults += _missing(connection, kind, found, event_ids, ids)
    return faults


def statements() -> list[str]:
    """The names of all questions."""
    files = resources.files("tmam.bench.books").joinpath("sql").iterdir()
    return sorted(file.name.removesuffix(".sql") for file in files if file.name.endswith(".sql"))


def _ask(connection: psycopg.Connection, name: str, event_ids: Sequence[int]) -> list[str]:
    text = resources.files("tmam.bench.books").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    with psycopg.RawCursor(connection) as cursor:
        cursor.execute(text.encode(), [list(event_ids)])
        rows = cursor.fetchall()
    return _sentences(name, [f"event {event_id}: {what}" for event_id, what in rows])


def _missing(
    connection: psycopg.Connection, kind: str, found: str, event_ids: Sequence[int], ids: Sequence[str]
) -> list[str]:
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE said (id uuid NOT NULL)")
        with cursor.copy("COPY said FROM STDIN") as copy:
            for id_ in ids:
                copy.write_row([id_])
        cursor.execute("ANALYZE said")
        query = f"SELECT id::text FROM said WHERE NOT EXISTS ({found})"  # noqa: S608 - made of our own constants
        cursor.execute(query.encode(), [list(event_ids)])
        missing = [f"{id_} was acknowledged and is not there" for (id_,) in cursor.fetchall()]
        cursor.execute("DROP TABLE said")
        repeated = len(ids) - len(set(ids))
    faults = _sentences(f"acknowledged {kind}", missing)
    return [*faults, f"acknowledged {kind}: {repeated} were told to two clients"] if repeated else faults


def _sentences(name: str, found: Sequence[str]) -> list[str]:
    if not found:
        return []
    more = f" … {len(found)} in all" if len(found) > FAULTS_SHOWN else ""
    return [f"{name}: {'; '.join(found[:FAULTS_SHOWN])}{more}"]
