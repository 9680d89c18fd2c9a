"""The shop in a real browser: accessible, narrow and wide, and what its scripts add.

No server runs: Django's test client answers the browser's requests, on a connection of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect

from tests.cast import Type, make_event, make_seated_event
from tests.journeys.axe import assert_accessible
from tmam.catalog.models import Event
from tmam.catalog.summaries import refresh_summaries
from tmam.inventory.queries import free_places
from tmam.platform.statements import run_verb

ORIGIN = "http://localhost:9"  # nobody listens there; trusted like a local server
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@pytest.fixture
def event(live_database: None) -> Event:
    del live_database
    now = timezone.now()
    event = make_event(
        now=now,
        dates=12,
        types=(Type(4500, name="Adult"), Type(0, name="Child", max_per_order=3)),
        capacity=93,
    )
    refresh_summaries([event.id], now, lambda event_id: run_verb(free_places(event_id)))
    return event


def answer(route: Route) -> None:
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        if isinstance(found, str):
            route.fulfill(path=found, content_type=TYPES.get(Path(found).suffix, "application/octet-stream"))
        else:
            route.fulfill(status=404)
        return
    given = Client().get(route.request.url.removeprefix(ORIGIN), headers={"Host": "localhost"})
    connection.close()
    headers = {name: value for name, value in given.headers.items() if name != "Content-Length"}
    route.fulfill(status=given.status_code, body=given.content, headers=headers)


def open_page(
    browser: Browser, path: str, *, width: int = 1280, theme: str = "light", scripts: bool = True
) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        java_script_enabled=scripts,
    )
    page.route("**/*", answer)
    page.goto(ORIGIN + path)
    return page


def event_path(event: Event, query: str = "", language: str = "en") -> str:
    return f"/{language}/e/{event.id}-{event.slug}/{query}"


@pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "dark")])
def test_every_page_is_accessible_and_fits(browser: Browser, event: Event, width: int, theme: str) -> None:
    seated = make_seated_event(now=timezone.now())
    refused = "?date=2&problem=inventory.sold_out&left=3&ticket_type=1&quantity-1=7"
    for path in (
        "/en/",
        "/es/?q=winter&price-to=90",
        "/en/?q=winter&kind=museum",
        "/en/?from=x&price-to=cheap&kind=rocket",
        event_path(event),
        event_path(event, refused, "es"),
        event_path(seated),
    ):
        page = open_page(browser, path, width=width, theme=theme)
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        ), path
        assert_accessible(page)
        page.close()


def test_the_filters_stand_open_on_a_wide_page_only(browser: Browser, event: Event) -> None:
    wide = open_page(browser, "/en/?q=winter")
    expect(wide.get_by_label("Place", exact=True)).to_be_visible()
    narrow = open_page(browser, "/en/?q=winter", width=375)
    expect(narrow.get_by_label("Place", exact=True)).to_be_hidden()
    narrow.get_by_text("Filters", exact=True).click()
    expect(narrow.get_by_label("Place", exact=True)).to_be_visible()


def test_an_address_of_a_search_is_short(browser: Browser, event: Event) -> None:
    page = open_page(browser, "/en/?when=any")
    page.get_by_label("Search by artist").fill("winter")
    page.get_by_label("Search by artist").press("Enter")
    page.wait_for_url("**/?q=winter")
    page.get_by_label("At most").fill("90")
    page.get_by_role("button", name="Show the results").click()
    page.wait_for_url("**/?q=winter&price-to=90*")


def test_the_total_follows_the_choice(browser: Browser, event: Event) -> None:
    page = open_page(browser, event_path(event))
    total, words = page.locator("[data-total]"), page.locator("[data-total-words]")
    expect(total).to_have_text("€0.00")
    page.get_by_role("button", name="More: Adult").click()
    expect(words).to_have_text("1 ticket")
    page.get_by_role("button", name="More: Adult").click()
    page.get_by_role("button", name="More: Child").click()
    expect(words).to_have_text("3 tickets")
    expect(total).to_have_text("€90.00")
    for _ in range(5):
        page.get_by_role("button", name="More: Child").click(force=True)
    expect(page.get_by_label("Child, how many")).to_have_value("3")


def test_what_is_left_stays_fresh_and_is_announced(browser: Browser, event: Event) -> None:
    page = open_page(browser, "/en/")
    page.clock.install()
    left: dict[str, object] = {"left": 1, "state": "few"}

    def available(route: Route) -> None:
        body = {"types": {"1": left, "2": {"left": 0, "state": "sold_out"}}}
        route.fulfill(body=json.dumps(body), content_type="application/json")

    page.route(f"**/hot/events/{event.id}/dates/1/availability", available)
    page.goto(ORIGIN + event_path(event))
    expect(page.locator("#left-1")).to_have_text("93 left")
    page.clock.fast_forward(5000)
    expect(page.locator("#left-1")).to_have_text("Only 1 left")
    expect(page.locator("#left-2")).to_have_text("Sold out")
    expect(page.locator("#live")).to_have_text("Child: Sold out")
    page.get_by_role("button", name="More: Adult").click()
    page.get_by_role("button", name="More: Adult").click(force=True)
    expect(page.get_by_label("Adult, how many")).to_have_value("1")
    left.update(left=80, state="plenty")
    page.clock.fast_forward(5000)
    expect(page.locator("#left-1")).to_have_text("80 left")


def test_without_scripts_everything_is_there(browser: Browser, event: Event) -> None:
    page = open_page(browser, event_path(event), scripts=False)
    expect(page.get_by_role("button", name="More: Adult")).to_be_hidden()
    page.get_by_label("Adult, how many").fill("2")
    expect(page.locator("[data-total]")).to_be_hidden()
    expect(page.get_by_role("button", name="Reserve tickets")).to_be_visible()
    page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_label("Search by artist").fill("winter")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Winter Lights").first).to_be_visible()


def test_scripts_stay_within_their_budget() -> None:
    names = ("stepper", "order-total", "availability", "search", "submit-once")
    files = [finders.find(f"tmam/js/{name}.js") for name in names]
    assert sum(Path(str(file)).stat().st_size for file in files) <= 20_000
