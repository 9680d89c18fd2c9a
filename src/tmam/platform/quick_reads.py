"""The busiest reads straight through libpq: each statement prepared once a connection, one call a read.

A cursor of psycopg's costs three times as much as the read itself, and the product server's threads share one lock.
What goes in and comes out is what a cursor takes and gives (psycopg's own dumpers and loaders).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import abc
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import DiagnosticField, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

# invalid_sql_statement_name: psycopg forgets every prepared statement of a connection after a ROLLBACK.
_FORGOTTEN: Final = b"26000"
_mine = threading.local()


@dataclass(frozen=True)
class _Hands:
    """What a thread keeps for its connection: who turns values into bytes and back, and what is prepared."""

    connection: psycopg.Connection[Any]
    transformer: abc.Transformer
    prepared: dict[tuple[str, Sequence[int]], bytes]


_Parameters = tuple[Sequence[Any], Sequence[int], Sequence[Any] | None]


def read_rows(
    connection: psycopg.Connection[Any], text: str, arguments: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """The rows of one statement that reads, on a connection of this thread.

    Inside a transaction nothing is prepared: a statement that was forgotten would end it.

    Raises:
        psycopg.Error: as a cursor would raise it.
    """
    hands = _hands(connection)
    transformer = hands.transformer
    values = transformer.dump_sequence(arguments, [PyFormat.AUTO] * len(arguments))
    types, formats = transformer.types or (), transformer.formats
    if connection.pgconn.transaction_status == TransactionStatus.IDLE:
        result = _run_prepared(hands, text, (values, types, formats))
    else:
        result = connection.pgconn.exec_params(text.encode(), values, types, formats)
    if result.status != ExecStatus.TUPLES_OK:
        raise error_from_result(result, encoding=connection.info.encoding)
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)


def _run_prepared(hands: _Hands, text: str, parameters: _Parameters) -> PGresult:
    server, prepared = hands.connection.pgconn, hands.prepared
    values, types, formats = parameters
    name = prepared.get((text, types))
    if name is not None:
        result = server.exec_prepared(name, values, formats)
        if result.error_field(DiagnosticField.SQLSTATE) != _FORGOTTEN:
            return result
        prepared.clear()
    name = f"tmam_{len(prepared)}".encode()
    told = server.prepare(name, text.encode(), types)
    if told.status != ExecStatus.COMMAND_OK:
        return told
    prepared[text, types] = name
    return server.exec_prepared(name, values, formats)


def _hands(connection: psycopg.Connection[Any]) -> _Hands:
    mine: _Hands | None = getattr(_mine, "hands", None)
    if mine is None or mine.connection is not connection:
        mine = _mine.hands = _Hands(connection, Transformer(connection), {})
    return mine
