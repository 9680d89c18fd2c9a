"""Files made ahead: all of an event's, resumable, behind people; and none kept longer than it is of use."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from django.db.models import F
from django.utils import timezone

from tests.cast import make_event
from tests.delivery.render_cast import made, refuse, write
from tests.notifications.purchases import buy
from tmam.catalog.models import Date, Event
from tmam.delivery.renderer_frames import RendererConfig
from tmam.delivery.renderers import PEOPLE, Renderers
from tmam.delivery.store import StoreConfig
from tmam.fulfilment import formats, kept_files, warm_event
from tmam.fulfilment.errors import FormNotKnownError
from tmam.fulfilment.files import PlannedFile
from tmam.fulfilment.formats import FileFormat, FileWish
from tmam.fulfilment.kept_files import WHOLE_ORDER, count_good
from tmam.fulfilment.models import KeptFile, Warming
from tmam.fulfilment.sweep_files import sweep_files
from tmam.fulfilment.warm_event import WarmTools, ask_to_warm, stop_warming, warm_slice
from tmam.fulfilment.warm_soon import warm_soon
from tmam.platform.settings import current_settings
from tmam.platform.statements import read_verb
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db
planned: list[str] = []


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WarmTools]:
    def make(wish: FileWish) -> PlannedFile:
        serials = "-".join(str(line.ticket.serial) for line in wish.lines)
        planned.append(serials)
        name = f"tickets/{wish.order.event.id}/ab/{serials}-{len(wish.lines)}.txt"
        draw = refuse if wish.lines[0].ticket.holder_name == "Bad" else write
        arguments = () if draw is refuse else (name,)
        return PlannedFile("t.txt", made(draw, *arguments, name=name))

    form = FileFormat("text", "txt", "text/plain", is_heavy=True, holds_many=True, make=make)
    monkeypatch.setitem(formats._BY_NAME, "text", form)  # type: ignore[arg-type]
    monkeypatch.setattr(warm_event, "ORDERS_AT_ONCE", 2)
    planned.clear()
    kept_files._facts_cache.clear()
    config = RendererConfig(StoreConfig(tmp_path / "files"), tmp_path / "drawing.lock")
    using = Renderers(config, processes=1, waiting_max=100, limit_s=20.0)
    yield WarmTools(using, lambda _: None, timezone.now, pause=lambda _: None)
    using.close()


def sold(orders: int, **fields: object) -> Event:
    event = make_event(now=timezone.now(), **fields)
    for number in range(orders):
        buy(event, email=f"b{number}@buyers.example", now=timezone.now(), quantities={1: 1 + number % 2})
    return event


def test_every_file_is_made_once_and_a_second_round_only_looks(tools: WarmTools) -> None:
    event = sold(3)  # of 1, 2 and 1 tickets
    ask_to_warm(event.id, ["text"], timezone.now())
    assert not warm_slice(event.id, tools)
    done = Warming.objects.get(event_id=event.id)
    assert (done.state, done.orders, done.orders_done) == ("done", 3, 3)
    assert (done.files_ready, done.files_failed) == (3 + 4, 0), "one of each order, one of each ticket"
    kept = KeptFile.objects.filter(event_id=event.id)
    assert kept.filter(serial=WHOLE_ORDER).count() == 3
    assert all(tools.using.store.size(each.name) == each.size for each in kept)
    assert {each.language for each in kept} == {"en"}
    before = len(planned)
    ask_to_warm(event.id, ["text"], timezone.now())
    assert not warm_slice(event.id, tools)
    assert Warming.objects.get(event_id=event.id).files_ready == 7
    assert len(planned) == before


def test_only_files_that_are_still_handed_out_count_as_good(tools: WarmTools) -> None:
    event = sold(2)  # of 1 and 2 tickets
    ask_to_warm(event.id, ["text"], timezone.now())
    assert not warm_slice(event.id, tools)

    def good() -> int:
        kept_files._facts_cache.clear()
        return read_verb(count_good(event.id, ["text"]))

    assert good() == Warming.objects.get(event_id=event.id).files_ready == 5
    assert read_verb(count_good(event.id, ["pdf"])) == 0
    Ticket.objects.filter(event_id=event.id, serial=1).update(generation=1)
    assert good() == 3
    Date.objects.filter(event_id=event.id).update(starts_at=F("starts_at") - timedelta(minutes=5))
    assert good() == 0


def test_it_goes_on_where_it_ended_and_stops_when_told(tools: WarmTools) -> None:
    event = sold(5)
    ask_to_warm(event.id, ["text"], timezone.now())
    assert warm_slice(event.id, tools, seconds=0.0001)
    assert Warming.objects.get(event_id=event.id).orders_done == 2
    before = list(planned)
    stop_warming(event.id, timezone.now())
    assert not warm_slice(event.id, tools)
    assert planned == before
    Warming.objects.filter(event_id=event.id).update(state="waiting")
    assert not warm_slice(event.id, tools)
    assert Warming.objects.get(event_id=event.id).orders_done == 5
    assert len(planned) == len(set(planned)) + 3, "whole orders of one ticket are that ticket again"


def test_a_file_that_cannot_be_made_holds_nothing_up(tools: WarmTools) -> None:
    event = sold(3)
    first = Ticket.objects.filter(event_id=event.id).order_by("serial").first()
    assert first is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Ticket, "holder_name", property(lambda self: "Bad" if self.serial == first.serial else "")
        )
        ask_to_warm(event.id, ["text"], timezone.now())
        assert not warm_slice(event.id, tools)
    done = Warming.objects.get(event_id=event.id)
    assert (done.state, done.files_ready, done.files_failed) == ("done", 5, 2)


def test_it_holds_still_while_people_wait(tools: WarmTools, tmp_path: Path) -> None:
    event = sold(1)
    ask_to_warm(event.id, ["text"], timezone.now())
    with (tmp_path / PEOPLE).open("ab") as elsewhere:
        fcntl.flock(elsewhere, fcntl.LOCK_SH)
        assert warm_slice(event.id, tools, seconds=0.01)
        assert Warming.objects.get(event_id=event.id).is_making_room
    assert planned == []
    assert not warm_slice(event.id, tools)
    done = Warming.objects.get(event_id=event.id)
    assert (done.state, done.is_making_room) == ("done", False)


@pytest.mark.parametrize("form", ["code", "nothing", "x" * 500])
def test_only_forms_that_are_drawn_can_be_drawn_ahead(form: str) -> None:
    with pytest.raises(FormNotKnownError):
        ask_to_warm(1, [form], timezone.now())


def test_large_events_are_warmed_by_themselves_before_their_doors_open() -> None:
    now = timezone.now()
    soon, small, later, live = (sold(2, starts_in=timedelta(hours=hours)) for hours in (20, 20, 200, 20))
    Event.objects.filter(id=live.id).update(live_codes_only=True)  # no door there takes a file
    Ticket.objects.filter(event_id=small.id, serial=1).update(state="cancelled")
    settings = msgspec.structs.replace(current_settings(), warm_hours=24, warm_tickets=3)
    started: list[int] = []
    ours = {soon.id, small.id, later.id, live.id}
    warm_soon(now, settings, started.append)
    assert ours & set(started) == {soon.id}
    started.clear()
    warm_soon(now + timedelta(hours=1), settings, started.append)
    assert not ours & set(started), "once is enough"
    warm_soon(now, msgspec.structs.replace(settings, warm_hours=0), started.append)
    assert not ours & set(started)


def test_files_of_events_that_are_over_and_of_changed_tickets_go(tools: WarmTools) -> None:
    now = timezone.now()
    changed, over = sold(2), sold(1)
    for event in (changed, over):
        ask_to_warm(event.id, ["text"], now)
        warm_slice(event.id, tools)
    store = tools.using.store
    store.put(f"tickets/{over.id}/zz/of-a-mail.txt", b"x", "text/plain")
    ticket = Ticket.objects.filter(event_id=changed.id).order_by("serial").first()
    assert ticket is not None
    Ticket.objects.filter(event_id=changed.id, serial=ticket.serial).update(generation=1)
    Date.objects.filter(event_id=over.id).update(
        starts_at=now - timedelta(days=41), ends_at=now - timedelta(days=40)
    )
    sweep_files(now, store, days=30)
    assert store.names_below(f"tickets/{over.id}") == []
    assert not KeptFile.objects.filter(event_id=over.id).exists()
    assert not Warming.objects.filter(event_id=over.id).exists()
    left = KeptFile.objects.filter(event_id=changed.id)
    assert {each.order_id for each in left} == {
        each.order_id
        for each in Ticket.objects.filter(event_id=changed.id)
        if each.order_id != ticket.order_id
    }
    assert len(store.names_below(f"tickets/{changed.id}")) == len({each.name for each in left})
    assert sweep_files(now, store, days=30) == 0
