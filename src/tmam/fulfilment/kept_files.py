"""Finished files by what they are of, so that a second download costs one look-up and no drawing.

What a file shows comes from ticket rows, from the catalogue and from our templates. A kept file says which rows it was
drawn from (two digests), and is handed out only while those are still the same: the tickets' by the very statement
that finds it, the catalogue's as of at most `FACTS_KEPT_S` ago, which is as long as public pages are kept.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tmam.delivery.typesetting import template_version
from tmam.platform.statements import Row, Step, Verb, statement

FACTS_KEPT_S = 1.0
FACTS_MAX = 2_000
WHOLE_ORDER = 0

_FIND = statement("tmam.fulfilment", "find_kept_file")
_DIGEST = statement("tmam.fulfilment", "tickets_digest")
_FACTS = statement("tmam.fulfilment", "face_facts")
_COUNT_GOOD = statement("tmam.fulfilment", "count_good_files")
_KEEP = statement("tmam.fulfilment", "keep_file")


@dataclass(frozen=True)
class FileKey:
    """Which file: of one ticket, or of all of an order (`serial` `WHOLE_ORDER`)."""

    event_id: int
    order_id: UUID
    serial: int
    form: str
    language: str


@dataclass(frozen=True)
class Kept:
    """A file in the store. `serials` are the tickets in it, `size` its bytes."""

    name: str
    saved_as: str
    media_type: str
    size: int
    sha256: bytes
    serials: Sequence[int]


@dataclass(frozen=True)
class Digests:
    """What a file is drawn from: the rows of an order's tickets and the catalogue's, as short texts."""

    tickets: str
    facts: str


class FactsCache:
    """The catalogue's digests of a moment ago, by event and dates; bounded, for all threads of a process."""

    def __init__(self, kept_s: float = FACTS_KEPT_S, most: int = FACTS_MAX) -> None:
        self._kept_s, self._most = kept_s, most
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[int, tuple[int, ...]], tuple[float, str]] = OrderedDict()

    def get(self, event_id: int, dates: Sequence[int]) -> str | None:
        """The digest, if it is fresh."""
        with self._lock:
            found = self._known.get((event_id, tuple(dates)))
        return found[1] if found and time.monotonic() - found[0] < self._kept_s else None

    def put(self, event_id: int, dates: Sequence[int], facts: str, at: float) -> None:
        """Keep one that was read at `at` (`time.monotonic()`)."""
        with self._lock:
            self._known[event_id, tuple(dates)] = (at, facts)
            self._known.move_to_end((event_id, tuple(dates)))
            while len(self._known) > self._most:
                self._known.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()


_facts_cache = FactsCache()


@dataclass(frozen=True)
class FileAddress:
    """Which file, as addresses name it: by the order's booking reference in its canonical form."""

    event_id: int
    reference: str
    serial: int
    form: str
    language: str


@dataclass(frozen=True)
class KeptOf:
    """A kept file with what it takes to tell who may have it: its order, and when all links of that were last stopped."""

    order_id: UUID
    email: str
    links_stopped_at: datetime | None
    kept: Kept


def find_kept(where: FileAddress, cache: FactsCache = _facts_cache) -> Verb[KeptOf | None]:
    """The kept file, unless something that it shows has changed."""
    rows = yield look_for_kept(where)
    return (yield from kept_if_good(where, rows[0], cache)) if rows else None


def look_for_kept(where: FileAddress) -> Step:
    """The first step of `find_kept`, for who asks something else with it; `kept_if_good` reads its row."""
    return _FIND, (where.event_id, where.reference, where.serial, where.form, where.language)


def kept_if_good(where: FileAddress, row: Row, cache: FactsCache = _facts_cache) -> Verb[KeptOf | None]:
    """What `look_for_kept` found, unless the catalogue says something else by now."""
    order_id, email, links_stopped_at, *kept, facts, dates = row
    if facts != (yield from facts_of(where.event_id, dates, cache)):
        return None
    return KeptOf(order_id, email, links_stopped_at, _kept(kept))


def count_good(event_id: int, forms: Sequence[str], cache: FactsCache = _facts_cache) -> Verb[int]:
    """How many of an event's files in these forms, in their orders' languages, `find_kept` would still hand out."""
    rows = yield _COUNT_GOOD, (event_id, list(forms))
    good = 0
    for facts, dates, files in rows:
        if facts == (yield from facts_of(event_id, dates, cache)):
            good += files
    return good


def digests_now(event_id: int, order_id: UUID, cache: FactsCache = _facts_cache) -> Verb[Digests]:
    """What the files of an order are drawn from.

    Taken *before* the rows are read for drawing: a change in between leaves a digest that nothing matches, and the
    file is planned again.
    """
    ((tickets, dates),) = yield _DIGEST, (event_id, order_id)
    facts = yield from facts_of(event_id, dates, cache)
    return Digests(tickets, facts)


def facts_of(event_id: int, dates: Sequence[int], cache: FactsCache = _facts_cache) -> Verb[str]:
    """The digest of what tickets for these dates show of the catalogue and of our templates."""
    known = cache.get(event_id, dates)
    if known is None:
        at = time.monotonic()
        rows = yield _FACTS, (event_id, list(dates))
        known = f"{template_version()}-{rows[0][0] if rows else ''}"
        cache.put(event_id, dates, known, at)
    return known


def keep_file(key: FileKey, kept: Kept, digests: Digests, now: datetime) -> Verb[str | None]:
    """Remember a finished file; returns the name of the one it replaces, which can go."""
    rows = yield (
        _KEEP,
        (
            key.event_id,
            key.order_id,
            key.serial,
            key.form,
            key.language,
            list(kept.serials),
            digests.tickets,
            digests.facts,
            kept.name,
            kept.saved_as,
            kept.media_type,
            kept.size,
            kept.sha256,
            now,
        ),
    )
    return rows[0][0] if rows else None


def _kept(columns: Sequence[Any]) -> Kept:
    name, saved_as, media_type, size, sha256, serials = columns
    return Kept(name, saved_as, media_type, size, bytes(sha256), serials)
