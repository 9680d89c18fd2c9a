"""Where commands find their database, and that a mistyped folder does not become one."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import psycopg
import pytest
from psycopg import sql

from tests.cast import unique
from tmam.cli.database import database
from tmam.cli.operator_error import OperatorError
from tmam.platform.settings import current_settings


def test_a_folder_without_a_database_is_one_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    for state in (tmp_path / "mistyped", tmp_path):
        settings = msgspec.structs.replace(current_settings(), database_url="", state=state)
        with (
            pytest.raises(OperatorError, match=f"no database in the data folder {state};"),
            database(settings),
        ):
            raise AssertionError
    assert not list(tmp_path.iterdir())


def test_a_database_without_tables_is_one_sentence(dsn: str) -> None:
    name = unique("bare").replace("-", "_").lower()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            bare = f"{dsn.rpartition('/')[0]}/{name}"
            settings = msgspec.structs.replace(current_settings(), database_url=bare)
            with pytest.raises(OperatorError, match="no tables yet; `tmam migrate`"), database(settings):
                raise AssertionError
            with database(settings, may_be_new=True) as url:
                assert url == bare
        finally:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
    with database(msgspec.structs.replace(current_settings(), database_url=dsn)) as url:
        assert url == dsn == os.environ["DATABASE_URL"]
