"""Reads straight through libpq give what a cursor gives, whatever happened on the connection before."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from tmam.platform.quick_reads import read_rows
from tmam.platform.statements import Statement, Verb, both_of, read_verb

ECHO = "SELECT $1::integer, $2::text, $3::uuid, $4::timestamptz, $5::integer[], $6::bytea, NULL"
VALUES = (7, "señor", UUID(int=9), datetime(2026, 11, 26, 8, tzinfo=UTC), [1, 2], b"\x00\xff")


def test_values_go_in_and_come_out_as_a_cursor_has_them(live_database: None) -> None:
    del live_database
    connection.ensure_connection()
    assert read_rows(connection.connection, ECHO, VALUES) == [(*VALUES, None)]
    assert read_rows(connection.connection, "SELECT 1 WHERE false", ()) == []


def test_a_statement_that_the_server_forgot_is_prepared_again(live_database: None) -> None:
    """Psycopg throws every prepared statement of a connection away after a ROLLBACK."""
    del live_database
    connection.ensure_connection()
    assert read_rows(connection.connection, "SELECT $1::text", ("once",)) == [("once",)]
    connection.connection.execute("DEALLOCATE ALL")
    assert read_rows(connection.connection, "SELECT $1::text", ("again",)) == [("again",)]
    with transaction.atomic():
        connection.connection.execute("DEALLOCATE ALL")
        assert read_rows(connection.connection, "SELECT $1::text", ("inside",)) == [("inside",)]


@pytest.mark.django_db
def test_an_error_is_djangos_and_the_connection_goes_on() -> None:
    def wrong() -> Verb[None]:
        yield Statement("wrong", "SELECT nothing_of_that_name"), ()

    with pytest.raises(ProgrammingError, match="nothing_of_that_name"), transaction.atomic():
        read_verb(wrong())
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
def test_two_statements_are_one_question_and_both_must_answer() -> None:
    one = Statement("one", "SELECT $1::text AS a WHERE $2::boolean")
    other = Statement("other", "-- A comment.\nSELECT $1::integer AS a, $2::text AS b;")

    def ask(*arguments: object) -> Verb[list[tuple[object, ...]]]:
        return list((yield both_of(one, other), arguments))

    assert read_verb(ask("x", True, 5, "y")) == [("x", 5, "y")]
    assert read_verb(ask("x", False, 5, "y")) == []
