"""The page of a file in the queue and the studio's page of files ahead of time, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect

from tests.cast import make_event, make_organizer, make_user
from tests.journeys.looking import looked_at
from tests.notifications.purchases import buy
from tests.web.test_downloads import address, pool, text_form, visitor_of
from tests.web.test_me import bought, coming_event
from tmam.delivery.renderers import Renderers
from tmam.fulfilment.models import Warming
from tmam.organizers.models import Membership, Role
from tmam.web.studio import files_page

__all__ = ["pool", "text_form"]  # the fixtures
ORIGIN = "http://localhost:9"  # nobody listens there; trusted like a local server
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@pytest.fixture
def open_page(browser: Browser, live_database: None) -> Iterator[Callable[[Client, str], Page]]:
    del live_database
    contexts = []

    def open_for(client: Client, path: str, *, scripts: bool = True) -> Page:
        def answer(route: Route) -> None:
            asked = urlsplit(route.request.url).path
            if asked.startswith("/static/"):
                found = finders.find(asked.removeprefix("/static/"))
                if isinstance(found, str):
                    kind = TYPES.get(Path(found).suffix, "application/octet-stream")
                    route.fulfill(path=found, content_type=kind)
                else:
                    route.fulfill(status=404)
                return
            given = client.get(route.request.url.removeprefix(ORIGIN), headers={"Host": "localhost"})
            connection.close()
            headers = {name: value for name, value in given.headers.items() if name != "Content-Length"}
            route.fulfill(status=given.status_code, body=given.content, headers=headers)

        context = browser.new_context(
            viewport={"width": 375, "height": 760}, java_script_enabled=scripts, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.route("**/*", answer)
        page.goto(ORIGIN + path)
        return page

    yield open_for
    for context in contexts:
        context.close()


def test_the_queue_page_moves_on_and_fetches_the_file(
    open_page: Callable[..., Page],
    pool: Renderers,
    text_form: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tmam.fulfilment.fetch_file.SHORT_WAIT_S", -1.0)
    event = coming_event()
    order = bought(None, event)
    for _ in range(2):
        other = bought(None, event)
        visitor_of(other).get(address(other, "text"))
    client, path = visitor_of(order), address(order, "text")
    page = open_page(client, path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your file is in the queue")
    looked_at(page, "file-waits")
    expect(page.locator("[data-place]")).to_have_text("1 file is made before yours.")
    text_form.gate.touch()
    monkeypatch.setattr("tmam.fulfilment.fetch_file.SHORT_WAIT_S", 10.0)
    with page.expect_request(lambda request: request.is_navigation_request() and request.url.endswith(path)):
        expect(page.get_by_role("heading", name="Your file is ready")).to_be_visible()
    assert pool.store.names_below(f"tickets/{order.event_id}")


def test_the_studio_shows_how_far_the_files_are(
    open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, organizer = make_user(), make_organizer()
    Membership.objects.create(organizer=organizer, user=owner, role=Role.OWNER)
    event = make_event(now=timezone.now(), organizer=organizer)
    buy(event, now=timezone.now())
    client = Client()
    client.force_login(owner)
    started: list[int] = []
    monkeypatch.setattr(files_page, "start_warming", started.append)
    path = f"/studio/events/{event.id}/files/"
    page = open_page(client, path)
    looked_at(page, "studio-files")
    assert client.post(path, {"form": ["pdf", "png"]}).status_code == 302
    assert client.post(path, {"form": ["pdf"]}).status_code == 302, "pressed twice"
    assert started == [event.id]
    assert Warming.objects.get(event_id=event.id).forms == ["pdf", "png"]
    Warming.objects.filter(event_id=event.id).update(
        state="running", orders=40, orders_done=13, files_ready=31, files_failed=1, is_making_room=True
    )
    page = open_page(client, path)
    expect(page.get_by_text("13 of 40 bookings, 31 files ready.")).to_be_visible()
    looked_at(page, "studio-files-running")
    client.post(path, {"stop": "yes"})
    assert Warming.objects.get(event_id=event.id).state == "stopped"
    assert client.post(path, {"form": "nothing"}).status_code == 404
    gate = make_user()
    Membership.objects.create(organizer=organizer, user=gate, role=Role.GATE)
    client.force_login(gate)
    assert client.get(path).status_code in {403, 404}
    assert client.post(path, {"form": "pdf"}).status_code in {403, 404}
