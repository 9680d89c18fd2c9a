"""The first thing a newcomer's machine runs: what is missing is one clear sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FAKE_PYTHON = """#!/bin/sh
case "$2" in
    *version_info*) {version} ;;
    *ensurepip*) {venv} ;;
    *python_version*) echo 3.9.2 ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("scripts", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def bootstrap(checkout: Path, *, version: str, venv: str) -> subprocess.CompletedProcess[str]:
    python = checkout / "python"
    python.write_text(FAKE_PYTHON.format(version=version, venv=venv))
    python.chmod(0o755)
    return subprocess.run(
        [checkout / "scripts" / "bootstrap.sh", "run"],
        env={"PYTHON": str(python), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_old_python_is_one_sentence(checkout: Path) -> None:
    answer = bootstrap(checkout, version="exit 1", venv="exit 0")
    assert answer.returncode == 1
    assert answer.stderr == (
        "tmam: Python 3.11 or newer is needed, found: 3.9.2 (Debian and Ubuntu: sudo apt-get install python3 python3-venv).\n"
    )


def test_a_missing_venv_module_is_one_sentence(checkout: Path) -> None:
    answer = bootstrap(checkout, version="echo 3.12", venv="exit 1")
    assert answer.returncode == 1
    assert answer.stderr == (
        "tmam: Python's venv module is missing (Debian and Ubuntu: sudo apt-get install python3-venv).\n"
    )


def test_nothing_is_done_twice(checkout: Path) -> None:
    first = bootstrap(checkout, version="echo 3.12", venv="exit 1")
    assert first.returncode == 1
    parts = ["installer.txt", "build.txt", "run.txt"]
    joined = b"".join((checkout / "requirements" / part).read_bytes() for part in parts)
    joined += (checkout / "pyproject.toml").read_bytes()
    checksum = (
        subprocess.run(["cksum"], input=joined, capture_output=True, check=True).stdout.decode().strip()
    )
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(checkout / "python")
    (checkout / ".venv" / ".made-for-run").write_text(f"{checksum} 3.12 {checkout}")
    again = bootstrap(checkout, version="echo 3.12", venv="exit 1")
    assert (again.returncode, again.stderr) == (0, "")
