"""The job behind "draw them now": one at a time, in slices, to the end."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import make_event
from tests.notifications.purchases import buy
from tmam.delivery.renderer_frames import RendererConfig
from tmam.delivery.renderers import Renderers
from tmam.delivery.store import StoreConfig
from tmam.fulfilment.models import KeptFile, Warming
from tmam.fulfilment.warm_event import ask_to_warm
from tmam.platform.jobs import run_waiting_jobs
from tmam.web import jobs


def test_it_is_queued_once_and_draws_what_a_press_hands_out(
    live_database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del live_database
    event = make_event(now=timezone.now())
    buy(event, now=timezone.now(), quantities={1: 1})
    config = RendererConfig(StoreConfig(tmp_path / "files"), tmp_path / "drawing.lock", parent=os.getpid())
    with contextlib.closing(Renderers(config, processes=1, waiting_max=10, limit_s=30.0)) as using:
        monkeypatch.setattr(jobs, "patient_renderers", lambda: using)
        ask_to_warm(event.id, ["pdf"], timezone.now())
        jobs.start_warming(event.id)
        jobs.start_warming(event.id)
        assert (
            ProcrastinateJob.objects.filter(task_name="web.warm_event", args={"event_id": event.id}).count()
            == 1
        )
        run_waiting_jobs()
        done = Warming.objects.get(event_id=event.id)
        assert (done.state, done.files_ready, done.files_failed) == ("done", 2, 0)
        names = set(KeptFile.objects.filter(event_id=event.id).values_list("name", flat=True))
        assert len(names) == 1, "an order of one ticket and that ticket are one file"
        assert (using.store.get(names.pop()) or b"").startswith(b"%PDF-")
