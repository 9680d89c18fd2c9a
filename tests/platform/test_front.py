from __future__ import annotations

import contextlib
import dataclasses
import http.client
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.waiting import wait_until
from tmam.platform.embedded_postgres import free_port
from tmam.platform.front import Front, caddy_program, can_listen, check_config
from tmam.platform.processes.spawn import spawn, stop
from tmam.platform.settings import load_settings

HASHED = "tmam.0123456789ab.css"


class Echo(BaseHTTPRequestHandler):
    """Stands behind the front: answers with what it was told."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = "\n".join(f"{name.lower()}: {value}" for name, value in self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", "12345")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - the base class names it so

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        pass


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str


@dataclass
class Running:
    port: int
    log: Path

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        # It may answer before it has read everything.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body, sent)
        answer = connection.getresponse()
        found = Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
        connection.close()
        return found


def make_front(state: Path, **settings: str) -> Front:
    environ = {"TMAM_STATE": str(state), "TMAM_PORT": str(free_port())}
    environ |= {f"TMAM_{name.upper()}": value for name, value in settings.items()}
    front = Front(
        load_settings(environ), state / "static", ("en", "es"), {"X-Content-Type-Options": "nosniff"}
    )
    front.pages.mkdir(parents=True)
    for status in ("404", "413", "503", "upload"):
        for language in ("en", "es"):
            for kind in ("html", "json"):
                (front.pages / f"{status}.{language}.{kind}").write_text(f"{status} {language} {kind}")
    front.static.mkdir()
    (front.static / HASHED).write_text("body { color: black }\n" * 100)
    (front.static / f"{HASHED}.gz").write_bytes(b"packed")
    (front.static / "plain.css").write_text("a { color: red }")
    (front.static / "staticfiles.json").write_text("{}")
    return front


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    # The hot shell answers; nobody is at the product server's port.
    ports = {"hot_port": str(behind.server_port), "web_port": str(free_port())}
    made = make_front(tmp_path_factory.mktemp("front"), **ports)
    command = [caddy_program(), "run", "--adapter", "caddyfile", "--config", made.folder / "Caddyfile"]
    log, config = made.folder / "front.log", made.write_config()
    config.write_text(config.read_text().replace("level WARN", "level DEBUG"))  # it writes down every request
    with log.open("wb") as output:
        process = spawn(command, env=made.environment(), output=output)
    port = made.settings.port
    assert wait_until(lambda: not can_listen("127.0.0.1", port))
    yield Running(port, log)
    stop(process, with_signal=signal.SIGTERM, patience_s=10)
    behind.shutdown()


@pytest.mark.parametrize("host", ["localhost", "tickets.test", "192.168.7.7"])
def test_caddy_accepts_the_configuration(tmp_path: Path, host: str) -> None:
    made = make_front(tmp_path, host=host)
    assert check_config(made.write_config(), made.environment()) == ""


def test_only_loopback_is_plain_http_and_bound_to_loopback(tmp_path: Path) -> None:
    local = make_front(tmp_path / "a").config()
    assert "bind 127.0.0.1" in local
    assert "tls internal" not in local
    network = make_front(tmp_path / "b", host="tickets.test").config()
    assert "https://tickets.test:" in network
    assert "tls internal" in network


def test_files_with_a_hash_in_their_name_are_kept_for_ever(front: Running) -> None:
    assert front.ask(f"/static/{HASHED}").headers["cache-control"] == "public, max-age=31536000, immutable"
    assert front.ask("/static/plain.css").headers["cache-control"] == "public, max-age=300"
    packed = front.ask(f"/static/{HASHED}", Accept_Encoding="gzip")
    assert (packed.headers["content-encoding"], packed.body) == ("gzip", "packed")
    assert front.ask("/static/staticfiles.json").status == 404


def test_who_asks_for_headers_only_hears_no_length_of_nothing_packed(front: Running) -> None:
    headers = front.ask("/hot/x", "HEAD", Accept_Encoding="gzip").headers
    assert headers["content-length"] == "12345"
    assert "content-encoding" not in headers


def test_under_https_every_answer_keeps_browsers_there_and_over_plain_http_none(tmp_path: Path) -> None:
    for host, said in (("tickets.test", 1), ("localhost", 0)):
        made = make_front(tmp_path / host, host=host)
        headers = {"Strict-Transport-Security": "max-age=31536000"} if said else {}
        made = dataclasses.replace(made, page_headers=headers)
        assert made.config().count("header >Strict-Transport-Security `max-age=31536000`") == said
        assert check_config(made.write_config(), made.environment()) == ""


def test_files_are_for_our_own_pages(front: Running) -> None:
    answer = front.ask("/static/plain.css")
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in answer.headers


def test_clients_cannot_claim_another_address_or_request_id(front: Running) -> None:
    told = front.ask(
        "/hot/x", X_Forwarded_For="9.9.9.9", X_Request_Id="mine-mine", X_Forwarded_Proto="https"
    ).body
    assert "x-forwarded-for: 127.0.0.1" in told
    assert "x-forwarded-proto: http\n" in told + "\n"
    assert "mine-mine" not in told
    assert "x-request-id: " in told


def test_too_much_is_refused_with_a_coded_page(front: Running) -> None:
    large = b"x" * 10_000_000
    for_people = front.ask("/hot/x", "POST", large)
    assert (for_people.status, for_people.body) == (413, "413 en html")
    for_machines = front.ask("/hot/x", "POST", large, Accept="application/json", Accept_Language="es")
    assert (for_machines.status, for_machines.body) == (413, "413 es json")
    assert for_machines.headers["content-type"] == "application/problem+json"
    assert front.ask("/hot/x", "POST", b"x" * 262_144).status == 200
    assert front.ask("/hot/x", "POST", b"x" * 262_145).status == 413


@pytest.mark.parametrize("path", ["/studio/events/7/design/", "/studio/organizers/aurora/design/"])
def test_a_logo_may_be_larger_but_not_large(front: Running, path: str) -> None:
    """Nobody is behind: 503 means that the front would have let it through."""
    assert front.ask(path, "POST", b"x" * 1_900_000).status == 503
    refused = front.ask(path, "POST", b"x" * 50_000_000)
    assert (refused.status, refused.body) == (413, "upload en html")
    assert front.ask(f"{path}undo/", "POST", b"x" * 1_900_000).status == 413


def test_while_the_product_server_is_away_a_page_says_so(front: Running) -> None:
    answer = front.ask("/es/")
    assert (answer.status, answer.body) == (503, "503 es html")
    assert (answer.headers["retry-after"], answer.headers["refresh"]) == ("3", "3")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert front.ask("/", Accept="application/json").body == "503 en json"


def test_the_secrets_of_links_are_in_no_log_of_the_front(front: Running) -> None:
    """Whatever it writes down, at whatever level: addresses come without them."""
    secret = "AAAAByhk3mz-link.1wXyZ.signature"
    front.ask(f"/me/tickets/open/?x=1&t={secret}", Referer=f"http://localhost/me/tickets/open/?t={secret}")
    assert wait_until(lambda: "/me/tickets/open/" in front.log.read_text())
    assert "t=hidden" in front.log.read_text()
    assert secret not in front.log.read_text()


def test_the_product_server_sees_whole_requests_only(tmp_path: Path) -> None:
    config = make_front(tmp_path).config()
    assert config.count("request_buffers 3MB") == 1
    assert config.index("request_buffers") > config.index("/hot/*")
    for timeout in ("read_header 10s", "read_body 30s", "idle 120s"):
        assert timeout in config
