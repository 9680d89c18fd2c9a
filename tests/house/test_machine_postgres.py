"""The database tests once more, on the PostgreSQL that this machine brought along, with partitioned event tables."""

from __future__ import annotations

import os

import pytest

from tests.environment import PARTITIONS_VARIABLE, SERVER_VARIABLE, start_test_server
from tests.house.second_run import assert_database_tests_pass, chosen_tests
from tmam.platform.embedded_postgres import Installation

OLDEST = 15
PARTITIONS = 4


def test_whatever_brings_sql_of_its_own_is_chosen() -> None:
    chosen = chosen_tests()
    assert {"tests/inventory", "tests/orders", "tests/cli/test_doctor.py", "tests/hot"} <= set(chosen)
    assert not {"tests/organizers", "tests/demo", "tests/cli", "tests/web", "tests/bench"} & set(chosen)


@pytest.mark.timeout(900)
@pytest.mark.skipif(
    "TMAM_TEST_EVERYWHERE" not in os.environ, reason="a second run of the database tests: `make test`"
)
def test_the_database_tests_pass_on_an_old_server_and_on_partitioned_tables(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    installation = Installation.of_this_machine()
    if installation is not None and installation.version < OLDEST:
        installation = None  # the embedded one, then: partitions are worth a run of their own
    server = start_test_server(tmp_path_factory.mktemp("machine"), installation)
    try:
        assert_database_tests_pass(
            {SERVER_VARIABLE: server.dsn("postgres"), PARTITIONS_VARIABLE: str(PARTITIONS)}
        )
    finally:
        server.stop()
