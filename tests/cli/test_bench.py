"""`tmam bench` as somebody meets it: one command, one JSON object, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import process_is_gone, wait_until
from tmam.bench.processes import family

pytestmark = [pytest.mark.timeout(240), pytest.mark.xdist_group("bench")]


def command(temporary: Path, *arguments: str) -> subprocess.Popen[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TMAM_", "DATABASE_", "DJANGO_"))
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tmam.cli", "bench", *arguments],
        env={**kept, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def bench(temporary: Path, *arguments: str) -> tuple[int, str, str]:
    process = command(temporary, *arguments)
    said, progress = process.communicate(timeout=200)
    return process.returncode, said, progress


def test_one_json_object_with_figures_and_right_books(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    plot = tmp_path / "plot.svg"
    status, said, progress = bench(
        temporary, "pool", "--quick", "--seconds", "1", "--front", "--json", "--plot", str(plot)
    )
    assert status == 0, progress
    assert said.count("\n") == 1
    report: dict[str, Any] = json.loads(said)
    pool = report["scenarios"]["pool"]
    for figures in (report, pool):
        assert figures["ops_per_s"] > 0
        assert figures["pgbench_ops_per_s"] > 0
        assert figures["ratio"] == pytest.approx(
            figures["ops_per_s"] / figures["pgbench_ops_per_s"], abs=0.01
        )
        assert 0 < figures["p50_ms"] <= figures["p99_ms"]
        assert figures["errors"] == 0
        assert figures["books_ok"] is True
        assert set(figures["cpu"]) == {"postgresql", "hot_shell", "product_server", "front", "load_generator"}
        assert figures["memory_mb"]["postgresql"] > 1
    assert pool["compared"]["front_ops_per_s"] > 0
    assert set(pool["pgbench_runs"]) == {"8", "32"}
    assert report["postgresql"] | {"server_version": ""} == {
        "server_version": "",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "shared_buffers": "128MB",
        "max_connections": "100",
        "wal_sync_method": "fdatasync",
    }
    assert report["machine"]["cores"] >= 1
    assert "<polyline" in plot.read_text(encoding="utf-8")
    assert list(temporary.iterdir()) == []


@pytest.mark.soak
def test_what_the_hot_shell_spends_its_time_on(tmp_path: Path) -> None:
    temporary, profile = tmp_path / "tmp", tmp_path / "profile.txt"
    temporary.mkdir()
    status, said, progress = bench(
        temporary, "pool", "--quick", "--seconds", "0.5", "--profile", str(profile)
    )
    assert status == 0, progress
    assert "The books are right." in said
    assert "(_decide_one)" in profile.read_text(encoding="utf-8")
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak, id="SIGINT")]
)
def test_asked_to_stop_it_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    process = command(tmp_path, "pool", "--seconds", "60")
    # Interpreter, database with its workers, hot shell, product server with its worker, load generator.
    assert wait_until(lambda: any("tmam.bench.load" in _words(pid) for pid in family(process.pid)), 100)
    everybody = family(process.pid)
    process.send_signal(number)
    _, progress = process.communicate(timeout=60)
    assert process.returncode == 130, progress
    assert "Stopped; nothing is left behind." in progress
    assert wait_until(lambda: all(process_is_gone(pid) for pid in everybody))
    assert list(tmp_path.iterdir()) == []


def test_what_it_cannot_do_is_one_sentence(tmp_path: Path) -> None:
    for arguments, sentence in (
        (
            ("everything",),
            "There is no benchmark `everything`; there are onsale, gate, pages, db, search, downloads, all",
        ),
        (("pool", "--url", "https://x.example"), "--url must be a plain `http://host:port`"),
        (("pool", "--url", "http://127.0.0.1:1"), "--url also needs --database-url and --state"),
        (
            ("pool", "--database-url", "postgresql://x@127.0.0.1:1/x"),
            "No database for the benchmark could be made there",
        ),
        (
            ("files", "--front", "--connections", "9", "--quick"),
            "`tmam bench files` has no use for --connections, --front; it takes --seconds, --quick, --json.",
        ),
        (("pool", "--from", str(tmp_path / "none.json")), "is not the JSON of an earlier run"),
    ):
        status, said, progress = bench(tmp_path, *arguments)
        assert (status, said) == (1, ""), progress
        assert f"tmam: {sentence}" in progress or sentence in progress.splitlines()[-1]
        assert "Traceback" not in progress


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
