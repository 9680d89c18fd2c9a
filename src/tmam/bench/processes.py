"""CPU seconds and memory of process trees, from /proc (Linux; elsewhere nothing is known and nothing is told)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

PROC = Path("/proc")
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and everything that descends from it, as of now."""
    pids = [pid]
    for each in pids:
        try:
            tasks = [path.name for path in PROC.joinpath(str(each), "task").iterdir()]
        except OSError:
            continue
        for task in tasks:
            try:
                children = PROC.joinpath(str(each), "task", task, "children").read_text(encoding="ascii")
            except OSError:
                continue
            pids += [int(child) for child in children.split()]
    return pids


def cpu_seconds(pid: int) -> float:
    """CPU time that a process tree has used: of those alive, and of the dead that their parents waited for."""
    return sum(_ticks(each) for each in family(pid)) / TICKS_PER_S


def cpu_seconds_of(pids: Mapping[str, int]) -> dict[str, float]:
    """CPU seconds by name."""
    return {name: cpu_seconds(pid) for name, pid in pids.items()}


def memory_mb(pid: int) -> float:
    """Proportional set size of a process tree: shared pages are counted once, split among those who share them."""
    return sum(_pss_kb(each) for each in family(pid)) / 1024


def memory_mb_of(pids: Mapping[str, int]) -> dict[str, float]:
    """Megabytes by name."""
    return {name: round(memory_mb(pid), 1) for name, pid in pids.items()}


def _ticks(pid: int) -> int:
    try:
        text = PROC.joinpath(str(pid), "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    # Counted from behind the name, which may hold spaces: proc(5), fields 14 to 17.
    fields = text.rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15])


def _pss_kb(pid: int) -> int:
    try:
        text = PROC.joinpath(str(pid), "smaps_rollup").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
