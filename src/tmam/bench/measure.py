"""Runs of load and of `pgbench` in turns, and what came of them."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import psycopg

from tmam.bench.baseline.pgbench import CLIENT_NUMBERS, run_pgbench
from tmam.bench.baseline.script import Script
from tmam.bench.errors import BenchError
from tmam.bench.load.plan import ENDED, STARTED, Outcome, Plan
from tmam.bench.options import Options
from tmam.bench.processes import cpu_seconds_of, memory_mb_of
from tmam.bench.servers import Address, Servers
from tmam.platform.processes.spawn import spawn, stop

PERCENTILES = (50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 100.0)
LOAD_PATIENCE_S = 60.0
WARM_UP_S = 1.0
LOAD = "load_generator"
Say = Callable[[str], None]


@dataclass
class Run:
    """One run of load, with what the servers used meanwhile."""

    ops_per_s: float
    latencies_us: array[int]
    errors: dict[str, int]
    acknowledged: dict[str, list[str]]
    cpu: dict[str, float]
    memory_mb: dict[str, float]
    seconds: float


@dataclass
class Baseline:
    """What pgbench reached, by number of clients: each list has one figure per alternation."""

    transactions_per_s: dict[int, list[float]] = field(default_factory=dict)

    @property
    def best(self) -> float | None:
        """The median of the better number of clients."""
        return max((statistics.median(each) for each in self.transactions_per_s.values()), default=None)


@dataclass
class Series:
    """The runs of one scenario; `warm_up` counts for the books only."""

    runs: list[Run]
    warm_up: Run
    baseline: Baseline


@dataclass
class Bench:
    """What every scenario is given: the servers, the options, a folder for passing files, and somebody to talk to."""

    servers: Servers
    options: Options
    folder: Path
    secret: str
    say: Say

    def load(
        self, flow: str, facts: Mapping[str, object], seconds: float, *, to: Address | None = None
    ) -> Run:
        """One run of load.

        Raises:
            BenchError: the load generator did not end well.
        """
        address = to or self.servers.hot
        plan = Plan(
            host=address.host,
            port=address.port,
            flow=flow,
            facts=dict(facts),
            connections=self.options.connections,
            warm_up_s=self.options.warm_up_s,
            seconds=seconds,
        )
        return _run_load(plan, self.servers.pids, self.folder)

    def alternate(self, name: str, run: Callable[[float], Run], script: Script | None) -> Series:
        """Load and pgbench in turns, so that a change of the machine's mood meets both.

        A short turn of each goes first and only counts for the books: it leaves rows behind, so that PostgreSQL,
        asked for its statistics then, plans for tables with something in them, as in any real sale.
        """
        baseline = Baseline()
        warm_up = run(WARM_UP_S)
        if script is not None:
            self._pgbench(script, CLIENT_NUMBERS[0], WARM_UP_S)
        analyze(self.servers.settings.database_url)
        runs = []
        for number in range(1, self.options.alternations + 1):
            runs.append(run(self.options.seconds))
            said = f"{name}, {number} of {self.options.alternations}: {runs[-1].ops_per_s:,.0f}/s"
            if script is not None:
                said += f", {self._both_clients(script, baseline)}"
            self.say(said)
        return Series(runs, warm_up, baseline)

    def through_front(self, load: Callable[[Address], Run]) -> tuple[list[Run], dict[str, float]]:
        """The same load through the front, if that is to be measured: its runs, and its figures to set beside."""
        front = self.servers.front
        if front is None or not self.options.uses_front:
            return [], {}
        run = load(front)
        latencies = sorted(run.latencies_us)
        self.say(f"through the front: {run.ops_per_s:,.0f}/s")
        return [run], {
            "front_ops_per_s": round(run.ops_per_s, 1),
            "front_p50_ms": round(percentile(latencies, 50) / 1000, 2),
            "front_p99_ms": round(percentile(latencies, 99) / 1000, 2),
            "front_errors": sum(run.errors.values()),
        }

    def measure_baseline(self, name: str, script: Script) -> Baseline:
        """Pgbench alone, as often as it would take turns with load."""
        baseline = Baseline()
        self._pgbench(script, CLIENT_NUMBERS[0], WARM_UP_S)
        analyze(self.servers.settings.database_url)
        for number in range(1, self.options.alternations + 1):
            self.say(
                f"{name}, {number} of {self.options.alternations}: {self._both_clients(script, baseline)}"
            )
        return baseline

    def _both_clients(self, script: Script, baseline: Baseline) -> str:
        said = []
        for clients in CLIENT_NUMBERS:
            rate = self._pgbench(script, clients, self.options.seconds)
            baseline.transactions_per_s.setdefault(clients, []).append(rate)
            said.append(f"pgbench with {clients} clients {rate:,.0f}/s")
        return ", ".join(said)

    def _pgbench(self, script: Script, clients: int, seconds: float) -> float:
        url = self.servers.settings.database_url
        return run_pgbench(
            script, url, clients=clients, seconds=seconds, folder=self.folder
        ).transactions_per_s


def analyze(database_url: str) -> None:
    """Have the planner's statistics taken."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def percentile(sorted_values: array[int] | list[int], percent: float) -> int:
    """The smallest value that `percent` of all are not above; 0 of nothing."""
    if not sorted_values:
        return 0
    rank = max(1, -(-len(sorted_values) * percent // 100))
    return sorted_values[int(rank) - 1]


def _run_load(plan: Plan, pids: Mapping[str, int], folder: Path) -> Run:
    plan_path, outcome_path = folder / "plan.json", folder / "outcome"
    plan_path.write_bytes(msgspec.json.encode(plan))
    outcome_path.unlink(missing_ok=True)
    process = spawn(
        [sys.executable, "-m", "tmam.bench.load", plan_path, outcome_path],
        env=_environment(),
        output=subprocess.PIPE,
    )
    try:
        before, after, memory = _watch(process, pids)
        process.wait(LOAD_PATIENCE_S)
    finally:
        stop(process, with_signal=signal.SIGTERM, patience_s=1)
    outcome = msgspec.msgpack.decode(outcome_path.read_bytes(), type=Outcome)
    latencies = array("I")
    latencies.frombytes(outcome.latencies_us)
    return Run(
        ops_per_s=outcome.operations / outcome.seconds,
        latencies_us=latencies,
        errors=outcome.errors,
        acknowledged=outcome.acknowledged,
        cpu={name: round(after[name] - before[name], 2) for name in pids} | {LOAD: round(outcome.cpu_s, 2)},
        memory_mb=memory,
        seconds=outcome.seconds,
    )


def _watch(
    process: subprocess.Popen[bytes], pids: Mapping[str, int]
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Look at the servers when the clock starts and when it stops."""
    before: dict[str, float] = {}
    after: dict[str, float] | None = None
    memory: dict[str, float] = {}
    words: list[str] = []
    for line in process.stdout or ():
        word = line.decode(errors="replace").strip()
        if word == STARTED:
            before = cpu_seconds_of(pids)
        elif word == ENDED:
            after = cpu_seconds_of(pids)
            memory = memory_mb_of(pids)  # after the CPU time: looking at memory costs some
        else:
            words.append(word)
    if after is None:
        raise BenchError(f"The load generator stopped: {' '.join(words[-3:])}")
    return before, after, memory


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1"}
