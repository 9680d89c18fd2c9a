"""Which columns of control and global tables are locked by the master key itself, and locking them anew.

What lives for days at most (sessions, forms put aside, codes in mails, documents typed at a till) is not walked: it
ends by itself before an old master key may go (`SHORT_LIVED`).
"""

from __future__ import annotations

from collections.abc import Iterator
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
    """A `bytea` column; or, if `field` is named, that text of a JSON object in it."""

    table: str
    column: str
    field: str = ""
    key: str = "id"

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


MASTER_SEALED: Final = (
    MasterSealed("orders_keptrecord", "sealed"),
    MasterSealed("accounts_erasure", "sealed"),
    MasterSealed("tickets_keysetsigner", "private_key_encrypted"),
    MasterSealed("mfa_authenticator", "data", field="secret"),
)


def relock_master_sealed() -> int:
    """Lock anew what an older master key locked, some hundreds in a transaction; returns how many values.

    Raises:
        cryptography.fernet.InvalidToken: locked under a key that is not in the list any more.
    """
    return sum(_relock(column) for column in MASTER_SEALED)


def locked_under_old_keys() -> dict[str, int]:
    """How many values need an older master key, or one that is gone, by table; tables without any are left out."""
    keys = wrapper()
    counts = {
        column.table: sum(not keys.is_newest(value) for _, value in _values(column))
        for column in MASTER_SEALED
    }
    return {table: count for table, count in counts.items() if count}


def unreadable() -> dict[str, int]:
    """How many values no known master key opens, by table; tables without any are left out."""
    counts = {
        column.table: sum(not _opens(value) for _, value in _values(column)) for column in MASTER_SEALED
    }
    return {table: count for table, count in counts.items() if count}


def _relock(column: MasterSealed) -> int:
    keys = wrapper()
    old = [key for key, value in _values(column) if not keys.is_newest(value)]
    for start in range(0, len(old), VALUES_AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {column.key}, {column.value} FROM {column.table} "  # noqa: S608 - names of our own registry
                f"WHERE {column.key} = ANY (%s) AND {column.value} IS NOT NULL ORDER BY {column.key} FOR UPDATE",
                [old[start : start + VALUES_AT_ONCE]],
            )
            for key, value in cursor.fetchall():
                locked = keys.wrap(keys.unwrap(_bytes(value)))
                cursor.execute(
                    f"UPDATE {column.table} SET {column.assignment} WHERE {column.key} = %s",  # noqa: S608 - as above
                    [locked.decode() if column.field else locked, key],
                )
    return len(old)


def _values(column: MasterSealed) -> Iterator[tuple[Any, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column.key}, {column.value} FROM {column.table} "  # noqa: S608 - names of our own registry
            f"WHERE {column.value} IS NOT NULL ORDER BY {column.key}"
        )
        for key, value in cursor.fetchall():
            yield key, _bytes(value)


def _opens(value: bytes) -> bool:
    try:
        wrapper().unwrap(value)
    except InvalidToken:
        return False
    return True


def _bytes(value: Any) -> bytes:
    return value.encode() if isinstance(value, str) else bytes(value)
