"""`tmam bench`: the scenarios one after the other, on servers of their own."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from tmam.bench.baseline.pgbench import find_pgbench
from tmam.bench.errors import BenchError
from tmam.bench.machine import describe_machine, describe_postgresql
from tmam.bench.measure import Bench, Say
from tmam.bench.options import Options
from tmam.bench.results import Report, Result
from tmam.bench.servers import Prepare, running
from tmam.platform.keys import secret_key

ONSALE = ("pool", "purchase", "seats", "trips", "full")
GROUPS: dict[str, tuple[str, ...]] = {
    "onsale": ONSALE,
    "gate": ("gate",),
    "pages": ("event_page", "search_page"),
    "db": ("db_pool", "db_purchase", "db_gate"),
    "search": ("search",),
    "downloads": ("downloads",),
    "all": (*ONSALE, "gate", "event_page", "search_page", "search"),
}
SLOW = {"full"}
BESIDE_PGBENCH = {"pool", "purchase", "gate", "db_pool", "db_purchase", "db_gate"}
NAMES = (*GROUPS, *dict.fromkeys(name for group in GROUPS.values() for name in group if name not in GROUPS))
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Scenario(Protocol):
    """A module of `scenarios/`."""

    def run(self, bench: Bench) -> Result:
        """Measure."""


@dataclass(frozen=True)
class Tools:
    """What the command line lends us: Django, making a database ready, and the doctor's invariants as sentences."""

    set_up: Callable[[], None]
    prepare: Prepare
    doctor_faults: Callable[[str], list[str]]


def run_bench(names: Sequence[str], options: Options, tools: Tools, say: Say) -> Report:
    """Run scenarios (or groups of them) and report.

    Raises:
        BenchError: with one sentence why it cannot be measured.
        KeyboardInterrupt: somebody asked us to stop; nothing is left behind.
    """
    wanted = list(dict.fromkeys(name for group in names for name in GROUPS.get(group, (group,))))
    if BESIDE_PGBENCH.intersection(wanted):
        find_pgbench()  # said before anything is started
    machine = describe_machine()  # before we make it busy
    with _stoppable(), tempfile.TemporaryDirectory(prefix="tmam-bench-load-") as folder:
        say("Starting the servers …")
        with running(options, tools.set_up, tools.prepare) as servers:
            settings = servers.settings
            bench = Bench(servers, options, Path(folder), secret_key(settings), say)
            try:
                results, left_out = _run_all(wanted, bench)
                say("Asking the doctor …")
                faults = tools.doctor_faults(settings.database_url)
                postgresql = describe_postgresql(settings.database_url)
            finally:
                if not servers.is_ours:
                    _take_off_sale()
    return _report(results, left_out, faults, (machine, postgresql), options)


def _run_all(wanted: Sequence[str], bench: Bench) -> tuple[dict[str, Result], dict[str, str]]:
    results: dict[str, Result] = {}
    left_out: dict[str, str] = {}
    for name in wanted:
        if bench.options.is_quick and name in SLOW:
            left_out[name] = "Left out by --quick."
            continue
        bench.say(f"{name}: preparing …")
        began = time.monotonic()
        results[name] = _scenario(name).run(bench)
        bench.say(f"{name}: done in {time.monotonic() - began:.0f} s")
    return results, left_out


def _take_off_sale() -> None:
    """Leave no offer of ours behind in a database that is somebody's."""
    from tmam.bench.seed import take_off_sale

    take_off_sale()


def _scenario(name: str) -> Scenario:
    module: Scenario = import_module(f"tmam.bench.scenarios.{name}")
    return module


def _report(
    results: dict[str, Result],
    left_out: dict[str, str],
    doctor_faults: list[str],
    where: tuple[dict[str, str | int | float], dict[str, str]],
    options: Options,
) -> Report:
    if not results:
        raise BenchError(" ".join(left_out.values()) or "Nothing was measured.")
    main, first = next(iter(results.items()))
    return Report(
        main=main,
        ops_per_s=first.ops_per_s,
        pgbench_ops_per_s=first.pgbench_ops_per_s,
        ratio=first.ratio,
        p50_ms=first.p50_ms,
        p99_ms=first.p99_ms,
        errors=first.errors,
        books_ok=all(result.books_ok for result in results.values()) and not doctor_faults,
        cpu=first.cpu,
        memory_mb=first.memory_mb,
        scenarios=results,
        left_out=left_out,
        doctor_faults=doctor_faults,
        machine=where[0],
        postgresql=where[1],
        options={
            name: value
            for name, value in asdict(options).items()
            if name in {"connections", "seconds", "alternations", "is_quick", "uses_front"}
        },
        measured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("tmam"),
    )


@contextmanager
def _stoppable() -> Iterator[None]:
    """A request to stop unwinds everything once; while that goes on, a second one changes nothing."""
    is_stopping = False

    def ask_to_stop(number: int, frame: object) -> None:
        nonlocal is_stopping
        del number, frame
        if not is_stopping:
            is_stopping = True
            raise KeyboardInterrupt

    before = {number: signal.signal(number, ask_to_stop) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
