"""Which columns of control and global tables are locked by the master key itself, and locking them anew.

What lives for days at most (sessions, forms put aside, codes in mails, documents typed at a till) is not walked: it
ends by itself before an old master key may go (`SHORT_LIVED`).
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from cryptography.fernet import InvalidToken
from django.db import connection, transaction

from tmam.platform.keys import wrapper

VALUES_AT_ONCE: Final = 500
# Longer than any session, checkout or mail keeps something that the master key locked.
SHORT_LIVED: Final = timedelta(days=90)


@dataclass(frozen=True)
class MasterSealed:
    """A `bytea` column; or, if `field` is named, that text of a JSON object in it. `purpose`: see `keys.wrapper`."""

    table: str
    column: str
    field: str = ""
    key: str = "id"
    purpose: str = ""

    @property
    def value(self) -> str:
        """How SQL reads the locked value."""
        return f"{self.column}->>'{self.field}'" if self.field else self.column

    @property
    def assignment(self) -> str:
        """How SQL writes it; one parameter."""
        if not self.field:
            return f"{self.column} = %s"
        return f"{self.column} = jsonb_set({self.column}::jsonb, '{{{self.field}}}', to_jsonb(%s::text))"


AUTHENTICATOR: Final = "authenticator"

MASTER_SEALED: Final = (
    MasterSealed("orders_keptrecord", "sealed"),
    MasterSealed("accounts_erasure", "sealed"),
    MasterSealed("tickets_keysetsigner", "private_key_encrypted"),
    MasterSealed("mfa_authenticator", "data", field="secret", purpose=AUTHENTICATOR),
)


def relock_master_sealed() -> int:
    """Lock anew what an older master key locked, some hundreds in a transaction; returns how many values.

    Raises:
        cryptography.fernet.InvalidToken: locked under a key that is not in the list any more.
    """
    return sum(_relock(column, wrapper(column.purpose).unwrap) for column in MASTER_SEALED)


def bind_to_purposes() -> int:
    """Lock anew what is from before there were purposes; returns how many values. For the migration, nowhere else.

    What no key opens stays as it is: `tmam doctor` says so.
    """
    done = 0
    for column in MASTER_SEALED:
        if column.purpose:
            done += _relock(column, functools.partial(_opened_before, column))
    return done


def locked_under_old_keys() -> dict[str, int]:
    """How many values need an older master key, or one that is gone, by table; tables without any are left out."""
    counts = {
        column.table: sum(not wrapper(column.purpose).is_newest(value) for _, value in _values(column))
        for column in MASTER_SEALED
    }
    return {table: count for table, count in counts.items() if count}


def unreadable() -> dict[str, int]:
    """How many values no known master key opens, by table; tables without any are left out."""
    counts = {
        column.table: sum(not _opens(column, value) for _, value in _values(column))
        for column in MASTER_SEALED
    }
    return {table: count for table, count in counts.items() if count}


def _relock(column: MasterSealed, opened: Callable[[bytes], bytes | None]) -> int:
    """Lock anew what is not under the newest key; what `opened` answers None for is left."""
    keys, done = wrapper(column.purpose), 0
    old = [key for key, value in _values(column) if not keys.is_newest(value)]
    for start in range(0, len(old), VALUES_AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {column.key}, {column.value} FROM {column.table} "  # noqa: S608 - names of our own registry
                f"WHERE {column.key} = ANY (%s) AND {column.value} IS NOT NULL ORDER BY {column.key} FOR UPDATE",
                [old[start : start + VALUES_AT_ONCE]],
            )
            for key, value in cursor.fetchall():
                plain = opened(_bytes(value))
                if plain is None:
                    continue
                locked = keys.wrap(plain)
                cursor.execute(
                    f"UPDATE {column.table} SET {column.assignment} WHERE {column.key} = %s",  # noqa: S608 - as above
                    [locked.decode() if column.field else locked, key],
                )
                done += 1
    return done


def _opened_before(column: MasterSealed, value: bytes) -> bytes | None:
    for keys in (wrapper(column.purpose), wrapper()):
        with contextlib.suppress(InvalidToken):
            return keys.unwrap(value)
    return None


def _values(column: MasterSealed) -> Iterator[tuple[Any, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column.key}, {column.value} FROM {column.table} "  # noqa: S608 - names of our own registry
            f"WHERE {column.value} IS NOT NULL ORDER BY {column.key}"
        )
        for key, value in cursor.fetchall():
            yield key, _bytes(value)


def _opens(column: MasterSealed, value: bytes) -> bool:
    try:
        wrapper(column.purpose).unwrap(value)
    except InvalidToken:
        return False
    return True


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)
