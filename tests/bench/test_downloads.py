"""The people who download wait as they are told, and the long run of the benchmark."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest

from tmam.bench.load.downloads import DownloadOutcome, DownloadPlan, People, Wish

WAIT = b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nX-Wait-Seconds: 7\r\nContent-Length: 4\r\n\r\nwait"
FILE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nready"
LOST = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


async def _downloads(seconds: float = 0.0) -> tuple[DownloadOutcome, list[str]]:
    asked: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                path = head.split()[1]
                asked.append(path)
                assert f"Cookie: session=c{path[1:]}" in head
                if path == "/3":
                    writer.write(LOST)
                else:
                    writer.write(WAIT if path == "/2" and asked.count(path) < 3 else FILE)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    wishes = [Wish(f"kind{number}", f"/{number}", f"c{number}") for number in (1, 2, 3)]
    plan = DownloadPlan(
        host="127.0.0.1", port=port, cookie_name="session", wishes=wishes, people=2, seconds=seconds
    )
    outcome = await People(plan).run()
    server.close()
    return outcome, asked


def test_people_come_back_when_they_were_told_to_and_what_fails_is_counted() -> None:
    outcome, asked = asyncio.run(_downloads())
    assert sorted(asked) == ["/1", "/2", "/2", "/2", "/3"]
    assert set(outcome.file_s) == {"kind1", "kind2"}
    assert [promised for promised, _ in outcome.promises_s] == [7.0]
    assert outcome.failures == {"kind3: 404": 1}
    assert (outcome.bytes, outcome.requests) == (10, 5)
    assert set(outcome.first_answer_ms) == {"kind1", "kind2", "kind3"}


def test_with_a_time_the_wishes_go_round() -> None:
    outcome, asked = asyncio.run(_downloads(seconds=0.2))
    assert asked.count("/1") > 1
    assert outcome.seconds >= 0.2


def test_cpu_time_is_told_for_each_file_of_the_servers_that_were_watched() -> None:
    outcome = DownloadOutcome(seconds=2.0, file_s={"pdf": [0.1] * 30, "png": [0.1] * 10}, cpu_s={"web": 0.02})
    assert (outcome.files, outcome.per_s) == (40, 20.0)
    assert outcome.cpu_ms("web") == pytest.approx(0.5)
    assert outcome.cpu_ms("postgresql") is None, "nobody looked"


@pytest.mark.soak
@pytest.mark.timeout(3000)
def test_everybody_downloads_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Five thousand first downloads by two hundred people; the figures are printed."""
    command = [sys.executable, "-m", "tmam.cli", "bench", "downloads", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    figures = report["scenarios"]["downloads"]
    with capsys.disabled():
        print(f"\n{json.dumps(figures['compared'], indent=1)}\n{figures['memory_mb']}")  # noqa: T201 - figures
    assert figures["errors"] == 0, figures["error_reasons"]
    assert report["books_ok"]
    assert figures["compared"]["cached_by_first"] >= 10
    assert figures["compared"]["cached_by_static"] >= 0.3, "half is wanted, of a quiet machine"
