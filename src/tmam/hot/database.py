"""The hot shell's connections, and what it remembers of the catalogue for a second."""

from __future__ import annotations

import asyncio
import functools
import time
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeVar

import asyncpg
import msgspec
import structlog

from tmam.catalog.offers import Offer, load_offer
from tmam.inventory.seat_plans import Plan, load_plan
from tmam.platform.errors import BusyError
from tmam.platform.statements import RETRYABLE_SQLSTATES, Verb, run_verb_async

R = TypeVar("R")
OFFER_KEPT_S = 1.0
PLAN_KEPT_S = 60.0
MOST_OFFERS_KEPT = 10_000
LARGEST_DATE = 65_535
ACQUIRE_TIMEOUT_S = 5.0
STATEMENT_TIMEOUT_S = 10.0
# It is not the request's fault, and it passes: no answer in time, connections cut, a server that stops, starts or
# recovers, a disk or memory that is full, a file that could not be read or written.
UNABLE = (
    TimeoutError,
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
)
log = structlog.get_logger("tmam.hot")


class _Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection that needs no cleaning between two verbs: each is one transaction and leaves nothing behind."""

    def get_reset_query(self) -> str:
        """What asyncpg sends whenever a connection goes back to the pool: nothing, and so no round trip."""
        return ""


class Database:
    """A bounded pool of connections that runs verbs. Dead connections are replaced by the pool."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    async def connect(cls, url: str, connections: int = 8) -> Database:
        """Open the pool."""
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=connections,
            connection_class=_Connection,
            command_timeout=STATEMENT_TIMEOUT_S,
            server_settings={"TimeZone": "UTC"},
        )
        return cls(pool)

    async def close(self) -> None:
        """Close after running queries have ended."""
        await self._pool.close()

    async def run(self, make_verb: Callable[[], Verb[R]]) -> R:
        """Run a verb in one transaction, once more after a deadlock, a conflict or a connection found dead.

        A connection that dies while COMMIT is on its way leaves the outcome open: the verb is *not* repeated
        then, unless it is idempotent by its own keys; callers get BusyError and ask again.

        Raises:
            BusyError: no connection was to be had, or the database did not answer in time.
        """
        try:
            try:
                return await self._once(make_verb())
            except asyncpg.PostgresError as error:
                if error.sqlstate not in RETRYABLE_SQLSTATES:
                    raise
                return await self._once(make_verb())
        except UNABLE as error:
            log.warning("database_unable", error=repr(error))
            raise BusyError(retry_after_s=2) from error

    async def _once(self, verb: Verb[R]) -> R:
        async with self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S) as connection:
            return await run_verb_async(verb, connection)


@dataclass
class _Kept:
    loaded_at: float
    offer: Offer | None
    plan: Plan | None
    dates: AbstractSet[int]

    def has(self, dates: AbstractSet[int]) -> bool:
        """Whether it answers for these dates."""
        return self.offer is None or dates <= self.dates


class Offers:
    """Offers of events with the dates that were asked for, kept for a second; loaded once however many ask."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._kept: dict[int, _Kept] = {}
        self._plans: dict[int, tuple[float, Plan]] = {}
        self._loading: dict[int, asyncio.Task[_Kept]] = {}

    async def get(
        self, event_id: int, dates: AbstractSet[int] = frozenset()
    ) -> tuple[Offer | None, Plan | None]:
        """The offer of an event, with these dates as far as they exist, and its seat plan; None when there is none."""
        kept = self._fresh(event_id, dates)
        while kept is None:
            task = self._loading.get(event_id)
            # A task that is done is no help, and waiting for it would not even let its clean-up run.
            if task is None or task.done():
                task = self._loading[event_id] = asyncio.create_task(self._load(event_id, dates))
                task.add_done_callback(functools.partial(self._forget, event_id))
                kept = await asyncio.shield(task)
            else:  # somebody loads this event this moment, perhaps with other dates
                loaded = await asyncio.shield(task)
                kept = loaded if loaded.has(dates) else self._fresh(event_id, dates)
        return kept.offer, kept.plan

    def _forget(self, event_id: int, task: asyncio.Task[_Kept]) -> None:
        if self._loading.get(event_id) is task:
            del self._loading[event_id]

    def _fresh(self, event_id: int, dates: AbstractSet[int]) -> _Kept | None:
        kept = self._kept.get(event_id)
        if kept is None or self._clock() - kept.loaded_at > OFFER_KEPT_S:
            return None
        return kept if kept.has(dates) else None

    async def _load(self, event_id: int, dates: AbstractSet[int]) -> _Kept:
        known = self._fresh(event_id, frozenset())
        wanted = frozenset(date for date in dates if 0 < date <= LARGEST_DATE)
        if known is not None:
            wanted -= known.dates
        offer = await self._database.run(lambda: load_offer(event_id, wanted))
        plan = None
        if offer is not None and offer.seat_plan_id is not None:
            plan = await self._plan(offer.seat_plan_id)
        kept = _Kept(self._clock(), offer, plan, dates)
        if known is not None and offer is not None and known.offer is not None:
            kept = _Kept(known.loaded_at, _with_dates(offer, known.offer), plan, dates | known.dates)
        if len(self._kept) > MOST_OFFERS_KEPT:
            self._kept.clear()  # bounded; refilled within a second by what is asked for
        self._kept[event_id] = kept
        return kept

    async def _plan(self, plan_id: int) -> Plan:
        known = self._plans.get(plan_id)
        if known is None or self._clock() - known[0] > PLAN_KEPT_S:
            known = self._clock(), await self._database.run(lambda: load_plan(plan_id))
            self._plans[plan_id] = known
        return known[1]


def _with_dates(offer: Offer, known: Offer) -> Offer:
    """An offer with the dates that are known already besides its own."""
    patterns = known.pattern_by_ordinal | offer.pattern_by_ordinal
    dates = known.date_by_ordinal | offer.date_by_ordinal
    return msgspec.structs.replace(
        offer,
        dates=tuple(dates[ordinal] for ordinal in sorted(dates)),
        patterns=tuple(patterns[ordinal] for ordinal in sorted(patterns)),
    )
