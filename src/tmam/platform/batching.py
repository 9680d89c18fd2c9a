"""Natural batching: while one batch's transaction is in flight, the next gathers; no timer.

An idle system answers at once, a busy one grows its batches. Requests are grouped by key (the event), because
one transaction changes one event; each key has at most one batch in flight in this process.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

import structlog

from tmam.platform.errors import BusyError

K = TypeVar("K", bound=Hashable)
Q = TypeVar("Q")
A = TypeVar("A")

log = structlog.get_logger("tmam.batching")


class Batcher(Generic[K, Q, A]):
    """Collects requests by key and serves each batch with one call of `serve`.

    `serve(key, requests)` must answer every request, in order, and only after its transaction committed. If it
    raises, the requests are served again one by one, so that one bad request cannot fail its neighbours. Only
    BusyError goes to all of them at once: whoever cannot be served now is told now, and what may have been
    committed is not done a second time.
    """

    def __init__(
        self,
        serve: Callable[[K, list[Q]], Awaitable[list[A]]],
        *,
        largest_batch: int = 256,
        longest_queue: int = 2_000,
        longest_queue_per_key: int = 1_500,
    ) -> None:
        self._serve = serve
        self._largest_batch = largest_batch
        self._longest_queue = longest_queue
        self._longest_queue_per_key = longest_queue_per_key
        self._waiting: dict[K, deque[tuple[Q, asyncio.Future[A]]]] = {}
        self._runners: dict[K, asyncio.Task[None]] = {}
        self._queued = 0

    async def submit(self, key: K, request: Q) -> A:
        """Join the next batch of a key and wait for the answer.

        Raises:
            BusyError: more requests are waiting than may, in all or for this key: one key cannot take every place.
        """
        waiting = self._waiting.get(key, ())
        if self._queued >= self._longest_queue or len(waiting) >= self._longest_queue_per_key:
            raise BusyError(retry_after_s=1)
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, deque()).append((request, answer))
        self._queued += 1
        if key not in self._runners:
            self._runners[key] = asyncio.create_task(self._run(key))
        return await answer

    async def close(self) -> None:
        """Let everything that was accepted be served: for a graceful stop."""
        while self._runners:
            await asyncio.gather(*self._runners.values(), return_exceptions=True)

    async def _run(self, key: K) -> None:
        queue = self._waiting[key]
        try:
            while queue:
                batch = [queue.popleft() for _ in range(min(len(queue), self._largest_batch))]
                self._queued -= len(batch)
                # Somebody who hung up before their batch began is not served.
                await self._serve_batch(
                    key, [(request, answer) for request, answer in batch if not answer.done()]
                )
        finally:
            del self._runners[key]
            del self._waiting[key]

    async def _serve_batch(self, key: K, batch: list[tuple[Q, asyncio.Future[A]]]) -> None:
        if not batch:
            return
        try:
            answers = await self._serve(key, [request for request, _ in batch])
            for (_, answer), value in zip(batch, answers, strict=True):
                _settle(answer, value=value)
        except BusyError as error:
            for _, answer in batch:
                _settle(answer, error=error)
        except Exception as error:  # noqa: BLE001 -- whatever failed, it is handed to the one who asked
            if len(batch) == 1:
                _settle(batch[0][1], error=error)
                return
            log.warning("batch_failed_served_singly", key=key, size=len(batch), error=repr(error))
            for single in batch:
                if not single[1].done():
                    await self._serve_batch(key, [single])


def _settle(answer: asyncio.Future[A], *, value: A | None = None, error: Exception | None = None) -> None:
    if answer.done():
        return
    if error is not None:
        answer.set_exception(error)
    else:
        answer.set_result(value)  # type: ignore[arg-type]  # without an error there is a value
