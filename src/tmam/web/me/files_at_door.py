"""What a visitor may have of an order's files, found with one question or two: `download_door` hands it out.

The first question is for a file that was drawn before; the second for the order with its tickets, from which light
files are made and heavy ones planned. Each brings the visitor's session along. What these find no answer to is
Django's business.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import SESSION_KEY, get_user
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tmam.delivery.errors import RenderBusyError
from tmam.delivery.renderers import renderers
from tmam.fulfilment.fetch_file import Wanted, fetch_file, place_to_wait
from tmam.fulfilment.files import TicketFile
from tmam.fulfilment.formats import FileFormat, FileWish
from tmam.fulfilment.found_order import FoundOrder, found_order, look_for_order
from tmam.fulfilment.kept_files import (
    FileAddress,
    FileKey,
    Kept,
    KeptOf,
    facts_of,
    kept_if_good,
    look_for_kept,
)
from tmam.orders.models import Order
from tmam.platform.marked_reads import marked, unchanged
from tmam.platform.statements import Statement, Verb, both_of, read_verb, statement
from tmam.web.account.sessions.limits import SIGNED_IN_AT, is_to_be_noted
from tmam.web.account.sessions.store import SessionStore
from tmam.web.me.access import Stopped, may_see
from tmam.web.me.decoration import poster_of
from tmam.web.me.file_answer import Offer
from tmam.web.me.file_waits import Wait, wait_at
from tmam.web.me.wanted_lines import wanted_lines

_SESSION = statement("tmam.web", "session_data")


@dataclass(frozen=True)
class Grounds:
    """What a kept file was found by, so that it can be asked whether all of it is still the same.

    `mark` is that of the session, the order, its links and the kept file together; `facts` what the catalogue said of
    `dates`.
    """

    session_key: str
    where: FileAddress
    mark: str
    dates: Sequence[int]
    facts: str


@dataclass(frozen=True)
class Allowance:
    """A file that this visitor may have, with the tickets in it. `name`: in the store; "" for one made this moment.

    `grounds`: as long as they are the same, so is the right to the file; None where more than they tell counts.
    """

    offer: Offer
    event_id: int
    serials: Sequence[int]
    name: str = ""
    grounds: Grounds | None = None


def kept_file(session_key: str, where: FileAddress) -> Allowance | None:
    """A heavy file that was drawn before, if this visitor may have it."""
    looked = read_verb(_look_for_kept(session_key, where, timezone.now()))
    if looked is None:
        return None
    visitor = _visitor(session_key, looked.session_data)
    if visitor is None:
        return None
    # Whose right comes with an account may lose it by what no session and no order tells.
    grounds = None if SESSION_KEY in visitor.session else looked.grounds
    order = Order(event_id=where.event_id, id=looked.found.order_id, email=looked.found.email)
    if not may_see(visitor, order, Stopped(looked.found.links_stopped_at)):
        return None
    return _allowance(where.event_id, looked.found.kept, grounds)


def still_allowed(grounds: Sequence[Grounds | None]) -> list[bool]:
    """For each whether `kept_file` would find the very same file now, by the very same right. Without grounds: no."""
    known = [each for each in grounds if each]
    stands = iter(read_verb(_compare(known, timezone.now())) if known else [])
    return [each is not None and next(stands) for each in grounds]


def made_or_waiting(
    session_key: str, where: FileAddress, form: FileFormat, *, is_question: bool
) -> Allowance | Wait | None:
    """A light file, made now; a heavy one that is just drawn, or its place in the queue, in which it stands from now on.

    `is_question`: only its place is asked for.

    Raises:
        LiveCodeOnlyError, FormNotKnownError, TicketsNotShownError: see `wanted_lines`.
        RenderFailedError, StoreAwayError, TooManyTicketsError: see `delivery.errors`.
    """
    looked = read_verb(_look_for_order(session_key, where, timezone.now()))
    if looked is None:
        return None
    session_data, found = looked
    visitor = _visitor(session_key, session_data)
    if visitor is None or not may_see(visitor, found.order, Stopped(found.links_stopped_at)):
        return None
    key = FileKey(where.event_id, found.order.id, where.serial, form.name, where.language)
    place = place_to_wait(key, renderers()) if form.is_heavy else None
    if place is not None:
        return wait_at(place)
    return _made(found, key, form, is_question=is_question)


def _made(found: FoundOrder, key: FileKey, form: FileFormat, *, is_question: bool) -> Allowance | Wait:
    summary = found.summary()
    lines = wanted_lines(summary, key.serial, form)
    serials = tuple(line.ticket.serial for line in lines)
    made = form.make(FileWish(summary, lines, key.language, timezone.now(), poster_of(summary.event)))
    if isinstance(made, TicketFile):
        return Allowance(_offer_of_made(made), key.event_id, serials)
    wanted = Wanted(key, made, found.digests, serials)
    try:
        fetched = fetch_file(wanted, renderers(), timezone.now(), is_patient=not is_question)
    except RenderBusyError as busy:
        return Wait(None, busy.retry_after_s)
    return _allowance(key.event_id, fetched) if isinstance(fetched, Kept) else wait_at(fetched)


@dataclass(frozen=True)
class _Looked:
    """A session as it is stored, the file that was found beside it, and both as grounds."""

    session_data: str
    found: KeptOf
    grounds: Grounds


def _kept_question(where: FileAddress) -> tuple[Statement, tuple[object, ...]]:
    look, arguments = look_for_kept(where)
    return both_of(_SESSION, look), arguments


def _look_for_kept(session_key: str, where: FileAddress, now: datetime) -> Verb[_Looked | None]:
    question, arguments = _kept_question(where)
    rows = yield marked(question), (session_key, now, *arguments)
    if not rows:
        return None
    (session_data, *_, facts, dates, mark) = rows[0]
    found = yield from kept_if_good(where, rows[0][1:-1])
    return _Looked(session_data, found, Grounds(session_key, where, mark, dates, facts)) if found else None


def _compare(grounds: Sequence[Grounds], now: datetime) -> Verb[list[bool]]:
    asked = []
    for each in grounds:
        question, arguments = _kept_question(each.where)
        asked.append(((each.session_key, now, *arguments), each.mark))
    rows = yield unchanged(question, asked)
    standing = {position - 1 for (position,) in rows}
    stands = []
    for number, each in enumerate(grounds):
        is_same = number in standing and each.facts == (yield from facts_of(each.where.event_id, each.dates))
        stands.append(is_same)
    return stands


def _look_for_order(
    session_key: str, where: FileAddress, now: datetime
) -> Verb[tuple[str, FoundOrder] | None]:
    look, arguments = look_for_order(where.event_id, where.reference)
    rows = yield both_of(_SESSION, look), (session_key, now, *arguments)
    if not rows:
        return None
    found = yield from found_order([row[1:] for row in rows])
    return rows[0][0], found


def _visitor(session_key: str, session_data: str) -> HttpRequest | None:
    """Who asks; nobody where the session is to be noted by Django first."""
    visitor = HttpRequest()
    visitor.session = SessionStore.holding(session_key, session_data)
    if SIGNED_IN_AT in visitor.session and is_to_be_noted(visitor.session, timezone.now()):
        return None
    visitor.user = SimpleLazyObject(lambda: get_user(visitor))  # type: ignore[assignment]
    return visitor


def _allowance(event_id: int, kept: Kept, grounds: Grounds | None = None) -> Allowance:
    store = renderers().store
    read = functools.partial(store.read, kept.name)
    offer = Offer(kept.saved_as, kept.media_type, kept.size, kept.sha256, read)
    return Allowance(offer, event_id, kept.serials, kept.name, grounds)


def _offer_of_made(made: TicketFile) -> Offer:
    content = made.content
    digest = hashlib.sha256(content).digest()
    return Offer(made.name, made.media_type, len(content), digest, lambda start, end: content[start:end])
