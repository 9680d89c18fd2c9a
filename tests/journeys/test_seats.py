"""Numbered seats on the running product: two people at one plan, refusals, codes, without scripts, in Spanish."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.inventory.books import assert_books_right
from tests.journeys.axe import assert_accessible
from tests.web.halls import make_theatre
from tmam.catalog.models import Date, Event, TicketType
from tmam.catalog.sales_rules import SalesCode

Browse = Callable[..., Page]
GREY_WITHIN_MS = 2_000  # from the answer of the one to the plan of the other


def theatre() -> Event:
    return make_theatre(now=datetime.now(UTC))


def open_stalls(page: Page, event: Event) -> None:
    page.goto(f"/en/e/{event.id}-{event.slug}/")
    page.get_by_role("button", name=re.compile("^Stalls")).click()
    expect(page.get_by_role("grid", name="Stalls")).to_be_visible()


def seat(page: Page, row: str, number: int) -> Locator:
    return page.get_by_role("gridcell", name=re.compile(f"^Stalls · row {row} · seat {number} ·"))


def reserve(page: Page, button: str = "Reserve tickets") -> None:
    page.get_by_role("button", name=button).click()


def test_a_seat_that_one_takes_turns_grey_for_the_other(browse: Browse) -> None:
    event = theatre()
    anna, ben = browse(), browse()
    open_stalls(ben, event)
    seat(ben, "D", 7).click()
    open_stalls(anna, event)
    seat(anna, "D", 7).click()
    seat(anna, "D", 8).click()
    reserve(anna)
    anna.wait_for_url("**/checkout/")
    expect(seat(ben, "D", 8)).to_have_class("seat is-taken", timeout=GREY_WITHIN_MS)
    expect(ben.get_by_text("Just taken by somebody else: Stalls · row D · seat 7.")).to_be_visible()
    assert_accessible(ben)
    expect(anna.get_by_text("Stalls D-7")).to_be_visible()
    ben.get_by_role("button", name=re.compile("^Take Stalls · row D · seat 6 instead")).click()
    reserve(ben)
    ben.wait_for_url("**/checkout/")
    assert_books_right(event.id)


def test_who_was_slower_is_told_and_takes_the_nearest_in_one_tap(browse: Browse) -> None:
    event = theatre()
    slow, quick = browse(), browse(java_script_enabled=False)
    open_stalls(slow, event)
    slow.route("**/availability", lambda route: route.abort())  # so that only the refusal can tell
    seat(slow, "D", 7).click()
    seat(slow, "D", 8).click()
    quick.goto(f"/en/e/{event.id}-{event.slug}/seats/?date=1&type=1&section=1")
    row = quick.get_by_role("group", name="Row D")
    row.get_by_label("7", exact=True).check()
    row.get_by_label("8", exact=True).check()
    reserve(quick, "Reserve these seats")
    quick.wait_for_url("**/checkout/")
    reserve(slow)
    expect(slow.get_by_role("heading", name="Somebody else was faster")).to_be_visible()
    expect(slow.get_by_text("Just taken: Stalls · row D · seats 7–8.").first).to_be_visible()
    assert_accessible(slow)
    slow.unroute("**/availability")
    slow.get_by_role("link", name=re.compile("^Take Stalls · row .* instead$")).first.click()
    expect(slow.locator(".seats__name")).to_have_count(2)
    reserve(slow)
    slow.wait_for_url("**/checkout/")
    assert_books_right(event.id)


def test_a_wheelchair_place_with_a_companion_beside_it(browse: Browse) -> None:
    event = theatre()
    page = browse()
    page.goto(f"/en/e/{event.id}-{event.slug}/")
    page.get_by_text("Let us choose the best").click()
    page.get_by_label("Category B, how many").fill("2")
    page.get_by_text("Section and wheelchair places").click()
    page.get_by_label("Wheelchair places among them").fill("1")
    reserve(page)
    page.wait_for_url("**/checkout/")
    expect(page.get_by_text(re.compile("Stalls K-(2|17)"))).to_be_visible()
    expect(page.get_by_text(re.compile("Stalls K-(3|16)"))).to_be_visible()


def test_a_code_opens_the_presale(browse: Browse) -> None:
    event = theatre()
    now = datetime.now(UTC)
    Date.objects.filter(event=event).update(sales_start_at=now + timedelta(days=1))
    SalesCode.objects.create(
        event=event, ordinal=1, code="FRIENDS", kind="presale", uses=9, opens_at=now - timedelta(hours=1)
    )
    TicketType.objects.filter(event=event, ordinal=1).update(needs_code=True)
    page = browse()
    open_stalls(page, event)
    expect(page.get_by_text("A code opens them now:")).to_be_visible()
    seat(page, "D", 8).click()
    page.get_by_label("Presale or voucher code").fill("wrong")
    reserve(page)
    expect(page.get_by_role("heading", name="This code does not open anything here")).to_be_visible()
    assert_accessible(page)
    expect(page.locator(".seats__name")).to_have_text("Stalls · row D · seat 8")
    page.get_by_label("Presale or voucher code").fill("friends")
    reserve(page)
    page.wait_for_url("**/checkout/")


def test_the_plan_speaks_spanish(browse: Browse) -> None:
    event = theatre()
    page = browse(locale="es-ES")
    page.goto(f"/es/e/{event.id}-{event.slug}/")
    page.get_by_role("button", name=re.compile("^Stalls")).click()
    cell = page.get_by_role("gridcell", name=re.compile("fila D · asiento 7 · 48,00.€ · libre"))
    cell.click()
    expect(page.locator(".seats__name")).to_have_text("Stalls · fila D · asiento 7")
    assert_accessible(page)
