"""The database tests that run a second time, in a process and on a server of their own.

They run where PostgreSQL has most to object to: on the machine's own server, which is often years older than the
embedded one, with every event table partitioned by its event, as a sharded database has it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# Tests that work for a time of their own take less of it in a second run.
BRIEF_VARIABLE = "TMAM_TEST_BRIEF"
# What Django writes is the same on every server that Django supports; what we write is for us to prove.
SQL_OF_OURS = ("**/sql/*.sql", "*/migrations/*.sql")
# The other driver, which asks each server for its types, and locks that are fought for.
ALSO = ("tests/hot", "tests/races")
# Pages, letters and ceremonies are the same whichever server is below; what they ask it is tested in the capabilities.
# The statements of the benchmarks only measure, on a server that they bring along.
RUN_ONCE = (
    "tests/journeys/",
    "tests/web/",
    "tests/house/",
    "tests/notifications/",
    "tests/accounts/passkeys/",
    "tests/fulfilment/apple/",
    "tests/fulfilment/google/",
    "tests/bench/",
)


def chosen_tests() -> list[str]:
    """The folders and files of tests that run twice, as far as they use the database.

    Tests mirror the source: `src/tmam/a/sql` and SQL in `a/migrations` choose `tests/a`, and `src/tmam/a/b/sql`
    chooses `tests/a/b` and `tests/a/test_b*.py`.
    """
    source, tests = ROOT / "src" / "tmam", ROOT / "tests"
    chosen = {ROOT / path for path in ALSO}
    for pattern in SQL_OF_OURS:
        for file in source.glob(pattern):
            *above, name = file.parent.parent.relative_to(source).parts
            chosen |= {tests.joinpath(*above, name), *tests.joinpath(*above).glob(f"test_{name}*.py")}
    names = sorted(path.relative_to(ROOT).as_posix() for path in chosen if path.exists())
    return [name for name in names if not f"{name}/".startswith(RUN_ONCE)]


def assert_database_tests_pass(environment: dict[str, str]) -> None:
    """Fail with the output of the run unless its tests ran and passed."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TMAM_", "PYTEST_", "DATABASE_", "DJANGO_"))
    }
    options = ["-q", "-m", "database and not soak", "-p", "no:cacheprovider"]
    answer = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *chosen_tests()],
        env={**kept, BRIEF_VARIABLE: "1", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    last_line = answer.stdout.strip().rpartition("\n")[2]
    assert answer.returncode == 0, answer.stdout[-20_000:]
    assert "passed" in last_line
