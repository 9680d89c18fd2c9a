"""The thread that asks about rights again, on a connection of its own, and that the product server starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from tests.waiting import wait_until
from tests.web.test_downloads import pool, text_form, visitor_of
from tests.web.test_files_at_door import Door
from tests.web.test_me import bought
from tests.web.test_rights_renewed import drawn, stop
from tmam.delivery.renderers import Renderers
from tmam.platform.renewed_cache import RenewedCache
from tmam.web.me import download_door
from tmam.web.me.files_at_door import Allowance

__all__ = ["pool", "text_form"]  # the fixtures


@pytest.mark.usefixtures("live_database")
def test_the_thread_of_the_product_server_renews(pool: Renderers, text_form: SimpleNamespace) -> None:
    text_form.gate = None
    order = bought()
    door = Door(visitor_of(order))
    allowance = drawn(order, door)
    assert allowance
    looks = list[bool]()

    def look(allowances: Sequence[Allowance]) -> list[bool]:
        stands = download_door._still_stand(allowances)
        looks.extend(stands)
        return stands

    cache: RenewedCache[str, Allowance] = RenewedCache(0.05, 10, look, asked_within_s=60.0)
    cache.start()
    cache.put("pressed", allowance)
    cache.get("pressed")
    assert wait_until(lambda: len(looks) >= 12), "also when the database has prepared the question"
    assert all(looks)
    stop(order, door)
    assert wait_until(lambda: not cache._known)
    assert looks[-1] is False


def test_the_product_server_starts_that_thread() -> None:
    started = "import tmam.web.wsgi, threading; print([each.name for each in threading.enumerate()])"
    done = subprocess.run(
        [sys.executable, "-c", started],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tmam.web.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "renewed-cache" in done.stdout
