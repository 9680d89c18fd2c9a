"""Moving a date and designing tickets in a real browser: both themes, narrow and wide, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect

from tests.cast import make_event, make_member, make_organizer
from tests.journeys.looking import looked_at
from tests.notifications.purchases import buy
from tests.web.studio.test_team_browser import Desk
from tmam.catalog.models import Event
from tmam.catalog.ticket_designs import TicketDesign
from tmam.organizers.models import Role
from tmam.platform.event_log import drain


class Writing(Desk):
    """A desk where forms can be sent, too."""

    def answer(self, route: Route) -> None:
        if route.request.method != "POST":
            super().answer(route)
            return
        headers = route.request.headers
        got = self.client.generic(
            "POST",
            urlsplit(route.request.url).path,
            route.request.post_data_buffer or b"",
            content_type=headers["content-type"],
        )
        connection.close()
        if got.status_code == 302:
            # Where a redirect leads is not asked here again (Playwright's routes see the first request): a page that goes there,
            # without the place on it, which would lead nowhere from the same address.
            there, _, _ = got.headers["Location"].partition("#")
            body = f'<meta http-equiv="refresh" content="0; url={there}">'
            route.fulfill(body=body, content_type="text/html")
        else:
            route.fulfill(status=got.status_code, body=got.content, content_type=got.headers["Content-Type"])


@pytest.fixture
def event(live_database: None) -> Event:
    del live_database
    now = timezone.now()
    organizer = make_organizer("Aurora Concerts", accent_hue=25)
    event = make_event(organizer=organizer, now=now, dates=2)
    for _ in range(3):
        buy(event, now=now)
    return event


@pytest.fixture
def page(browser: object, event: Event) -> Iterator[Page]:
    desk = Writing(browser, make_member(event.organizer, Role.MANAGER))  # type: ignore[arg-type]  # the fixture
    page = desk.open(f"/studio/events/{event.id}/dates/", "phone", "light")
    yield page
    page.context.close()


def logo() -> bytes:
    picture = Image.new("RGBA", (900, 300))
    ImageDraw.Draw(picture).ellipse((20, 20, 280, 280), fill=(200, 30, 60, 255))
    ImageDraw.Draw(picture).rectangle((320, 110, 880, 190), fill=(30, 30, 40, 255))
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_a_date_is_moved_and_the_move_undone(page: Page, event: Event) -> None:
    looked_at(page, "studio-dates")
    page.get_by_role("link", name="Change").first.click()
    looked_at(page, "studio-date")
    before = event.dates.get(ordinal=1).starts_at
    page.get_by_label("Ends").fill("2026-01-01T10:00")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose an end after the start")
    looked_at(page, "studio-date-wrong")
    page.reload()
    page.get_by_label("Starts").fill(f"{before.year + 1}-06-01T20:00")
    page.get_by_label("Ends").fill(f"{before.year + 1}-06-01T23:00")
    page.get_by_label("Doors open").fill("")
    page.get_by_label("Entrance, in English").fill("Gate B")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".rules-changed")).to_contain_text("Moved: it now starts on")
    drain()
    page.reload()
    expect(page.get_by_text("Holders are told in a moment.")).to_be_visible()
    looked_at(page, "studio-dates-moved")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    assert event.dates.get(ordinal=1).starts_at == before


def test_a_design_is_tried_published_and_undone(page: Page, event: Event) -> None:
    page.goto(f"/studio/events/{event.id}/design/")
    page.get_by_label("Logo").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )
    page.get_by_role("button", name="See it as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("not a picture we can take")
    looked_at(page, "studio-design-wrong")
    page.get_by_label("Logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": logo()})
    page.get_by_label("Colour").fill("#0a7d55")
    page.get_by_label("Your sentence, in English").fill("Thank you for 20 years with us")
    page.get_by_role("button", name="See it as a draft").click()
    expect(page.get_by_role("heading", name="Draft")).to_be_visible()
    ticket = page.get_by_alt_text("A sample ticket in this design.")
    expect(ticket).to_have_js_property("naturalWidth", 1080)
    looked_at(page, "studio-design-draft")
    assert not TicketDesign.objects.filter(event=event).exists()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".rules-changed")).to_contain_text("Published")
    assert TicketDesign.objects.get(event=event).line == {"en": "Thank you for 20 years with us"}
    looked_at(page, "studio-design-published")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="As it is now")).to_be_visible()
    assert not TicketDesign.objects.filter(event=event).exists()
