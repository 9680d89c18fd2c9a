"""The newest few rows of tables that only ever grow, at a cost that follows what happens now, not all that ever did."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
# A busy sale has its newest rows within the first window and a quiet one few rows in the widest.
WINDOWS: Final = (timedelta(hours=1), timedelta(days=1), timedelta(days=90))


def newest(rows: QuerySet[M], at_field: str, *, now: datetime, limit: int) -> list[M]:
    """At most `limit` rows by `at_field`, newest first, of the last 90 days."""
    found: list[M] = []
    for window in WINDOWS:
        since: dict[str, Any] = {f"{at_field}__gt": now - window}
        found = list(rows.filter(**since).order_by(f"-{at_field}")[:limit])
        if len(found) == limit:
            break
    return found
