"""The files of an event, made before anybody asks: order by order, in slices, behind everybody who waits.

A slice goes on behind the last order that is done, so a crash costs one order; a file that is there costs a look.
While people wait for files anywhere on this machine, it holds still. At most one runs for an event (the job's lock).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import F

from tmam.catalog.models import Event
from tmam.delivery.errors import RenderBusyError, RenderFailedError, StoreAwayError
from tmam.delivery.render_queue import Urgency
from tmam.delivery.renderers import Renderers
from tmam.fulfilment.errors import FormNotKnownError
from tmam.fulfilment.fetch_file import Wanted, make_ahead
from tmam.fulfilment.files import PlannedFile
from tmam.fulfilment.formats import FORMATS, FileWish
from tmam.fulfilment.kept_files import WHOLE_ORDER, FileAddress, FileKey, digests_now, find_kept
from tmam.fulfilment.models import Warming, WarmingState
from tmam.kernel.errors import TmamError
from tmam.orders.order_summary import OrderSummary, TicketLine, load_orders, summarize_orders
from tmam.platform.statements import Verb, read_verb, statement

DEFAULT_FORMS = ("pdf",)
ORDERS_AT_ONCE = 20
SLICE_S = 30.0
LOOK_EVERY_S = 0.5

_ORDERS = statement("tmam.fulfilment", "orders_to_warm")
_COUNT = statement("tmam.fulfilment", "count_orders_to_warm")


@dataclass(frozen=True)
class WarmTools:
    """What drawing ahead needs: the renderers, an event's decoration, and a clock."""

    using: Renderers
    poster_of: Callable[[Event], bytes | None]
    clock: Callable[[], datetime]
    pause: Callable[[float], object] = field(default_factory=lambda: threading.Event().wait)


def ask_to_warm(event_id: int, forms: Sequence[str], now: datetime) -> Warming:
    """Begin, or begin again: everything is looked at once more, and what is there already stays.

    Raises:
        FormNotKnownError: one of the forms is none, or is made at once anyway.
    """
    wanted = sorted(set(forms)) or list(DEFAULT_FORMS)
    for name in wanted:
        if name not in FORMATS or not FORMATS[name].is_heavy:
            raise FormNotKnownError(form=name[:20])
    orders, _ = count_to_warm(event_id)
    fresh = {
        "state": WarmingState.WAITING,
        "forms": wanted,
        "orders": orders,
        "orders_done": 0,
        "files_ready": 0,
        "files_failed": 0,
        "is_making_room": False,
        "last_order": None,
        "asked_at": now,
        "changed_at": now,
        "finished_at": None,
    }
    warming, _ = Warming.objects.update_or_create(event_id=event_id, defaults=fresh)
    return warming


def stop_warming(event_id: int, now: datetime) -> None:
    """Stop after the order in hand; what is made stays."""
    running = Warming.objects.filter(
        event_id=event_id, state__in=(WarmingState.WAITING, WarmingState.RUNNING)
    )
    running.update(state=WarmingState.STOPPED, is_making_room=False, changed_at=now, finished_at=now)


def count_to_warm(event_id: int) -> tuple[int, int]:
    """How many orders with valid tickets an event has, and how many tickets."""
    return read_verb(_count(event_id))


def warm_slice(event_id: int, tools: WarmTools, seconds: float = SLICE_S) -> bool:
    """Go on for about so long; whether there is more to do. Files that cannot be made are counted and left.

    Raises:
        RenderBusyError, StoreAwayError: not now; go on later where this ended.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        warming = Warming.objects.filter(event_id=event_id).first()
        if warming is None or warming.state not in {WarmingState.WAITING, WarmingState.RUNNING}:
            return False
        if tools.using.people_wait:
            _note(warming, tools, is_making_room=True)
            tools.pause(LOOK_EVERY_S)
            continue
        ids = read_verb(_next_orders(event_id, warming.last_order))
        if not ids:
            now = tools.clock()
            _note(warming, tools, state=WarmingState.DONE, finished_at=now, is_making_room=False)
            return False
        ready, failed = _warm_orders(event_id, ids, warming.forms, tools)
        _note(
            warming,
            tools,
            state=WarmingState.RUNNING,
            is_making_room=False,
            last_order=ids[-1],
            orders_done=F("orders_done") + len(ids),
            files_ready=F("files_ready") + ready,
            files_failed=F("files_failed") + failed,
        )
    return True


def _note(warming: Warming, tools: WarmTools, **changes: object) -> None:
    """Write progress down, unless somebody stopped it or asked anew meanwhile."""
    same = Warming.objects.filter(event_id=warming.event_id, asked_at=warming.asked_at)
    same.exclude(state=WarmingState.STOPPED).update(changed_at=tools.clock(), **changes)


def _warm_orders(
    event_id: int, ids: Sequence[UUID], forms: Sequence[str], tools: WarmTools
) -> tuple[int, int]:
    """The files of some orders: all are put in line first, so that several renderers have something to do."""
    orders = summarize_orders(load_orders((event_id, order_id) for order_id in ids))
    wanted: list[Wanted] = []
    ready = failed = 0
    for order in orders:
        for each in _files_of(order, forms, tools):
            if each is None:
                ready += 1
            else:
                wanted.append(each)
                tools.using.ask_unless_failed(each.planned.drawing, Urgency.AHEAD)
    for each in wanted:
        try:
            is_made = make_ahead(each, tools.using, tools.clock()) is not None
        except RenderFailedError:
            is_made = False
        ready, failed = ready + is_made, failed + (not is_made)
    return ready, failed


def _files_of(order: OrderSummary, forms: Sequence[str], tools: WarmTools) -> Iterator[Wanted | None]:
    """Every file of an order in these forms; None for one that is there. None at all if no door admits files."""
    if order.event.live_codes_only:
        return
    poster = tools.poster_of(order.event)
    for name in forms:
        for serial, lines in _parts(order, holds_many=FORMATS[name].holds_many):
            key = FileKey(order.event.id, order.order.id, serial, name, order.order.language)
            where = FileAddress(key.event_id, order.order.booking_reference, serial, name, key.language)
            if read_verb(find_kept(where)) is not None:
                yield None
                continue
            digests = read_verb(digests_now(order.event.id, order.order.id))
            wish = FileWish(order, lines, key.language, tools.clock(), poster)
            try:
                planned = FORMATS[name].make(wish)
            except (RenderBusyError, StoreAwayError):
                raise
            except TmamError:
                continue  # not in this form: too many tickets for one file, or bound to a device
            if isinstance(planned, PlannedFile):
                yield Wanted(key, planned, digests, tuple(line.ticket.serial for line in lines))


def _parts(order: OrderSummary, *, holds_many: bool) -> Iterator[tuple[int, Sequence[TicketLine]]]:
    """What the order's page offers: all in one where a form can, and each by itself."""
    lines = order.valid_lines
    if lines and (holds_many or len(lines) == 1):
        yield WHOLE_ORDER, lines
    for line in lines:
        yield line.ticket.serial, [line]


def _next_orders(event_id: int, behind: UUID | None) -> Verb[list[UUID]]:
    rows = yield _ORDERS, (event_id, behind, ORDERS_AT_ONCE)
    return [order_id for (order_id,) in rows]


def _count(event_id: int) -> Verb[tuple[int, int]]:
    ((orders, tickets),) = yield _COUNT, (event_id,)
    return orders, tickets
