"""Rotate the keys that encrypt at rest. Everything here may be interrupted and called again: what is done stays done.

Two things rotate apart from each other. A new *master key* locks the data keys anew, which takes moments however much
they encrypt. A new *data key* of an event seals its values anew, row by row, in the background.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tmam.platform.data_keys import add_data_key, data_keys_for, newest_data_key
from tmam.platform.keys import wrapper
from tmam.platform.master_sealed import relock_master_sealed
from tmam.platform.models import WrappedDataKey
from tmam.platform.sealed_columns import SEALED_COLUMNS, SealedColumn
from tmam.platform.statements import Row, Statement, Verb, run_verb, run_verb_retrying, statement

VALUES_AT_ONCE: Final = 500

_ALL_DATA_KEYS = statement("tmam.platform", "all_data_keys")
_REWRAP = statement("tmam.platform", "rewrap_data_keys")


@dataclass(frozen=True)
class Relocked:
    """What a new master key locked anew: data keys, and values of no event."""

    data_keys: int
    values: int


def relock_all() -> Relocked:
    """Lock everything under the newest master key that is locked under an older one.

    Raises:
        cryptography.fernet.InvalidToken: something is locked under a key that is not in the list any more.
    """
    data_keys = sum(run_verb(_rewrap(event_id)) for event_id in events_with_data_keys())
    return Relocked(data_keys, relock_master_sealed())


def events_with_data_keys() -> list[int]:
    """Every event that has data keys."""
    found = WrappedDataKey.objects.order_by("event_id").values_list("event_id", flat=True)
    return list(found.distinct())


def data_keys_under_old_keys() -> int:
    """How many data keys are locked under an older master key, or under one that is gone."""
    keys = wrapper()
    wrapped = WrappedDataKey.objects.values_list("wrapped", flat=True)
    return sum(not keys.is_newest(bytes(each)) for each in wrapped)


def rotate_data_key(event_id: int, now: datetime) -> Verb[bool]:
    """Give an event a new data key; what is written from now on is sealed under it. See `reseal_event` for the rest.

    False when the event has never had one: there is nothing to rotate.
    """
    rows = yield statement("tmam.platform", "newest_data_key"), (event_id,)
    if not rows:
        return False
    ((version, _key_id, _wrapped),) = rows
    yield from add_data_key(event_id, version + 1, now)
    return True


def reseal_event(
    event_id: int,
    now: datetime,
    columns: Sequence[SealedColumn] = SEALED_COLUMNS,
    *,
    takes_unsealed: bool = False,
    at_once: int = VALUES_AT_ONCE,
) -> Iterator[int]:
    """Seal an event's values anew under its newest data key, `at_once` in a transaction; yields how many each time.

    `takes_unsealed`: also those from before there were data keys, as the migration that ended them does.

    Raises:
        SealBrokenError: a value that cannot be opened; those before it are done.
    """
    for column in columns:
        while done := run_verb_retrying(
            functools.partial(_reseal, column, event_id, now, takes_unsealed, at_once)
        ):
            yield done


def waiting_values(event_id: int) -> int:
    """How many values of an event are sealed under an older data key, or under none."""
    return sum(run_verb(_waiting(column, event_id)) for column in SEALED_COLUMNS)


def rotation_statements(column: SealedColumn) -> tuple[Statement, ...]:
    """What rotation says to the database about one column."""
    return _select(column), _update(column), _count(column)


def _rewrap(event_id: int) -> Verb[int]:
    rows = yield _ALL_DATA_KEYS, (event_id,)
    keys = wrapper()
    old = [(version, keys.unwrap(bytes(locked))) for version, locked in rows if not keys.is_newest(locked)]
    if old:
        versions = [version for version, _ in old]
        yield _REWRAP, (event_id, versions, [keys.wrap(secret) for _, secret in old])
    return len(old)


def _reseal(
    column: SealedColumn, event_id: int, now: datetime, takes_unsealed: bool, at_once: int
) -> Verb[int]:
    newest = yield from newest_data_key(event_id, now)
    rows = yield _select(column), (event_id, newest.key_id, at_once)
    if not rows:
        return 0
    keys = yield from data_keys_for(event_id, (stored for _, stored in rows))
    opened = column.open_from_before if takes_unsealed else column.open
    sealed = [column.seal(newest, row, opened(keys, event_id, row, bytes(stored))) for row, stored in rows]
    yield _update(column), (event_id, _rows_of(rows), sealed)
    return len(rows)


def _waiting(column: SealedColumn, event_id: int) -> Verb[int]:
    rows = yield _count(column), (event_id,)
    return int(rows[0][0])


def _rows_of(rows: Sequence[Row]) -> list[int]:
    return [row for row, _ in rows]


# Names of tables and columns come from `sealed_columns` alone.
@functools.cache
def _select(column: SealedColumn) -> Statement:
    row = column.row or "0"
    text = f"""SELECT {row}::bigint, {column.column} FROM {column.table}
        WHERE event_id = $1::integer AND {column.column} IS NOT NULL
          AND substring({column.column} FROM 2 FOR 8) <> $2::bytea
        ORDER BY {row} LIMIT $3::integer FOR UPDATE"""  # noqa: S608 - names of our own registry
    if column.row is None:
        text = text.replace("ORDER BY 0", "ORDER BY event_id")
    return Statement(f"reseal.select.{column.table}.{column.column}", text)


@functools.cache
def _update(column: SealedColumn) -> Statement:
    same_row = f"stored.{column.row} = made.place" if column.row else "made.place = 0"
    text = f"""UPDATE {column.table} AS stored SET {column.column} = made.sealed
        FROM unnest($2::bigint[], $3::bytea[]) AS made (place, sealed)
        WHERE stored.event_id = $1::integer AND {same_row}"""  # noqa: S608 - names of our own registry
    return Statement(f"reseal.update.{column.table}.{column.column}", text)


@functools.cache
def _count(column: SealedColumn) -> Statement:
    text = f"""SELECT count(*) FROM {column.table}
        WHERE event_id = $1::integer AND {column.column} IS NOT NULL
          AND substring({column.column} FROM 2 FOR 8) IS DISTINCT FROM (
              SELECT key_id FROM platform_data_key WHERE event_id = $1::integer ORDER BY version DESC LIMIT 1)"""  # noqa: S608 - names of our own registry
    return Statement(f"reseal.count.{column.table}.{column.column}", text)
