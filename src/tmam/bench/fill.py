"""A great many tickets already sold: one real purchase, multiplied by SQL in bulk.

Every row is a copy of the real purchase's row with ids of its own, so the rows have whatever columns the tables
have today, and the books are right: the doctor and our own questions see ordinary sales.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tmam.kernel.token import TokenBody, encode_token, token_sha256
from tmam.platform.statements import run_verb
from tmam.tickets.rules import token_validity, unpacked_place
from tmam.tickets.signing_keys import load_signing_key

ORDERS_AT_ONCE = 20_000
TOKENS_AT_ONCE = 5_000

# What is different in copy number `n` of the purchase of event `e`, which has so many `tickets`.
# `md5('o' …)` is the order's id, `h` the hold's, and so on.
_ID = "md5('{kind}' || e || '.' || n)::uuid"
_HOLD, _ORDER, _CHECKOUT, _PAYMENT = (_ID.format(kind=kind) for kind in ("h", "o", "c", "p"))
_REFERENCE = "template.booking_reference || '-' || n"
_SERIAL = "template.serial + n::bigint * tickets"
_LOGGED = f"template.data || jsonb_build_object('order_id', {_ORDER}, 'checkout_id', {_CHECKOUT})"


def _changes(**columns: str) -> str:
    return ", ".join(f"'{column}', {expression}" for column, expression in columns.items())


# Table, which of the event's rows, and what is different in a copy of them.
_COPIES: tuple[tuple[str, str, str], ...] = (
    ("inventory_hold", "", _changes(id=_HOLD, visitor_id=_ID.format(kind="v"), idempotency_key="NULL")),
    (
        "orders_order",
        "",
        _changes(
            id=_ORDER,
            hold_id=_HOLD,
            checkout_id=_CHECKOUT,
            booking_reference=_REFERENCE,
            email="'buyer' || n || '@buyers.example'",
        ),
    ),
    (
        "tickets_ticket",
        "",
        _changes(
            order_id=_ORDER,
            booking_reference=_REFERENCE,
            serial=_SERIAL,
            holder_sealed="NULL",
            document_encrypted="NULL",
            token_sha256=f"sha256(('t' || e || '.' || ({_SERIAL}))::bytea)",
        ),
    ),
    ("payments_allocation", "", _changes(order_id=_ORDER, payment_id=_PAYMENT)),
    ("ledger_entry", "", _changes(id="md5(template.id || '.' || n)::uuid", cause_id=_ORDER)),
    (
        "platform_log_entry",
        "AND template.name = 'order.confirmed'",
        _changes(id="md5(template.id || '.' || n)::uuid", position="NULL", data=_LOGGED),
    ),
)
_FINISH = (
    """UPDATE inventory_counter AS counter SET sold = counter.sold + drawn.quantity * $2::integer
       FROM (SELECT draw.id, draw.quantity FROM bench_template AS template
             JOIN inventory_hold AS hold ON hold.event_id = $1::integer AND hold.id = template.hold_id,
             unnest(hold.counter_ids, hold.counter_quantities) AS draw (id, quantity)) AS drawn
       WHERE counter.event_id = $1::integer AND counter.id = drawn.id""",
    "UPDATE tickets_serial SET last_serial = last_serial + $2::bigint * $3::integer WHERE event_id = $1::integer",
)


def multiply_purchase(database_url: str, event_id: int, copies: int) -> int:
    """Copy the one purchase that an event has; returns how many tickets the event has then.

    The tokens of the copies are only hashes of nothing: no gate would admit them (see `sign_tickets`).
    """
    with psycopg.connect(database_url) as connection, psycopg.RawCursor(connection) as cursor:
        cursor.execute(
            b"CREATE TEMPORARY TABLE bench_template ON COMMIT DROP AS SELECT * FROM orders_order WHERE event_id = $1::integer",
            [event_id],
        )
        cursor.execute(b"SELECT count(*) FROM tickets_ticket WHERE event_id = $1::integer", [event_id])
        ((tickets,),) = cursor.fetchall()
        templates = {table: f"bench_{table}" for table, _, _ in _COPIES}
        for table, condition, _ in _COPIES:
            cursor.execute(
                f"CREATE TEMPORARY TABLE {templates[table]} ON COMMIT DROP AS "  # noqa: S608 - made of our own constants
                f"SELECT * FROM {table} AS template WHERE template.event_id = $1::integer {condition}".encode(),
                [event_id],
            )
        for first in range(1, copies + 1, ORDERS_AT_ONCE):
            last = min(first + ORDERS_AT_ONCE - 1, copies)
            for table, _, changes in _COPIES:
                copy = f"""
                    INSERT INTO {table} SELECT made.*
                    FROM (SELECT n, $1::integer AS e, $4::integer AS tickets
                          FROM generate_series($2::integer, $3::integer) AS n) AS copy,
                         {templates[table]} AS template,
                         LATERAL jsonb_populate_record(
                             NULL::{table}, to_jsonb(template) || jsonb_build_object({changes})) AS made"""  # noqa: S608
                cursor.execute(copy.encode(), [event_id, first, last, tickets])
        cursor.execute(_FINISH[0].encode(), [event_id, copies])
        cursor.execute(_FINISH[1].encode(), [event_id, copies, tickets])
    return int(tickets * (copies + 1))


def settle(database_url: str) -> None:
    """Bring the tables into the state in which a database that filled over weeks would be."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        with suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute("CHECKPOINT")


def sign_tickets(database_url: str, event_id: int, path: Path, *, last_serial: int) -> int:
    """Give the first tickets of an event real tokens and write those into a file, one a line; returns how many."""
    key = run_verb(load_signing_key(event_id))
    written = 0
    with psycopg.connect(database_url) as connection, path.open("w", encoding="ascii") as file:
        for bodies in _bodies(connection, event_id, key.key_id, last_serial):
            tokens = [encode_token(body, key.private_key) for body in bodies]
            with psycopg.RawCursor(connection) as cursor:
                cursor.execute(
                    b"""UPDATE tickets_ticket AS ticket SET token_sha256 = signed.sha256, issued_at = $4::timestamptz
                        FROM unnest($2::bigint[], $3::bytea[]) AS signed (serial, sha256)
                        WHERE ticket.event_id = $1::integer AND ticket.serial = signed.serial""",
                    [
                        event_id,
                        [body.serial for body in bodies],
                        [token_sha256(token) for token in tokens],
                        datetime.now(UTC),
                    ],
                )
            file.writelines(f"{token}\n" for token in tokens)
            written += len(tokens)
    return written


def _bodies(
    connection: psycopg.Connection, event_id: int, key_id: int, last_serial: int
) -> Iterator[list[TokenBody]]:
    rows = connection.execute(
        "SELECT serial, generation, date_ordinal, ticket_type, valid_from, valid_until, token_place "
        "FROM tickets_ticket WHERE event_id = %s AND serial <= %s ORDER BY serial",
        [event_id, last_serial],
    ).fetchall()
    for first in range(0, len(rows), TOKENS_AT_ONCE):
        bodies = []
        for serial, generation, date, type_, valid_from, valid_until, place in rows[
            first : first + TOKENS_AT_ONCE
        ]:
            start, duration, unit = token_validity(valid_from, valid_until)
            bodies.append(
                TokenBody(
                    key_id=key_id,
                    generation=generation,
                    event_id=event_id,
                    date_ordinal=date,
                    serial=serial,
                    ticket_type=type_,
                    valid_from=start,
                    duration=duration,
                    duration_unit=unit,
                    place=unpacked_place(place),
                )
            )
        yield bodies
