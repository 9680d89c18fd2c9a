"""The database tests once more, on the PostgreSQL that this machine brought along, if it is new enough."""

from __future__ import annotations

import os

import pytest

from tests.environment import SERVER_VARIABLE, start_test_server
from tests.house.second_run import assert_database_tests_pass
from tmam.platform.embedded_postgres import Installation

OLDEST = 15


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
    try:
        assert_database_tests_pass({SERVER_VARIABLE: server.dsn("postgres")})
    finally:
        server.stop()
