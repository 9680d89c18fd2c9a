"""The newest rows, read in windows that widen only when they must."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import unique
from tmam.platform.models import Heartbeat
from tmam.platform.newest import newest

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def beats(*ago: timedelta) -> str:
    prefix = unique("beat")
    Heartbeat.objects.bulk_create(
        Heartbeat(process=f"{prefix}/{number}", at=NOW - each) for number, each in enumerate(ago)
    )
    return prefix


def found(prefix: str, limit: int) -> list[str]:
    rows = newest(Heartbeat.objects.filter(process__startswith=prefix), "at", now=NOW, limit=limit)
    return [row.process.rpartition("/")[2] for row in rows]


def test_newest_first_up_to_the_limit() -> None:
    prefix = beats(timedelta(minutes=5), timedelta(minutes=1), timedelta(hours=5), timedelta(days=9))
    assert found(prefix, 10) == ["1", "0", "2", "3"]
    assert found(prefix, 3) == ["1", "0", "2"]


def test_what_is_older_than_all_windows_is_left_out() -> None:
    assert found(beats(timedelta(days=200)), 10) == []


def test_a_full_first_window_is_one_read() -> None:
    prefix = beats(timedelta(minutes=5), timedelta(minutes=1), timedelta(hours=5))
    with CaptureQueriesContext(connection) as queries:
        found(prefix, 2)
    assert len(queries) == 1
