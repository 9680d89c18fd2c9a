"""Values sealed under data keys: opened where they belong, nowhere else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tmam.platform import data_keys
from tmam.platform.data_keys import data_keys_for, newest_data_key
from tmam.platform.errors import SealBrokenError
from tmam.platform.keys import encrypt
from tmam.platform.models import WrappedDataKey
from tmam.platform.sealed_columns import (
    HOLDER_DOCUMENT,
    HOLDER_NAME,
    LIVE_MASTER,
    SEALED_COLUMNS,
    SealedColumn,
)
from tmam.platform.statements import run_verb

EVENT, OTHER = 4_100_001, 4_100_002
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PLAIN = "Zoë Ó Briain".encode()

pytestmark = pytest.mark.django_db


def sealed(column: SealedColumn = HOLDER_NAME, event_id: int = EVENT, row: int = 7) -> bytes:
    return column.seal(run_verb(newest_data_key(event_id, NOW)), row, PLAIN)


def opened(stored: bytes, column: SealedColumn = HOLDER_NAME, event_id: int = EVENT, row: int = 7) -> bytes:
    return column.open(run_verb(data_keys_for(event_id, [stored])), event_id, row, stored)


def test_a_value_is_opened_where_it_belongs_and_differs_each_time() -> None:
    first, second = sealed(), sealed()
    assert opened(first) == opened(second) == PLAIN
    assert first != second
    assert PLAIN not in first
    assert len(first) == len(PLAIN) + 37


def test_an_event_keeps_one_key_which_lies_wrapped() -> None:
    sealed()
    sealed(LIVE_MASTER, row=0)
    (row,) = WrappedDataKey.objects.filter(event_id=EVENT)
    assert (row.version, len(bytes(row.wrapped)) > 100) == (1, True)
    data_keys.forget_open_keys()  # a process that starts
    assert opened(sealed()) == PLAIN


@pytest.mark.parametrize(
    "elsewhere",
    [{"row": 8}, {"column": HOLDER_DOCUMENT}, {"column": LIVE_MASTER}, {"event_id": OTHER}],
    ids=["another row", "another column", "another table", "another event"],
)
def test_a_value_that_was_moved_opens_nowhere(elsewhere: dict[str, object]) -> None:
    with pytest.raises(SealBrokenError):
        opened(sealed(), **elsewhere)  # type: ignore[arg-type]


@pytest.mark.parametrize("place", [1, 9, 21, -1])
def test_a_changed_value_is_noticed(place: int) -> None:
    stored = bytearray(sealed())
    stored[place] ^= 1
    with pytest.raises(SealBrokenError):
        opened(bytes(stored))


@pytest.mark.parametrize("length", [0, 1, 8, 9, 20, 36])
def test_a_value_that_was_cut_is_noticed(length: int) -> None:
    with pytest.raises(SealBrokenError):
        opened(sealed()[:length])


@pytest.mark.parametrize("column", SEALED_COLUMNS, ids=lambda column: column.column)
def test_what_the_master_key_locked_is_no_value_of_a_row(column: SealedColumn) -> None:
    """Somebody's authenticator secret, copied into a holder's name, is not shown as a name."""
    with pytest.raises(SealBrokenError):
        opened(encrypt(PLAIN), column)


def test_the_migration_alone_reads_what_is_from_before() -> None:
    stored = sealed()
    keys = run_verb(data_keys_for(EVENT, [stored]))
    for each in (encrypt(PLAIN), stored):
        assert HOLDER_NAME.open_from_before(keys, EVENT, 7, each) == PLAIN
    for bad, row in ((b"gAAAAnot ours", 7), (b"", 7), (stored, 8)):
        with pytest.raises(SealBrokenError):
            HOLDER_NAME.open_from_before(keys, EVENT, row, bad)


def test_a_key_that_is_gone_is_said() -> None:
    stored = sealed()
    WrappedDataKey.objects.filter(event_id=EVENT).delete()
    data_keys.forget_open_keys()
    with pytest.raises(SealBrokenError) as broken:
        opened(stored)
    assert broken.value.facts() == {"table": "tickets_ticket", "event_id": EVENT, "row": 7}
