"""One verb, two executors: tests take the fixture `run` and so go through Django's connection and asyncpg alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.cast import NOW
from tmam.catalog.models import Event
from tmam.catalog.offers import load_offer
from tmam.inventory.draws import HoldRequest, Wish
from tmam.inventory.hold_places import Answer, hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.seat_plans import load_plan
from tmam.platform.statements import Verb, run_verb, run_verb_async

R = TypeVar("R")
Run = Callable[[Verb[Any]], Any]


@pytest.fixture(params=["django", "asyncpg"])
def run(request: pytest.FixtureRequest, dsn: str) -> Run:
    """One executor after the other: the same verbs must behave alike through both drivers."""
    if request.param == "django":
        return run_verb

    def run_in_asyncpg(verb: Verb[R]) -> R:
        async def with_connection() -> R:
            database = await asyncpg.connect(dsn)
            try:
                return await run_verb_async(verb, database)
            finally:
                await database.close()

        return asyncio.run(with_connection())

    return run_in_asyncpg


def wish(*wishes: Wish, visitor: UUID | None = None, **fields: Any) -> HoldRequest:
    """A request with these wishes, of a new visitor unless one is named."""
    return HoldRequest(uuid4(), visitor or uuid4(), wishes, **fields)


def held(run: Run, event: Event, *requests: HoldRequest, now: datetime = NOW) -> list[Answer]:
    """What one batch of requests is answered."""
    offer = run(load_offer(event.id))
    plan = run(load_plan(event.seat_plan_id)) if event.seat_plan_id else None
    answers: list[Answer] = run(hold_places(offer, plan, requests, now))
    return answers


def only(answers: list[Answer]) -> Hold:
    """The hold that a batch of one request got."""
    (answer,) = answers
    assert isinstance(answer, Hold), answer
    return answer
