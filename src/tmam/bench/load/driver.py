"""The load generator: `python -m tmam.bench.load PLAN OUTCOME`, one process, one uvloop.

It says `measuring` and `measured` on its standard output when the clock starts and stops, so that whoever
started it can look at the CPU time of the others in the same moments.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from array import array
from collections import Counter
from pathlib import Path

import msgspec

from tmam.bench.load.client import NOT_COUNTED, Client, Operation
from tmam.bench.load.flows import FLOWS, Flow
from tmam.bench.load.plan import ENDED, STARTED, Outcome, Plan

DRAIN_PATIENCE_S = 30.0


class Driver:
    """Keeps the clients busy and counts."""

    def __init__(self, plan: Plan, flow: Flow) -> None:
        self._plan = plan
        self._flow = flow
        self._is_measuring = False
        self._is_over = False
        self._latencies_us = array("I")
        self._errors: Counter[str] = Counter()

    async def run(self) -> Outcome:
        """Warm up, measure, let the last answers come in."""
        runners = [asyncio.create_task(self._keep_connected()) for _ in range(self._plan.connections)]
        await self._for(self._plan.warm_up_s, runners)
        self._errors.clear()
        cpu_before, before = time.process_time(), time.perf_counter()
        self._is_measuring = True
        _tell(STARTED)
        await self._for(self._plan.seconds, runners)
        self._is_measuring = False
        seconds, cpu_s = time.perf_counter() - before, time.process_time() - cpu_before
        _tell(ENDED)
        self._is_over = True
        _, late = await asyncio.wait(runners, timeout=DRAIN_PATIENCE_S)
        if late:
            self._errors["no answer"] += len(late)
        return Outcome(
            seconds=seconds,
            operations=len(self._latencies_us),
            latencies_us=self._latencies_us.tobytes(),
            errors=dict(self._errors),
            acknowledged=self._flow.acknowledged(),
            cpu_s=cpu_s,
        )

    async def _for(self, seconds: float, runners: list[asyncio.Task[None]]) -> None:
        """Wait so long, but not when there is nothing left to do."""
        await asyncio.wait(runners, timeout=seconds)

    async def _keep_connected(self) -> None:
        """One client; whoever is cut off connects again."""
        loop = asyncio.get_running_loop()
        while not self._is_over:
            try:
                _, client = await loop.create_connection(
                    lambda: Client(self._begin, self._finish), self._plan.host, self._plan.port
                )
            except OSError as error:
                self._errors[f"no connection: {error.strerror}"] += 1
                await asyncio.sleep(0.1)
                continue
            await client.gone
            if self._flow.is_exhausted:
                return

    def _begin(self) -> Operation | None:
        return None if self._is_over else self._flow.operation()

    def _finish(self, seconds: float, problem: str) -> None:
        if problem == NOT_COUNTED:
            return
        if problem:
            self._errors[problem] += 1
        elif self._is_measuring:
            self._latencies_us.append(int(seconds * 1e6))


def _tell(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(plan_path: Path, outcome_path: Path) -> None:
    """Run a plan from a file and write what came of it into another."""
    import uvloop

    plan = msgspec.json.decode(plan_path.read_bytes(), type=Plan)
    flow = FLOWS[plan.flow](plan)
    gc.freeze()
    gc.disable()  # a run is short, and a collection would look like a slow answer
    outcome = uvloop.run(Driver(plan, flow).run())
    outcome_path.write_bytes(msgspec.msgpack.encode(outcome))
