"""What is a process number now? Numbers are reused, so a number alone proves nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

PROC = Path("/proc")


def is_running_in(pid: int, program: str, folder: Path) -> bool:
    """Whether process `pid` is alive, runs `program` and was started for `folder` (PostgreSQL works inside its data)."""
    if PROC.joinpath("self").exists():
        try:
            name = PROC.joinpath(str(pid), "comm").read_text(encoding="utf-8").strip()
            inside = PROC.joinpath(str(pid), "cwd").readlink()
        except OSError:
            return False
        return name == program and inside == folder.resolve()
    answer = subprocess.run(
        ["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return program in answer.stdout and str(folder) in answer.stdout
