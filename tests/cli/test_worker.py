from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from tests.cast import NOW, make_event
from tests.orders.buyers import checkout_with
from tests.waiting import wait_until
from tmam.cli.worker import worker_loops
from tmam.inventory.models import Hold
from tmam.platform.models import Heartbeat


def test_every_loop_runs(live_database: None) -> None:
    event = make_event()
    checkout_with(event)
    for loop in worker_loops():
        assert loop.run_once(NOW + timedelta(days=1)) >= 0, loop.name
    assert set(Hold.objects.filter(event_id=event.id).values_list("state", flat=True)) == {"expired"}


def test_the_worker_gives_signs_of_life_and_ends_when_asked(live_database: None, tmp_path: Path) -> None:
    Heartbeat.objects.all().delete()
    with (tmp_path / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tmam.cli", "worker"], env=os.environ, stdout=log, stderr=log
        )
    try:
        names = {"worker", *(f"worker.{loop.name}" for loop in worker_loops())}
        alive = wait_until(lambda: names <= set(Heartbeat.objects.values_list("process", flat=True)))
        assert alive, (tmp_path / "worker.log").read_text()
    finally:
        worker.send_signal(signal.SIGTERM)
        status = worker.wait(30)
    assert status == 0
    assert "worker_stopped" in (tmp_path / "worker.log").read_text()
