"""Two imports of one timetable at once: the slower one looks again and finds what the faster one made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction

R = TypeVar("R")


def once_more_after_a_race(make: Callable[[], R]) -> R:
    """Run in a transaction of its own, a second time if somebody else made the same rows in the meantime."""
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        with transaction.atomic():
            return make()
