"""Files ahead of time in the studio: what is claimed is what is there, and "Stop" goes when there is nothing to stop."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import make_event, make_member, unique
from tests.notifications.purchases import buy
from tmam.fulfilment.kept_files import WHOLE_ORDER, FileKey, Kept, digests_now, keep_file
from tmam.fulfilment.models import Warming
from tmam.fulfilment.warm_event import ask_to_warm
from tmam.organizers.models import Role
from tmam.platform.statements import read_verb, run_verb

pytestmark = pytest.mark.django_db


def test_it_claims_only_files_that_are_still_good_and_stop_goes_at_the_end() -> None:
    event = make_event(now=timezone.now())
    buy(event, now=timezone.now())
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_member(event.organizer, Role.MANAGER))
    path = f"/studio/events/{event.id}/files/"
    ask_to_warm(event.id, ["pdf"], timezone.now())

    page = client.get(path).content.decode()
    assert 'name="stop"' in page
    assert "data-live-src" in page
    assert "data-live-go" not in client.get(f"{path}progress/").content.decode()

    # Drawn, and then every ticket was replaced: none of the sixty is what anybody gets.
    Warming.objects.filter(event_id=event.id).update(state="done", orders_done=1, files_ready=60)
    page = client.get(path).content.decode()
    assert "All drawn" not in page
    assert "No longer up to date" in page
    assert "0 files ready" in page
    assert "60 files were drawn before something on them changed" in page
    assert 'name="stop"' not in page
    assert "data-live-" not in page, "nothing moves any more, and the page must not load itself for ever"
    assert f'data-live-go="{path}"' in client.get(f"{path}progress/").content.decode()

    Warming.objects.filter(event_id=event.id).update(files_ready=0)
    assert "All drawn" in client.get(path).content.decode()


def test_where_doors_admit_live_codes_only_no_file_is_promised() -> None:
    event = make_event(now=timezone.now(), live_codes_only=True)
    buy(event, now=timezone.now())
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_member(event.organizer, Role.MANAGER))
    page = client.get(f"/studio/events/{event.id}/files/").content.decode()
    assert "no file has one, so none is made" in page
    assert "Draw them now" not in page
    assert "drawn by themselves" not in page


def test_a_second_run_that_was_stopped_does_not_hide_what_the_first_drew() -> None:
    event = make_event(now=timezone.now())
    order = buy(event, now=timezone.now())
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_member(event.organizer, Role.MANAGER))
    digests = read_verb(digests_now(event.id, order.id))
    for serial in (WHOLE_ORDER, 1, 2):
        key = FileKey(event.id, order.id, serial, "pdf", order.language)
        kept = Kept(unique("file"), "tickets.pdf", "application/pdf", 1, bytes(32), [serial or 1])
        run_verb(keep_file(key, kept, digests, timezone.now()))
    ask_to_warm(event.id, ["pdf"], timezone.now())
    path = f"/studio/events/{event.id}/files/"
    client.post(path, {"stop": "1"})
    page = client.get(path).content.decode()
    assert "0 of 1 bookings, 3 files ready" in page
    assert "No longer up to date" not in page
