"""The real server around the shell: bodies of any size and none, half requests, hang-ups, a graceful end."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.cast import make_event
from tests.inventory.books import assert_books_right
from tests.races.shell_process import ShellProcess
from tmam.inventory.models import Hold
from tmam.platform.embedded_postgres import LOOPBACK

ENDED_WELL = {0, -15}


@pytest.fixture(scope="module")
def shell(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShellProcess]:
    import os

    process = ShellProcess(os.environ["DATABASE_URL"], tmp_path_factory.mktemp("hot"))
    process.start()
    yield process
    process.stop()


def url(shell: ShellProcess, path: str) -> str:
    return f"http://{LOOPBACK}:{shell.port}{path}"


def talk_raw(shell: ShellProcess, *parts: bytes) -> bytes:
    """Send bytes as they are and read until the server has said all or closes."""
    with socket.create_connection((LOOPBACK, shell.port), timeout=20) as connection:
        for part in parts:
            connection.sendall(part)
        answer = b""
        while b"\r\n\r\n" not in answer:
            received = connection.recv(65536)
            if not received:
                break
            answer += received
        return answer


def test_an_answer_has_its_headers(shell: ShellProcess) -> None:
    answer = httpx.get(url(shell, "/hot/healthz"), headers={"X-Request-Id": "from-the-front"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"] == "from-the-front"
    head = httpx.head(url(shell, "/hot/events/2147483/dates/1/availability"))
    assert (head.status_code, head.content) == (404, b"")


def test_a_huge_body_is_refused_whether_it_says_its_size_or_not(shell: ShellProcess) -> None:
    said = httpx.post(url(shell, "/hot/holds"), content=b"x" * 100_000)
    assert (said.status_code, said.json()["code"]) == (413, "platform.too_large")
    unsaid = httpx.post(url(shell, "/hot/holds"), content=(b"x" * 1000 for _ in range(100)))
    assert (unsaid.status_code, unsaid.json()["code"]) == (413, "platform.too_large")


def test_a_refused_body_leaves_the_connection_for_the_next(shell: ShellProcess) -> None:
    connection = http.client.HTTPConnection(LOOPBACK, shell.port, timeout=20)
    connection.connect()
    connection.auto_open = 0  # a connection that was closed stays so
    for path in ("/hot/holds", "/hot/nowhere", "/hot/scans", "/hot/holds"):
        connection.request("POST", path, b"x" * 260_000)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())["code"]) == (413, "platform.too_large")
    connection.close()


def test_a_body_in_pieces_is_read_whole(shell: ShellProcess, live_database: None) -> None:
    event = make_event(now=datetime.now(UTC))
    body = json.dumps({"event": event.id, "date": 1, "quantities": {"1": 1}}).encode()
    answer = httpx.post(
        url(shell, "/hot/holds"),
        content=(body[start : start + 7] for start in range(0, len(body), 7)),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 201
    assert_books_right(event.id)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /hot/holds HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
        b"POST /hot/holds HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc",
    ],
)
def test_half_a_request_is_no_request(shell: ShellProcess, live_database: None, request_bytes: bytes) -> None:
    before = Hold.objects.count()
    with socket.create_connection((LOOPBACK, shell.port), timeout=20) as connection:
        connection.sendall(request_bytes)
    assert httpx.get(url(shell, "/hot/healthz")).status_code == 200
    assert Hold.objects.count() == before


@pytest.mark.parametrize(
    "nonsense",
    [b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"POST /hot/holds HTTP/1.1\r\nContent-Length: -5\r\n\r\n"],
)
def test_what_is_no_http_disturbs_nobody(shell: ShellProcess, nonsense: bytes) -> None:
    answer = talk_raw(shell, nonsense)
    assert not answer or answer.split(b" ", 2)[1] in {b"400", b"431"}
    assert httpx.get(url(shell, "/hot/healthz")).status_code == 200


def test_a_stop_answers_what_was_accepted(dsn: str, tmp_path: Path, live_database: None) -> None:
    event = make_event(now=datetime.now(UTC), capacity=10_000, max_per_order=10_000)
    process = ShellProcess(dsn, tmp_path)
    process.start()
    answers: list[int] = []
    failed: list[httpx.HTTPError] = []
    enough = threading.Event()

    def buyer() -> None:
        body = {"event": event.id, "date": 1, "quantities": {"1": 1}}
        with httpx.Client() as client:
            while True:
                try:
                    answers.append(client.post(url(process, "/hot/holds"), json=body).status_code)
                except httpx.HTTPError as error:
                    failed.append(error)
                    return
                if len(answers) > 100:
                    enough.set()

    buyers = [threading.Thread(target=buyer) for _ in range(8)]
    for each in buyers:
        each.start()
    assert enough.wait(60)
    status = process.stop()
    for each in buyers:
        each.join(60)
    assert status in ENDED_WELL
    assert set(answers) == {201}
    # Whoever was answered has a hold, and nobody else: what was not accepted was refused at the door.
    assert Hold.objects.filter(event_id=event.id).count() == len(answers)
    assert all(
        isinstance(error, httpx.ConnectError | httpx.RemoteProtocolError | httpx.ReadError)
        for error in failed
    )
    assert_books_right(event.id)
