"""From a plan to a file in the store: at once where it is there, with a place in the queue where it is not."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from tmam.delivery.errors import RenderBusyError
from tmam.delivery.render_queue import Place, Urgency
from tmam.delivery.renderers import Renderers
from tmam.fulfilment.files import PlannedFile
from tmam.fulfilment.kept_files import Digests, FileKey, Kept, keep_file
from tmam.platform.statements import run_verb_retrying

# Whoever is next is not sent away for a second; but few may stand in a server's threads, so that light forms go on.
SHORT_WAIT_S = 2.0
STANDING_MAX = 2
_standing = threading.BoundedSemaphore(STANDING_MAX)


# Which drawing a file in the queue waits for, so that asking for its place again plans nothing. Bounded by number.
WAITING_MAX = 20_000
_waiting: OrderedDict[FileKey, str] = OrderedDict()
_waiting_lock = threading.Lock()


@dataclass(frozen=True)
class Wanted:
    """A file that somebody wants: which one, how it is drawn, from which rows, of which tickets."""

    key: FileKey
    planned: PlannedFile
    digests: Digests
    serials: tuple[int, ...]


def fetch_file(wanted: Wanted, using: Renderers, now: datetime, *, is_patient: bool = True) -> Kept | Place:
    """The finished file, or its place in the queue. Asking again later gives the same file and the same place.

    `is_patient`: wait a moment if it is nearly ready.

    Raises:
        RenderBusyError: the queue is full.
        RenderFailedError, StoreAwayError: see `delivery.errors`.
    """
    place = using.ask(wanted.planned.drawing)
    is_near = is_patient and place.state == "queued" and place.estimate_s <= SHORT_WAIT_S
    if is_near and _standing.acquire(blocking=False):
        try:
            using.draw(wanted.planned.drawing, wait_s=SHORT_WAIT_S)
            place = Place("ready")
        except RenderBusyError:
            place = using.ask(wanted.planned.drawing)
        finally:
            _standing.release()
    kept = remember(wanted, using, now) if place.state == "ready" else None
    if kept is None:
        _note_waiting(wanted)
    return kept or place


def place_to_wait(key: FileKey, using: Renderers) -> Place | None:
    """Where a file stands that somebody asked for here before, if it takes longer than a moment.

    Who hears None asks by `fetch_file`: it is near, or not in this process's queue (any more).
    """
    with _waiting_lock:
        name = _waiting.get(key)
    place = using.place_of(name) if name is not None else None
    if place is None and name is not None:
        with _waiting_lock:
            _waiting.pop(key, None)
    return place if place is not None and place.estimate_s > SHORT_WAIT_S else None


def _note_waiting(wanted: Wanted) -> None:
    with _waiting_lock:
        _waiting[wanted.key] = wanted.planned.drawing.name
        while len(_waiting) > WAITING_MAX:
            _waiting.popitem(last=False)


def make_ahead(wanted: Wanted, using: Renderers, now: datetime) -> Kept | None:
    """Have a file drawn before anybody asks for it, behind everybody who does.

    Raises:
        RenderBusyError, RenderFailedError, StoreAwayError: see `delivery.errors`.
    """
    using.draw(wanted.planned.drawing, Urgency.AHEAD)
    return remember(wanted, using, now)


def remember(wanted: Wanted, using: Renderers, now: datetime) -> Kept | None:
    """Write down that a file is in the store, and delete the one it replaces; None if it is not there."""
    drawing = wanted.planned.drawing
    content = using.store.get(drawing.name)
    if content is None:
        return None
    kept = Kept(
        drawing.name,
        wanted.planned.name,
        wanted.planned.media_type,
        len(content),
        hashlib.sha256(content).digest(),
        wanted.serials,
    )
    replaced = run_verb_retrying(lambda: keep_file(wanted.key, kept, wanted.digests, now))
    if replaced is not None:
        using.store.delete([replaced])
    return kept
