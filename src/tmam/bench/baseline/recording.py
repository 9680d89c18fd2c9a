"""What a request really asks the database: the statements of the hot shell, written down as they pass by.

The shell runs in this process for a moment, with a database that takes notes. So the baseline follows the code:
whatever statements a verb runs tomorrow are the statements that `pgbench` will run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from tmam.bench.errors import BenchError
from tmam.hot.app import HotShell
from tmam.hot.database import Database
from tmam.hot.http import Request
from tmam.platform.settings import Settings
from tmam.platform.statements import START_AGAIN, Row, Statement, Verb, run_verb_async

R = TypeVar("R")
Ask = Callable[[str, str, bytes, Mapping[str, str]], Awaitable[tuple[int, bytes]]]
Conversation = Callable[[Ask], Awaitable[None]]


@dataclass(frozen=True)
class Recorded:
    """One statement that was run: its arguments, and the one row it returned by column (None: none or several)."""

    statement: Statement
    arguments: tuple[Any, ...]
    row: Mapping[str, Any] | None


@dataclass
class Recording:
    """The statements of one request (or of several that make one purchase), in their order, begun at `at`."""

    at: datetime
    steps: list[Recorded] = field(default_factory=list)


class RecordingDatabase(Database):
    """A database that notes every statement of the verbs it runs."""

    notes: Recording

    async def _once(self, verb: Verb[R]) -> R:
        async with self._pool.acquire() as connection:
            return await run_verb_async(noted(verb, self.notes), connection)


def noted(verb: Verb[R], notes: Recording) -> Verb[R]:
    """The same verb, with the statements of its transaction written down."""
    before = len(notes.steps)
    try:
        step = next(verb)
        while True:
            rows = yield step
            if step is START_AGAIN:
                del notes.steps[before:]  # rolled back
            else:
                notes.steps.append(Recorded(*step, _only_row(rows)))
            step = verb.send(rows)
    except StopIteration as stop:
        result: R = stop.value
        return result


def record(settings: Settings, conversation: Conversation, *, times: int = 2) -> list[Recording]:
    """Record a conversation with the hot shell `times` times, after one that fills the shell's caches.

    Each conversation must be a new visitor's, so that what differs between the recordings is what differs
    between requests.
    """
    return asyncio.run(_record(settings, conversation, times))


async def _record(settings: Settings, conversation: Conversation, times: int) -> list[Recording]:
    shell = HotShell(settings, open_database=RecordingDatabase.connect)
    await shell.start()
    try:
        # The first fills the shell's caches and is thrown away; the others find them filled.
        recordings = [await _noted(shell, conversation) for _ in range(times + 1)]
        return recordings[1:]
    finally:
        await shell.stop()


async def _noted(shell: HotShell, conversation: Conversation) -> Recording:
    RecordingDatabase.notes = Recording(datetime.now(UTC))
    await conversation(_asker(shell))
    return RecordingDatabase.notes


def _asker(shell: HotShell) -> Ask:
    async def ask(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        lower = {name.lower(): value for name, value in headers.items()}
        answer = await shell.answer(Request(method, path, lower, body, "", "127.0.0.1"))
        if answer.status not in {200, 201}:
            raise BenchError(f"{path} answered {answer.status}: {answer.body.decode()[:300]}")
        return answer.status, answer.body

    return ask


def _only_row(rows: Any) -> Mapping[str, Any] | None:
    r"""The columns of a single row, as `\gset` of pgbench would keep them. asyncpg's rows know their names."""
    if len(rows) != 1:
        return None
    row: Row = rows[0]
    return dict(row.items()) if hasattr(row, "items") else None
