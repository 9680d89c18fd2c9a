"""Run database tests once more in a process of their own, in another environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# Tests that work for a time of their own take less of it in a second run.
BRIEF_VARIABLE = "TMAM_TEST_BRIEF"


def assert_database_tests_pass(environment: dict[str, str], paths: tuple[str, ...] = ()) -> None:
    """Fail with the output of the run unless its tests ran and passed."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TMAM_", "PYTEST_", "DATABASE_", "DJANGO_"))
    }
    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-m",
            "database and not soak",
            "-p",
            "no:cacheprovider",
            "--ignore=tests/house",
            *paths,
        ],
        env={**kept, BRIEF_VARIABLE: "1", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    last_line = answer.stdout.strip().rpartition("\n")[2]
    assert answer.returncode == 0, answer.stdout[-20_000:]
    assert "passed" in last_line
