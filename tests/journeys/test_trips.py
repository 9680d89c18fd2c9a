"""A person travels: searches, changes trains, reserves both tickets at once, pays, and reads from where to where."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.inventory.books import assert_books_right
from tests.journeys.axe import assert_accessible
from tests.journeys.test_first_sale import pay
from tests.timetables.trains import make_trains
from tmam.tickets.models import Ticket

Browse = Callable[..., Page]


def test_a_journey_with_a_change(browse: Browse, tmp_path: Path, live_database: None) -> None:
    lines = make_trains(tmp_path / "feed", datetime.now(UTC))
    page = browse()
    page.goto("/en/trips/")
    assert_accessible(page)
    page.get_by_label("From").fill("alba")
    page.get_by_label("To").fill("elm")
    page.get_by_label("Day").fill((datetime.now(UTC) + timedelta(days=1)).date().isoformat())
    page.get_by_label("Leave at or after").fill("07:00")
    page.get_by_role("button", name="Find journeys").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alba → Elm")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("Leaves 08:00")).click()
    expect(page.get_by_text("Change in Brea: 10 min")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("How many people?").fill("2")
    page.get_by_role("button", name="Reserve tickets").click()
    page.wait_for_url("**/checkout/**")
    expect(page.get_by_text("Alba → Brea").first).to_be_visible()
    expect(page.get_by_text("Brea → Elm").first).to_be_visible()
    assert_accessible(page)
    pay(page, "viajera@example.org")
    expect(page.get_by_text("Brea → Elm").first).to_be_visible(timeout=30_000)
    for name in ("R1", "R2"):
        assert Ticket.objects.filter(event_id=lines[name].id).count() == 2
        assert_books_right(lines[name].id)
