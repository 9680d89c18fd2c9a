"""The sales rules in a real browser: accessible in both themes, narrow and wide, by keyboard, without scripts.

No server runs: Django's test client answers the browser's requests, on a connection of its own.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect

from tests.cast import Type, make_event, make_member
from tests.journeys.axe import assert_accessible
from tests.orders.buyers import checkout_with, fill
from tmam.catalog.models import Event
from tmam.catalog.sales_rules import Contingent, SalesCode, SalesLimit
from tmam.organizers.models import Role

ORIGIN = "http://localhost:9"  # nobody listens there; trusted like a local server
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
SIZES = {"phone": (375, 760), "desk": (1280, 900)}
PAGES = {
    "rules": "",
    "order": "order/",
    "limit": "limits/email/",
    "contingent": "contingents/1/web/",
    "codes": "codes/",
    "code_kind": "codes/add/",
    "codes_add": "codes/add/price/",
    "code": "codes/1/",
}


@pytest.fixture
def event(live_database: None) -> Event:
    del live_database
    now = timezone.now()
    event = make_event(now=now, dates=3, types=(Type(4500, "Adult"), Type(2000, "Child", pools=(1, 2))))
    SalesLimit.objects.create(event=event, kind="email", most=2)
    SalesLimit.objects.create(event=event, kind="network", most=20, exempt_channels=[])
    fill(checkout_with(event, now=now), now=now)
    Contingent.objects.create(event=event, pool=1, channel="web", places=80)
    Contingent.objects.create(event=event, pool=1, channel="box_office", places=40)
    SalesCode.objects.create(
        event=event, ordinal=1, code="FAN-CLUB", kind="presale", uses=3, ticket_types=[1]
    )
    SalesCode.objects.create(
        event=event, ordinal=2, code="X" * 40, kind="voucher", uses=1, off_basis_points=1250, ends_at=now
    )
    return event


class Desk:
    """A browser of an owner, answered by Django itself."""

    def __init__(self, browser: Browser, event: Event) -> None:
        self.browser, self.event = browser, event
        self.client = Client(headers={"accept-language": "en"})
        self.client.force_login(make_member(event.organizer, Role.OWNER))

    def open(self, page: str, size: str = "phone", theme: str = "light", *, scripts: bool = True) -> Page:
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]  # one of two words
            java_script_enabled=scripts,
            base_url=ORIGIN,
        )
        opened = context.new_page()
        opened.route("**/*", self.answer)
        opened.goto(f"/studio/events/{self.event.id}/rules/{page}")
        return opened

    def answer(self, route: Route) -> None:
        request, address = route.request, urlsplit(route.request.url)
        if address.path.startswith("/static/"):
            found = finders.find(address.path.removeprefix("/static/"))
            if not isinstance(found, str):
                route.fulfill(status=404)
                return
            route.fulfill(
                body=Path(found).read_bytes(), content_type=TYPES.get(Path(found).suffix, "text/plain")
            )
            return
        path = f"{address.path}?{address.query}" if address.query else address.path
        if request.method == "POST":
            fields: dict[str, list[str]] = {}
            for name, value in parse_qsl(request.post_data or "", keep_blank_values=True):
                fields.setdefault(name, []).append(value)
            got = self.client.post(path, fields, follow=True)
        else:
            got = self.client.get(path)
        connection.close()
        route.fulfill(status=got.status_code, body=got.content, content_type=got.headers["Content-Type"])


@pytest.mark.parametrize("size", SIZES)
def test_every_page_is_accessible_and_as_wide_as_the_screen(
    browser: Browser, event: Event, size: str
) -> None:
    desk = Desk(browser, event)
    for theme in ("light", "dark"):
        for name, path in PAGES.items():
            page = desk.open(path, size, theme)
            assert page.evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
            ), name
            assert_accessible(page)
            page.context.close()


def test_a_limit_is_set_and_taken_back_without_scripts(browser: Browser, event: Event) -> None:
    page = Desk(browser, event).open("", scripts=False)
    page.get_by_role("link", name="Each card", exact=True).click()
    page.get_by_role("button", name="Set this limit").click()
    expect(page.get_by_role("link", name="Enter a whole number from 1 to 1,000")).to_have_attribute(
        "href", "#id_most"
    )
    assert_accessible_without_scripts(page)
    page.get_by_label("Tickets at most").fill("4")
    page.get_by_label("Partners").check()
    page.get_by_role("button", name="Set this limit").click()
    expect(page.get_by_text("Each card: at most 4 tickets.")).to_be_visible()
    assert SalesLimit.objects.get(event=event, kind="card").exempt_channels == ["box_office"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Each card: at most 4 tickets.")).to_have_count(0)
    assert not SalesLimit.objects.filter(event=event, kind="card").exists()


def assert_accessible_without_scripts(page: Page) -> None:
    """What axe cannot check there: the error is tied to its field, which is told as wrong."""
    field = page.get_by_label("Tickets at most")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert "id_most_error" in (field.get_attribute("aria-describedby") or "")
