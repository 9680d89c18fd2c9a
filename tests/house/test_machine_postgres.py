"""The database tests once more, on the PostgreSQL that this machine brought along, if it is new enough."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environment import start_test_server
from tmam.platform.embedded_postgres import Installation

OLDEST = 15
ROOT = Path(__file__).parent.parent.parent


@pytest.mark.timeout(900)
@pytest.mark.skipif(
    "TMAM_TEST_EVERYWHERE" not in os.environ, reason="a second run of the database tests: `make test`"
)
def test_the_database_tests_pass_on_the_machines_own_postgresql(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    installation = Installation.of_this_machine()
    if installation is None or installation.version < OLDEST:
        pytest.skip(f"this machine has no PostgreSQL ≥ {OLDEST} of its own")
    server = start_test_server(tmp_path_factory.mktemp("machine"), installation)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TMAM_", "PYTEST_", "DATABASE_", "DJANGO_"))
    }
    try:
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
            ],
            env={**kept, "TMAM_TEST_SERVER": server.dsn("postgres")},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        server.stop()
    last_line = answer.stdout.strip().rpartition("\n")[2]
    assert answer.returncode == 0, answer.stdout[-20_000:]
    assert "passed" in last_line
