"""Seat plans at hand: each process keeps those it was asked for, and their documents for the browser.

A plan hardly ever changes. Whether it did is asked once a minute by a fingerprint; only then it is read anew.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from tmam.inventory.seat_plans import Plan, load_plan, plan_fingerprint
from tmam.platform.errors import NotFoundError
from tmam.platform.statements import run_verb
from tmam.web.public import FOREVER, public_page
from tmam.web.shop.plan_document import plan_document

TRUSTED_S = 60.0
MOST_PLANS = 32
LARGEST_PLAN_ID = 2**63 - 1


@dataclass(frozen=True)
class Section:
    """A block of a hall, by its ordinal, with how many seats of each price category it has."""

    block: int
    label: str
    seats_by_pool: dict[int, int]


@dataclass(frozen=True)
class KeptPlan:
    """A plan with its document, named after its content, so that browsers may keep it for ever."""

    plan_id: int
    plan: Plan
    fingerprint: str
    document: bytes
    checked_at: float

    @cached_property
    def version(self) -> str:
        """A short hash of the document."""
        return hashlib.sha256(self.document).hexdigest()[:12]

    @property
    def path(self) -> str:
        """The address of the document."""
        return f"/plans/{self.plan_id}-{self.version}.json"

    @cached_property
    def sections(self) -> list[Section]:
        """The blocks in the plan's order."""
        sections: dict[int, Section] = {}
        for seat in self.plan.seats:
            section = sections.setdefault(seat.block, Section(seat.block, seat.block_label, {}))
            section.seats_by_pool[seat.pool] = section.seats_by_pool.get(seat.pool, 0) + 1
        return list(sections.values())


_kept: OrderedDict[int, KeptPlan] = OrderedDict()
_lock = threading.Lock()


def kept_plan(plan_id: int) -> KeptPlan:
    """The plan as it was within the last minute."""
    with _lock:
        known = _kept.get(plan_id)
    now = time.monotonic()
    if known is not None and now - known.checked_at < TRUSTED_S:
        return known
    fingerprint = run_verb(plan_fingerprint(plan_id))
    if known is not None and known.fingerprint == fingerprint:
        fresh = replace(known, checked_at=now)
    else:
        plan = run_verb(load_plan(plan_id))
        fresh = KeptPlan(plan_id, plan, fingerprint, msgspec.json.encode(plan_document(plan)), now)
    if not fresh.plan.seats:
        return fresh  # there may be endless numbers that are no plan's
    with _lock:
        _kept[plan_id] = fresh
        _kept.move_to_end(plan_id)
        while len(_kept) > MOST_PLANS:
            _kept.popitem(last=False)
    return fresh


@public_page
def plan_view(request: HttpRequest, plan_id: int, version: str) -> HttpResponse:
    """`/plans/{plan}-{version}.json`; an outdated version leads to the one of now.

    Raises:
        NotFoundError: no such plan, or one without seats.
    """
    del request
    if plan_id > LARGEST_PLAN_ID:
        raise NotFoundError
    kept = kept_plan(plan_id)
    if not kept.plan.seats:
        raise NotFoundError
    if version != kept.version:
        return HttpResponseRedirect(kept.path, headers={"Cache-Control": "no-store"})
    return HttpResponse(kept.document, content_type="application/json", headers={"Cache-Control": FOREVER})
