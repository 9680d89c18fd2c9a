"""The yardstick: PostgreSQL's own `pgbench -M prepared`, one transaction per request."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tmam.bench.baseline.script import TICKS_PER_MS, Script
from tmam.bench.errors import BenchError
from tmam.platform.processes.spawn import spawn, stop

CLIENT_NUMBERS = (8, 32)
PATIENCE_S = 30.0


@dataclass(frozen=True)
class Measured:
    """One run of pgbench."""

    clients: int
    transactions_per_s: float
    latency_ms: float


def find_pgbench(installed_below: Path = Path("/usr/lib/postgresql"), path: str | None = None) -> Path:
    """The newest pgbench of Debian's packages, else the one on the search path.

    Raises:
        BenchError: there is none.
    """
    installed = sorted(
        installed_below.glob("*/bin/pgbench"), key=lambda path: int(path.parts[-3].split(".")[0])
    )
    on_path = shutil.which("pgbench", path=path)
    if installed:
        return installed[-1]
    if on_path:
        return Path(on_path)
    raise BenchError("pgbench is not installed; it comes with PostgreSQL (Debian's package `postgresql`).")


def run_pgbench(script: Script, database_url: str, *, clients: int, seconds: float, folder: Path) -> Measured:
    """Run a script for so long (whole seconds) with so many connections.

    Raises:
        BenchError: it stopped with an error.
    """
    path = folder / "pgbench.sql"
    path.write_text(script.text, encoding="utf-8")
    parts = conninfo_to_dict(database_url)
    base = time.time_ns() // 1_000_000 * TICKS_PER_MS
    variables = {**script.constants, **script.of_run(clients, seconds), "n": "0", "base": str(base)}
    command: list[str | Path] = [find_pgbench(), "-n", "-M", "prepared", "-f", path]
    command += ["-c", str(clients), "-j", str(min(clients, 2)), "-T", str(max(1, round(seconds)))]
    for name, value in variables.items():
        command += ["-D", f"{name}={value}"]
    command += ["-h", str(parts["host"]), "-p", str(parts.get("port", 5432)), "-U", str(parts["user"])]
    command.append(str(parts["dbname"]))
    env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "PGTZ": "UTC"}
    if parts.get("password"):
        env["PGPASSWORD"] = str(parts["password"])
    said = _run(command, env, folder / "pgbench.out", seconds + PATIENCE_S)
    return Measured(clients, _number(r"^tps = ([\d.]+)", said), _number(r"^latency average = ([\d.]+)", said))


def _run(command: list[str | Path], env: dict[str, str], output: Path, patience_s: float) -> str:
    import signal

    with output.open("wb") as file:
        process = spawn(command, env=env, output=file)
        try:
            status = process.wait(patience_s)
        except subprocess.TimeoutExpired:
            raise BenchError(f"pgbench did not end in {patience_s:.0f} s.") from None
        finally:
            stop(process, with_signal=signal.SIGTERM, patience_s=1)
    said = output.read_text(encoding="utf-8", errors="replace")
    if status != 0 or "ERROR:" in said:
        words = [line for line in said.splitlines() if "error" in line.lower()] or said.splitlines()[-3:]
        raise BenchError(f"pgbench stopped: {' '.join(words)[:500]}")
    return said


def _number(pattern: str, said: str) -> float:
    found = re.search(pattern, said, re.MULTILINE)
    if found is None:
        raise BenchError(f"pgbench said nothing that can be read: {said[-300:]}")
    return float(found[1])
