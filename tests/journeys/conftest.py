"""Journeys: a person in a real browser, on the whole product as `tmam up` starts it, on this process's database.

The data is made in the test by the cast and is committed, so each journey brings an event and people of its own.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.journeys.camera import camera_arguments
from tests.journeys.chromium import launch_chromium
from tmam.accounts.models import User
from tmam.platform.embedded_postgres import free_port
from tmam.platform.processes.spawn import spawn, stop

PATIENCE_S = 90.0
ANSWER_PATIENCE_MS = 15_000
SERVICES = """
[[provider]]
id = "acme"
name = "Acme"
issuer = "{issuer}"
client_id = "tmam"
client_secret = "s3"
email_domains = ["acme.example"]
"""


@dataclass(frozen=True)
class Stack:
    """The running product: everything is at `origin`."""

    origin: str
    port: int
    log: Path


@dataclass
class Browsing:
    """Opens browsers for one test and keeps what went wrong in their pages.

    A response of the server with status 5xx, an exception in a script or a refused resource fails the test.
    """

    playwright: Playwright
    usual: Browser
    origin: str
    closing: ExitStack
    troubles: list[str] = field(default_factory=list)

    def __call__(self, *, film: Path | None = None, signed_in: User | None = None, **context: Any) -> Page:
        """A page of a new person, at a 375 px phone unless `viewport` says otherwise.

        `film` is what the camera shows, allowed already; without one there is no camera. `signed_in` has a
        session from the start. `context` goes to Playwright's `new_context`.
        """
        browser = self.usual
        if film is not None:  # Chromium takes its film when it starts
            browser = launch_chromium(self.playwright, arguments=camera_arguments(film))
            self.closing.callback(browser.close)
        options = {"viewport": {"width": 375, "height": 760}, "base_url": self.origin, "locale": "en-GB"}
        person: BrowserContext = browser.new_context(**(options | context))
        self.closing.callback(person.close)
        person.set_default_timeout(ANSWER_PATIENCE_MS)
        if signed_in is not None:
            person.add_cookies([session_cookie(signed_in, self.origin)])  # type: ignore[list-item]  # a plain cookie
        page = person.new_page()
        self.watch(page)
        return page

    def watch(self, page: Page) -> None:
        """Note every trouble of a page."""
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._heard(page.url, said.type, said.text))
        page.on(
            "response",
            lambda got: self.troubles.append(f"{got.status} {got.url}") if got.status >= 500 else None,
        )

    def _heard(self, where: str, kind: str, text: str) -> None:
        # "Failed to load resource" repeats statuses and lost connections, which journeys cause on purpose.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.troubles.append(f"{where}: {text}")


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """A sign-in service: another site than ours, which `localhost` on another port would not be."""
    with run_server_in_thread() as server:
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="session")
def stack(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory, issuer: str) -> Iterator[Stack]:
    """The whole product, started once for all journeys of this process."""
    del django_db_setup
    port = free_port()
    folder = tmp_path_factory.mktemp("stack")
    log, services = folder / "up.log", folder / "sso.toml"
    services.write_text(SERVICES.format(issuer=issuer))
    environment = {**os.environ, "TMAM_PORT": str(port), "TMAM_SSO_FILE": str(services)}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    with log.open("wb") as output:
        process = spawn([sys.executable, "-m", "tmam.cli", "up"], env=environment, output=output)
        try:
            wait_until_ready(process, port, log)
            yield Stack(f"http://localhost:{port}", port, log)
        finally:
            stop(process, with_signal=signal.SIGTERM, patience_s=30)


@pytest.fixture
def browse(
    stack: Stack, playwright: Playwright, browser: Browser, live_database: None
) -> Iterator[Callable[..., Page]]:
    """Opens pages on the running product, see `Browsing`: `film=…` is a camera, `locale="es"` a language."""
    del live_database
    with ExitStack() as closing:
        browsing = Browsing(playwright, browser, stack.origin, closing)
        yield browsing
    assert not browsing.troubles, "\n".join(browsing.troubles)


def session_cookie(person: User, origin: str) -> dict[str, Any]:
    """A session of this person, without the way through the form."""
    client = Client()
    client.force_login(person)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": origin, "httpOnly": True}


def wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait for a product that was just started; it fails the test with its log if it does not come up."""
    patient_until = time.monotonic() + PATIENCE_S
    while not _is_ready(port):
        if process.poll() is not None or time.monotonic() > patient_until:
            pytest.fail(f"the product did not start:\n{log.read_text()}")
        time.sleep(0.1)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
