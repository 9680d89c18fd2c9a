from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tmam.platform.kept_secrets import EmptySecretError, kept_secret
from tmam.platform.state_folder import (
    StateFolderError,
    check_state_folder,
    locked_state_folder,
    log_path,
    open_log,
)


def test_a_new_folder_is_ours_alone(tmp_path: Path) -> None:
    check_state_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StateFolderError, match="is a file, not a folder"):
        check_state_folder(tmp_path / "file")
    with pytest.raises(StateFolderError, match="cannot be made"):
        check_state_folder(tmp_path / "file" / "below")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StateFolderError, match="cannot be read and written"):
        check_state_folder(tmp_path)


def test_one_at_a_time(tmp_path: Path) -> None:
    with (
        locked_state_folder(tmp_path),
        pytest.raises(StateFolderError, match="Another tmam is already using"),
        locked_state_folder(tmp_path),
    ):
        pass
    with locked_state_folder(tmp_path):
        pass


def test_a_large_log_is_set_aside(tmp_path: Path) -> None:
    with open_log(tmp_path, "web") as log:
        log.write(b"a long line\n")
    assert log_path(tmp_path, "web", limit_bytes=12).exists()
    assert not log_path(tmp_path, "web", limit_bytes=11).exists()
    with open_log(tmp_path, "web") as log:
        log.write(b"new\n")
    assert (tmp_path / "log" / "web.log").read_bytes() == b"new\n"
    assert (tmp_path / "log" / "web.log.1").read_bytes() == b"a long line\n"


def test_a_secret_is_made_once_and_readable_by_us_only(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "keys", "secret_key")
    assert first == kept_secret(tmp_path / "keys", "secret_key")
    assert (tmp_path / "keys" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_an_empty_secret_is_said_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "master_keys").touch()
    with pytest.raises(EmptySecretError, match="master_keys is empty"):
        kept_secret(tmp_path, "master_keys")
    assert (tmp_path / "master_keys").read_bytes() == b""


def test_of_two_who_make_a_secret_one_is_believed(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: kept_secret(tmp_path / "keys", "secret_key"), range(8)))
    assert len(set(made)) == 1
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret_key"]
