"""`tmam up` as an operator meets it: a real run in a folder of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.waiting import process_is_gone, wait_until
from tmam.platform.embedded_postgres import free_port, running_port

PATIENCE_S = 100.0
pytestmark = [pytest.mark.timeout(240), pytest.mark.xdist_group("up")]


def clean_environment(state: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TMAM_", "DATABASE_", "DJANGO_"))
    }
    return {**kept, "TMAM_STATE": str(state), "PYTHONUNBUFFERED": "1"}


@dataclass
class Up:
    """A running `tmam up`."""

    process: subprocess.Popen[bytes]
    state: Path
    port: int

    @property
    def screen(self) -> str:
        return self.state.with_suffix(".screen").read_text(encoding="utf-8")

    def is_ready(self) -> bool:
        return "Stop: Ctrl-C" in self.screen or self.process.poll() is not None

    def ask(self, path: str) -> str:
        with urllib.request.urlopen(f"http://localhost:{self.port}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def family(self) -> list[int]:
        """It and everything it started."""
        pids = [self.process.pid]
        for pid in pids:
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
            pids += [int(child) for child in children]
        return pids


def start(state: Path) -> Up:
    port = free_port()
    with state.with_suffix(".screen").open("wb") as screen:
        process = subprocess.Popen(
            [sys.executable, "-m", "tmam.cli", "up", "--port", str(port)],
            env=clean_environment(state),
            stdout=screen,
            stderr=screen,
        )
    up = Up(process, state, port)
    wait_until(up.is_ready, PATIENCE_S)
    assert process.poll() is None, up.screen
    return up


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "state"


@pytest.fixture
def up(state: Path) -> Iterator[Up]:
    running = start(state)
    yield running
    if running.process.poll() is None:
        running.process.terminate()
        running.process.wait(60)


def tmam(state: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tmam.cli", *arguments],
        env={**clean_environment(state), **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_one_command_and_the_first_page_is_there(up: Up) -> None:
    assert '"ready": true' in up.ask("/readyz")
    assert "<html" in up.ask("/en/")
    assert '"status":"ok"' in up.ask("/hot/healthz").replace(" ", "")
    assert "tmam_heartbeat_age_seconds" in up.ask("/metrics")
    style = re.search(r"/static/tmam/tmam\.[0-9a-f]{12}\.css", up.ask("/en/"))
    assert style is not None
    assert "{" in up.ask(style[0])
    for said in (
        f"http://localhost:{up.port}/",
        "buyer@demo",
        "organizer@demo",
        "gate@demo",
        "/demo/mail/",
        "Ctrl-C",
    ):
        assert said in up.screen
    # Other commands find the running database, and everything is well.
    doctor = tmam(up.state, "doctor")
    assert doctor.returncode == 0, doctor.stdout
    # A second one is told so in one sentence.
    second = tmam(up.state, "up", "--port", str(free_port()))
    assert (second.returncode, second.stderr.count("\n")) == (1, 1)
    assert "Another tmam is already using the data folder" in second.stderr


def test_asked_to_stop_it_leaves_nothing_behind_and_says_so(up: Up) -> None:
    family = up.family()
    assert len(family) > 5
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(60) == 0
    assert all(process_is_gone(pid) for pid in family)
    assert "Stopped; all data is kept." in up.screen
    assert running_port(up.state / "postgres") is None


def test_killed_it_leaves_nothing_behind_and_starts_again(up: Up) -> None:
    family = up.family()
    up.process.kill()
    up.process.wait()
    assert wait_until(lambda: all(process_is_gone(pid) for pid in family))
    again = start(up.state)
    assert '"ready": true' in again.ask("/readyz")
    again.process.terminate()
    assert again.process.wait(60) == 0


def test_a_busy_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        answer = tmam(tmp_path / "state", "up", "--port", str(port))
    assert answer.returncode == 1
    assert answer.stderr == (
        f"tmam: Port {port} is already in use; stop what uses it or choose another, for example PORT={port + 1}.\n"
    )


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        (
            {"DATABASE_URL": "postgresql://x@127.0.0.1:1/x"},
            "DATABASE_URL is set, but that database cannot be used",
        ),
        ({"TMAM_PORT": "99999"}, "TMAM_PORT is wrong: Expected `int` <= 65535"),
        ({"TMAM_MODE": "party"}, "TMAM_MODE is wrong"),
    ],
)
def test_wrong_settings_are_one_sentence(tmp_path: Path, environ: dict[str, str], sentence: str) -> None:
    answer = tmam(tmp_path / "state", "up", **({"TMAM_PORT": str(free_port())} | environ))
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer.stderr
    assert sentence in answer.stderr


def test_a_data_folder_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    answer = tmam(tmp_path / "state", "up", "--port", str(free_port()))
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert "is a file, not a folder" in answer.stderr


def test_the_servers_alone_need_a_database(tmp_path: Path) -> None:
    answer = tmam(tmp_path / "state", "web")
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert "DATABASE_URL is not set" in answer.stderr


def test_the_version_is_told(tmp_path: Path) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", tmam(tmp_path, "version").stdout)
