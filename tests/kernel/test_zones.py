"""Zones are named as people there write them, in every language alike."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tmam.kernel.zones import zone_short_name


@pytest.mark.parametrize(
    ("zone", "month", "name"),
    [
        ("Europe/Madrid", 12, "CET"),
        ("Europe/Madrid", 7, "CEST"),
        ("America/Santo_Domingo", 12, "AST"),
        ("America/Sao_Paulo", 12, "GMT-3"),
        ("Asia/Kathmandu", 12, "GMT+5:45"),
        ("UTC", 12, "UTC"),
    ],
)
def test_short_names(zone: str, month: int, name: str) -> None:
    assert zone_short_name(datetime(2026, month, 5, 12, tzinfo=UTC).astimezone(ZoneInfo(zone))) == name


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        zone_short_name(datetime(2026, 12, 5, 12))  # noqa: DTZ001 - the point of the test
