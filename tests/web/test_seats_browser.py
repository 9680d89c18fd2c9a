"""The seat plan in a real browser: picked by mouse, keyboard and finger, kept fresh, told in words.

No server runs: Django's test client answers for pages, the test itself for the availability document.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.cast import Type
from tests.journeys.axe import assert_accessible
from tests.web.halls import make_hall, make_theatre
from tests.web.test_shop_browser import ORIGIN, answer, event_path, open_page
from tmam.catalog.models import Event

SEATS = 306
WITH_CHILDREN = (
    Type(4800, name="Category A", pools=(1,), is_seated=True, max_per_order=4),
    Type(2400, name="Under 26", pools=(1,), is_seated=True),
    Type(3400, name="Category B", pools=(2,), is_seated=True, max_per_order=2),
    Type(1800, name="Category C", pools=(3,), is_seated=True),
    Type(500, name="Programme", pools=(1,)),
)


@dataclass
class Hot:
    """Answers for the hot shell: what is taken, and what was asked of it."""

    taken: set[int] = field(default_factory=set)
    seats: int = SEATS
    status: int = 200
    asked: list[Request] = field(default_factory=list)
    posted: list[dict[str, list[str]]] = field(default_factory=list)

    def __call__(self, route: Route) -> None:
        self.asked.append(route.request)
        body = json.dumps(self.document())
        etag = f'"{hash(body)}"'
        if self.status == 200 and route.request.headers.get("if-none-match") == etag:
            route.fulfill(status=304, headers={"ETag": etag})
            return
        route.fulfill(status=self.status, body=body, content_type="application/json", headers={"ETag": etag})

    def document(self) -> dict[str, object]:
        bits = sum(1 << (number - 1) for number in self.taken)
        packed = base64.b64encode(bits.to_bytes((self.seats + 7) // 8, "little")).decode()
        left = {"left": self.seats - len(self.taken), "state": "plenty"}
        return {"types": {"1": left}, "seats": {"size": self.seats, "taken": packed}}

    def keep(self, route: Route) -> None:
        self.posted.append(parse_qs(route.request.post_data or ""))
        route.fulfill(body="<!doctype html><title>Basket</title>", content_type="text/html")


@pytest.fixture
def hot() -> Hot:
    return Hot()


@pytest.fixture
def event(live_database: None) -> Event:
    del live_database
    return make_theatre(WITH_CHILDREN, now=timezone.now())


def open_plan(
    browser: Browser, event: Event, hot: Hot, query: str = "", *, width: int = 1280, theme: str = "light"
) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        has_touch=width < 600,
        is_mobile=width < 600,
    )
    page.route("**/*", answer)
    page.route("**/hot/events/**", hot)
    page.route("**/hot/holds", hot.keep)
    page.goto(ORIGIN + event_path(event, query))
    expect(page.locator("svg.plan, svg.seat-grid")).to_be_visible()
    return page


def open_section(page: Page, name: str = "Stalls") -> None:
    page.get_by_role("button", name=re.compile(f"^{name} ?[0-9]")).click()
    expect(page.get_by_role("grid", name=name)).to_be_visible()


def seat(page: Page, row: str, number: int, section: str = "Stalls") -> Locator:
    return page.get_by_role("gridcell", name=re.compile(f"^{section} · row {row} · seat {number} ·"))


def picked(page: Page) -> list[str]:
    return page.locator(".seats__name").all_inner_texts()


@pytest.mark.parametrize(("width", "theme"), [(375, "light"), (1280, "dark")])
def test_every_state_is_accessible_and_fits(
    browser: Browser, event: Event, hot: Hot, width: int, theme: str
) -> None:
    hot.taken = {29, 30}
    refused = "?date=1&problem=inventory.seats_taken&taken=29&alternative=33&seat-29=1&code=X"
    page = open_plan(browser, event, hot, refused, width=width, theme=theme)

    def check() -> None:
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(wider) == 0
        assert_accessible(page)

    check()
    open_section(page)
    seat(page, "C", 3).click()
    check()
    page.get_by_text("Let us choose the best").click()
    page.get_by_text("Section and wheelchair places").click()
    check()
    page.goto(ORIGIN + event_path(event, "seats/?date=1&type=3"))
    check()


def test_seats_are_picked_with_the_mouse_and_sent(browser: Browser, event: Event, hot: Hot) -> None:
    hot.taken = {29, 30}
    page = open_plan(browser, event, hot)
    expect(page.get_by_role("button", name="Stalls 160 free · from €24.00")).to_be_visible()
    open_section(page)
    seat(page, "C", 1).click(force=True)  # taken: nothing happens but words
    expect(page.locator("#live")).to_have_text("Stalls · row C · seat 1 · €48.00 · taken")
    for number in (3, 4, 5):
        seat(page, "C", number).click()
    seat(page, "C", 5).click()
    assert picked(page) == ["Stalls · row C · seat 3", "Stalls · row C · seat 4"]
    expect(seat(page, "C", 3)).to_have_attribute("aria-selected", "true")
    page.get_by_label("Ticket type for Stalls · row C · seat 4").select_option(label="Under 26 · €24.00")
    expect(page.locator("[data-total]")).to_have_text("€72.00")
    expect(page.locator("[data-total-words]")).to_have_text("2 tickets")
    page.get_by_role("button", name="Reserve tickets").click()
    page.wait_for_url("**/hot/holds")
    (form,) = hot.posted
    assert {name: form[name] for name in form if name.startswith(("seat-", "quantity-", "section-"))} == {
        "seat-31": ["1"],
        "seat-32": ["2"],
        "quantity-5": ["0"],
    }


def test_seats_are_picked_with_the_keyboard(browser: Browser, event: Event, hot: Hot) -> None:
    page = open_plan(browser, event, hot)
    section = page.get_by_role("button", name=re.compile("^Stalls"))
    section.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Stalls")).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(seat(page, "A", 1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(seat(page, "B", 2)).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("End")
    expect(seat(page, "B", 14)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")  # there is nothing further left
    expect(seat(page, "B", 1)).to_be_focused()
    page.keyboard.press("Enter")
    assert picked(page) == ["Stalls · row B · seat 2", "Stalls · row B · seat 1"]
    expect(page.locator("#live")).to_have_text("Stalls · row B · seat 1: chosen")
    page.keyboard.press("Control+End")
    expect(seat(page, "K", 18)).to_be_focused()
    assert page.evaluate("document.querySelectorAll('[role=gridcell][tabindex=\"0\"]').length") == 1
    page.keyboard.press("Escape")
    expect(section).to_be_focused()


def test_a_wheelchair_place_is_told_in_words(browser: Browser, event: Event, hot: Hot) -> None:
    page = open_plan(browser, event, hot)
    open_section(page)
    expect(seat(page, "K", 1)).to_have_accessible_name(
        "Stalls · row K · seat 1 · wheelchair place · €34.00 · free"
    )


def test_a_seat_that_others_take_turns_grey_and_the_nearest_is_offered(
    browser: Browser, event: Event, hot: Hot
) -> None:
    page = open_plan(browser, event, hot)
    open_section(page)
    seat(page, "C", 3).click()
    seat(page, "C", 4).click()
    hot.taken = {31, 50}
    expect(seat(page, "D", 6)).to_have_class("seat is-taken")
    expect(page.get_by_text("Just taken by somebody else: Stalls · row C · seat 3.")).to_be_visible()
    assert picked(page) == ["Stalls · row C · seat 4"]
    page.get_by_role("button", name="Take Stalls · row C · seat 2 instead").click()
    assert picked(page) == ["Stalls · row C · seat 4", "Stalls · row C · seat 2"]
    expect(page.locator("[data-news]")).to_be_empty()
    hot.taken = {31}
    expect(seat(page, "D", 6)).to_have_class("seat seat--1")


def test_it_asks_with_an_etag_rests_out_of_sight_and_backs_off(
    browser: Browser, event: Event, hot: Hot
) -> None:
    page = browser.new_page()
    page.clock.install()
    page.route("**/*", answer)
    page.route("**/hot/events/**", hot)

    def ask_again(after_ms: int) -> bool:
        before = len(hot.asked)
        page.clock.run_for(after_ms)
        page.evaluate("fetch('/robots.txt').then(answer => answer.text())")  # whatever was sent has arrived
        return len(hot.asked) > before

    page.goto(ORIGIN + event_path(event))
    expect(page.locator("svg.plan")).to_be_visible()
    assert ask_again(1_000)
    assert "if-none-match" in hot.asked[-1].headers
    hot.status = 503
    assert ask_again(1_000)
    assert not ask_again(1_000)  # two seconds now
    assert ask_again(1_000)
    page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert not ask_again(120_000)
    hot.status = 200
    before = len(hot.asked)
    page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'visible'});"
        "document.dispatchEvent(new Event('visibilitychange'));"
        "fetch('/robots.txt').then(answer => answer.text())"
    )
    assert len(hot.asked) == before + 1


def test_no_more_seats_than_an_order_may_have(browser: Browser, event: Event, hot: Hot) -> None:
    page = open_plan(browser, event, hot)
    open_section(page)
    for number in (1, 2, 3):
        seat(page, "A", number).click()
    assert len(picked(page)) == 2
    expect(page.get_by_text("You can choose at most 2 of these seats in one order.")).to_be_visible()


def test_on_a_phone_a_tap_in_a_small_plan_zooms_in_first(browser: Browser, event: Event, hot: Hot) -> None:
    page = open_plan(browser, event, hot, width=375)
    page.get_by_role("button", name=re.compile("^Stalls")).tap()
    expect(page.get_by_role("grid", name="Stalls")).to_be_visible()
    box = seat(page, "C", 8).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 40  # of 44 px with its unseen edge
    for _ in range(3):
        page.get_by_role("button", name="Smaller").tap()
    page.locator("[role=gridcell]").nth(40).tap()
    assert picked(page) == []
    page.locator("[role=gridcell]").nth(40).tap()
    assert len(picked(page)) == 1


def test_best_available_by_section_with_wheelchair_places(browser: Browser, event: Event, hot: Hot) -> None:
    page = open_plan(browser, event, hot)
    open_section(page)
    seat(page, "C", 3).click()
    page.get_by_text("Let us choose the best").click()
    expect(page.get_by_role("grid")).to_be_hidden()
    expect(page.locator("[data-total]")).to_have_text("€0.00")
    page.get_by_role("button", name="More: Category B").click(click_count=2)
    page.get_by_text("Section and wheelchair places").click()
    page.locator("#section-3").select_option(label="Stalls")
    page.get_by_label("Wheelchair places among them").fill("1")
    page.get_by_role("button", name="Reserve tickets").click()
    page.wait_for_url("**/hot/holds")
    (form,) = hot.posted
    assert (form["quantity-3"], form["section-3"], form["accessible-3"]) == (["2"], ["1"], ["1"])
    assert not any(name.startswith("seat-") for name in form)


def test_a_stadium_is_drawn_by_section(browser: Browser, hot: Hot, live_database: None) -> None:
    del live_database
    stadium = make_hall(*((str(100 + block), 10, 10) for block in range(60)))
    hot.seats, hot.taken = 6_000, {1, 2, 3, 4_001}
    page = open_plan(browser, stadium, hot)
    expect(page.locator(".plan__level")).to_have_count(60)
    expect(page.locator(".plan__dots")).to_have_count(0)
    expect(page.get_by_role("button", name="100 97 free · from €45.00")).to_be_visible()
    page.locator(".plan__block").filter(has_text="140").click()
    expect(page.get_by_role("heading", name="140")).to_be_focused()
    expect(page.get_by_role("gridcell")).to_have_count(100)
    expect(page.get_by_role("gridcell", name="140 · row 1 · seat 1 · €45.00 · taken")).to_be_visible()
    page.get_by_role("button", name="All sections").click()
    expect(page.get_by_role("button", name=re.compile("^140"))).to_be_focused()


def test_an_address_picks_seats_and_opens_their_section(browser: Browser, event: Event, hot: Hot) -> None:
    page = open_plan(browser, event, hot, "?date=1&seat-33=2&seat-34=1")
    expect(page.get_by_role("grid", name="Stalls")).to_be_visible()
    assert picked(page) == ["Stalls · row C · seat 5", "Stalls · row C · seat 6"]
    expect(page.get_by_label("Ticket type for Stalls · row C · seat 5")).to_have_value("2")
    expect(page.locator("[data-total]")).to_have_text("€72.00")


def test_what_was_picked_outlives_a_reload(browser: Browser, event: Event, hot: Hot) -> None:
    page = open_plan(browser, event, hot)
    open_section(page)
    seat(page, "C", 3).click()
    seat(page, "C", 4).click()
    page.get_by_label("Ticket type for Stalls · row C · seat 4").select_option(value="2")
    page.get_by_role("button", name="Remove Stalls · row C · seat 3").click()
    expect(page.get_by_role("button", name="Remove Stalls · row C · seat 4")).to_be_focused()
    page.reload()
    expect(page.locator(".seats__name")).to_have_text("Stalls · row C · seat 4")
    expect(page.get_by_label("Ticket type for Stalls · row C · seat 4")).to_have_value("2")


def test_without_a_plan_the_best_can_still_be_had(browser: Browser, event: Event, hot: Hot) -> None:
    page = browser.new_page()
    page.route("**/*", answer)
    page.route("**/plans/**", lambda route: route.abort())
    page.goto(ORIGIN + event_path(event))
    expect(page.get_by_label("Let us choose the best")).to_be_checked()
    page.get_by_role("button", name="More: Category B").click()
    expect(page.locator("[data-total]")).to_have_text("€34.00")


def test_without_scripts_seats_are_picked_from_the_list(browser: Browser, event: Event, hot: Hot) -> None:
    page = open_page(browser, event_path(event), scripts=False)
    page.route("**/hot/holds", hot.keep)
    expect(page.get_by_text("Pick them on the plan")).to_be_hidden()
    page.get_by_label("Category B, how many").fill("2")
    page.get_by_role("link", name="All free seats as a list").click()
    page.get_by_role("link", name="Category B · €34.00").click()
    page.get_by_role("group", name="Row A").get_by_label("3", exact=True).check()
    page.get_by_role("group", name="Row A").get_by_label("4", exact=True).check()
    page.get_by_role("button", name="Reserve these seats").click()
    page.wait_for_url("**/hot/holds")
    assert (hot.posted[0]["seat-3"], hot.posted[0]["seat-4"]) == (["3"], ["3"])


def test_without_scripts_a_refusal_offers_other_seats(browser: Browser, event: Event, hot: Hot) -> None:
    query = "?date=1&problem=inventory.seats_taken&taken=3,4&alternative=5,6&seat-3=3&seat-4=3"
    page = open_page(browser, event_path(event, query), scripts=False)
    page.route("**/hot/holds", hot.keep)
    page.get_by_role("link", name="Take Stalls · row A · seats 5–6 instead").last.click()
    expect(page.get_by_label("Stalls · row A · seat 5")).to_be_checked()
    page.get_by_label("Stalls · row A · seat 6").uncheck()
    page.get_by_role("button", name="Reserve tickets").click()
    page.wait_for_url("**/hot/holds")
    assert [name for name in hot.posted[0] if name.startswith("seat-")] == ["seat-5"]


@pytest.mark.parametrize("width", [320, 1280])
def test_text_may_be_large_and_colours_forced(browser: Browser, event: Event, hot: Hot, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 256}, forced_colors="active")
    page.route("**/*", answer)
    page.route("**/hot/events/**", hot)
    page.goto(ORIGIN + event_path(event))
    expect(page.locator("svg.plan")).to_be_visible()
    open_section(page)
    seat(page, "C", 3).click()
    assert len(picked(page)) == 1
    fills = page.evaluate(
        "['.is-yours', '.seat--1', '.seat-grid .is-taken, .seat-keys .is-taken']"
        ".map(name => getComputedStyle(document.querySelector(name)).fill)"
    )
    assert len(set(fills)) == 3
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def packed(names: Iterable[str]) -> int:
    paths = [finders.find(f"tmam/js/{name}.js") for name in names]
    return sum(len(gzip.compress(Path(str(path)).read_bytes(), 9)) for path in paths)


def test_the_scripts_of_the_page_travel_light() -> None:
    scripts = ("submit-once", "stepper", "order-total", "money", "availability")
    assert packed((*scripts, "seats/start", "seats/paper", "seats/plan")) <= 12_000
