"""Named SQL statements, and verbs that both drivers can run.

A *statement* is one `.sql` file with `$1` parameters; the file's name is the statement's name.
A *verb* is a generator: it yields `(statement, arguments)` steps, receives each step's rows as a list of
tuples, and returns its result. It touches no driver, so the very same verb runs in Django (`run_verb`,
psycopg) and in the hot shell (`run_verb_async`, asyncpg), inside one transaction each time.

Rules for statements, so that both drivers agree: every parameter has a cast, JSON goes in as
`$n::text::jsonb` and comes out as `column::text`, instants are timezone-aware.
"""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar

if TYPE_CHECKING:
    import asyncpg

Row: TypeAlias = tuple[Any, ...]
Rows: TypeAlias = Sequence[Row]
R = TypeVar("R")
P = ParamSpec("P")


@dataclass(frozen=True)
class Statement:
    """One named SQL statement."""

    name: str
    text: str


Step: TypeAlias = tuple[Statement, tuple[Any, ...]]
Verb: TypeAlias = Generator[Step, Rows, R]

_PARAMETER = re.compile(r"\$(\d+)")

# A verb that finds that it needs more locks than it took yields this instead of a statement: everything it did is
# rolled back, its locks with it, and it goes on in a fresh transaction. (Locks taken late would be out of order.)
START_AGAIN: Step = (Statement("start_again", ""), ())


@functools.cache
def statement(package: str, name: str) -> Statement:
    """The statement in `<package>/sql/<name>.sql`, for example `statement("tmam.inventory", "lock_counters")`."""
    text = resources.files(package).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return Statement(f"{package.rpartition('.')[2]}.{name}", text)


def each_of(steps: Iterable[Step]) -> Verb[None]:
    """Yield steps one by one, their rows of no interest."""
    yield from (step for step in steps)  # a generator, which may be sent the rows; a list may not


def merged(steps: Sequence[Step]) -> Step:
    """Several plain INSERT or UPDATE steps that need nothing of each other as one statement: one round trip."""
    if len(steps) == 1:
        return steps[0]
    combined = _merged_statement(tuple(each for each, _ in steps))
    return combined, tuple(argument for _, arguments in steps for argument in arguments)


@functools.lru_cache(maxsize=64)
def both_of(one: Statement, other: Statement) -> Statement:
    """Two statements as one question, in one round trip: each row of the one beside each row of the other, in any order.

    Its arguments are those of the first, then those of the second; so are its columns.
    """
    first, second = _renumbered((one, other))
    text = "SELECT * FROM (" + first + ") AS one CROSS JOIN (" + second + ") AS other"  # noqa: S608 - both are files of ours
    return Statement(f"{one.name} & {other.name}", text)


@functools.lru_cache(maxsize=256)
def _merged_statement(statements: tuple[Statement, ...]) -> Statement:
    parts = [f"part_{number} AS ({text})" for number, text in enumerate(_renumbered(statements))]
    name = " + ".join(each.name for each in statements)
    return Statement(name, "WITH " + ", ".join(parts) + "\nSELECT WHERE false")


def _renumbered(statements: Iterable[Statement]) -> list[str]:
    """The texts, each with its parameters numbered behind those of the ones before."""
    texts: list[str] = []
    offset = 0
    for each in statements:
        used = [int(found) for found in _PARAMETER.findall(each.text)]
        text = _PARAMETER.sub(lambda found, by=offset: f"${int(found[1]) + by}", each.text)  # type: ignore[misc]
        texts.append(f"\n{text.strip().rstrip(';')}\n")
        offset += max(used, default=0)
    return texts


def result_of(verb: Verb[R]) -> R:
    """The result of a verb that turns out to need no statement.

    Raises:
        AssertionError: it does need one.
    """
    try:
        step, _ = next(verb)
    except StopIteration as stop:
        result: R = stop.value
        return result
    raise AssertionError(f"{step.name} needs a database")


def run_verb(verb: Verb[R], *, using: str = "default") -> R:
    """Run a verb through Django's connection, in one transaction (or the caller's open one).

    A deadlock or serialization failure surfaces as Django's OperationalError; `retrying` repeats a verb once.
    """
    import psycopg
    from django.db import connections, transaction

    connection = connections[using]
    rows: Rows | None = None
    while True:
        with contextlib.suppress(_StartAgainError), transaction.atomic(using=using):
            connection.ensure_connection()
            with connection.wrap_database_errors, psycopg.RawCursor(connection.connection) as cursor:
                try:
                    while True:
                        step = next(verb) if rows is None else verb.send(rows)
                        rows = []
                        if step is START_AGAIN:
                            raise _StartAgainError  # out of `atomic`, which rolls back
                        cursor.execute(step[0].text.encode(), step[1])
                        rows = cursor.fetchall() if cursor.description else []
                except StopIteration as stop:
                    result: R = stop.value
                    return result


def read_verb(verb: Verb[R], *, using: str = "default") -> R:
    """Run a verb that only reads, without a transaction of its own and with prepared statements: for the busiest reads.

    Each statement sees its own moment.
    """
    from django.db import connections

    from tmam.platform.quick_reads import read_rows

    connection = connections[using]
    connection.ensure_connection()
    rows: Rows | None = None
    with connection.wrap_database_errors:
        try:
            while True:
                step = next(verb) if rows is None else verb.send(rows)
                rows = read_rows(connection.connection, step[0].text, step[1])
        except StopIteration as stop:
            result: R = stop.value
            return result


def run_verb_retrying(make_verb: Callable[[], Verb[R]], *, using: str = "default") -> R:
    """Run a verb, once more if PostgreSQL chose it as the victim of a deadlock or conflict.

    Takes a maker, not a verb, because a generator cannot be rewound. Must not be called inside an open
    transaction: the retry needs a fresh one.
    """
    from django.db import IntegrityError, OperationalError

    try:
        return run_verb(make_verb(), using=using)
    except (IntegrityError, OperationalError) as error:
        if getattr(error.__cause__, "sqlstate", None) not in RETRYABLE_SQLSTATES:
            raise
        return run_verb(make_verb(), using=using)


async def run_verb_async(verb: Verb[R], connection: asyncpg.Connection) -> R:
    """Run a verb through an asyncpg connection, in one transaction."""
    rows: Rows | None = None
    while True:
        with contextlib.suppress(_StartAgainError):
            async with connection.transaction():
                try:
                    while True:
                        step = next(verb) if rows is None else verb.send(rows)
                        rows = []
                        if step is START_AGAIN:
                            raise _StartAgainError
                        rows = await connection.fetch(step[0].text, *step[1])
                except StopIteration as stop:
                    result: R = stop.value
                    return result


class _StartAgainError(Exception):
    """Ends the transaction of a verb that yielded START_AGAIN."""


# 40001 serialization_failure, 40P01 deadlock_detected; 23505 unique_violation and 23514 check_violation: two
# transactions made the same row at the same moment (a limit's first use, a repeated key). Tried again, the one that
# lost sees the row of the other and decides anew; what is refused twice is wrong and is raised.
RETRYABLE_SQLSTATES = frozenset({"40001", "40P01", "23505", "23514"})
