from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from tests.cast import NOW
from tmam.platform.models import Heartbeat


@pytest.mark.django_db
def test_the_test_database_is_migrated_and_rolled_back() -> None:
    Heartbeat.objects.create(process="rolled back", at=NOW)
    assert Heartbeat.objects.get(process="rolled back").at == NOW


def test_other_connections_see_live_data(live_database: None, dsn: str) -> None:
    Heartbeat.objects.update_or_create(process="committed", defaults={"at": NOW})
    with psycopg.connect(dsn) as other:
        seen = other.execute("SELECT process FROM platform_heartbeat").fetchall()
    assert ("committed",) in seen
    assert ("rolled back",) not in seen


@pytest.mark.django_db
def test_the_server_is_new_enough() -> None:
    assert connection.pg_version >= 150000
