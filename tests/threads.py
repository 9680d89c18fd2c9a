"""Threads that do the same thing at the same moment, each on a database connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
PATIENCE_S = 60


def at_the_same_moment(times: int, do: Callable[[], T]) -> list[T]:
    """Do it in that many threads that start together; their answers in no order. Needs `live_database`."""
    gate = threading.Barrier(times)

    def one() -> T:
        try:
            connections["default"].ensure_connection()
            gate.wait(PATIENCE_S)
            return do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return [each.result(PATIENCE_S) for each in [pool.submit(one) for _ in range(times)]]
