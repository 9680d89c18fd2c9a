"""The look in a real browser: accessible in both themes, no sideways scrolling, by keyboard, calm in time.

No server runs: Django's test client answers the browser's requests, none of which needs the database.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Engine
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.axe import assert_accessible
from tmam.web.security_headers import content_security_policy

ORIGIN = "http://localhost:9"  # nobody listens there; trusted like a local server
PATHS = (
    "/design/",
    "/en/help/",
    "/es/privacy/",
    "/en/help/errors/",
    "/es/help/errors/platform.busy/",
    "/en/nowhere/",
)
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
}


def answer(route: Route) -> None:
    path = route.request.url.removeprefix(ORIGIN)
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        if not isinstance(found, str):
            route.fulfill(status=404)
            return
        kind = TYPES.get(Path(found).suffix, "application/octet-stream")
        route.fulfill(path=found, content_type=kind)
        return
    given = Client().get(path, headers={"Host": "localhost"})
    headers = {name: value for name, value in given.headers.items() if name != "Content-Length"}
    route.fulfill(status=given.status_code, body=given.content, headers=headers)


def open_page(browser: Browser, path: str, *, width: int = 1280, theme: str = "light") -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light"
    )
    page.route("**/*", answer)
    page.goto(ORIGIN + path)
    return page


def open_snippet(browser: Browser, source: str, script: str, **context: Any) -> Page:
    """A bare page with one component and its script, as a template would write it."""
    engine = Engine.get_default()
    body = engine.from_string(source).render(Context())
    html = f'<!doctype html><html lang="en"><meta charset="utf-8"><link rel="stylesheet" href="/static/tmam/tmam.css"><body><main>{body}</main><div id="live" role="status"></div><script type="module" src="/static/tmam/js/{script}"></script>'

    def serve(route: Route) -> None:
        if route.request.url == f"{ORIGIN}/snippet/":
            headers = {"Content-Type": "text/html", "Content-Security-Policy": content_security_policy()}
            route.fulfill(body=html, headers=headers)
        else:
            answer(route)

    page = browser.new_page(**context)
    page.route("**/*", serve)
    return page


@pytest.mark.parametrize(("theme", "width"), [("light", 375), ("dark", 1280)])
@pytest.mark.parametrize("path", PATHS)
def test_accessible_in_both_themes(browser: Browser, path: str, theme: str, width: int) -> None:
    page = open_page(browser, path, width=width, theme=theme)
    assert_accessible(page)
    page.close()


def test_the_check_itself_finds_faults(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content('<html><body><img src="x.png"><button></button></body></html>')
    with pytest.raises(AssertionError, match="button-name"):
        assert_accessible(page)
    page.close()


def test_the_check_waits_for_a_colour_that_is_on_its_way(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(
        """<html lang="en"><head><title>Page</title><style>
        h1 { color: #eee; background: #fff; transition: color 400ms linear }
        </style></head><body><main><h1>Words</h1></main></body></html>"""
    )
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_accessible(page)
    page.evaluate("document.querySelector('h1').style.color = '#000'")
    assert_accessible(page)
    page.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_scrolls_sideways_at_320_wide_which_is_400_percent_of_1280(
    browser: Browser, path: str, direction: str
) -> None:
    page = open_page(browser, path, width=320)
    page.evaluate("direction => document.documentElement.dir = direction", direction)
    # The spacing of WCAG 1.4.12, and the width that 400 % leaves.
    page.evaluate((Path(__file__).parent / "text_spacing.js").read_text())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_targets_are_44_high(browser: Browser) -> None:
    page = open_page(browser, "/design/", width=375)
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, .input, .choice, .site-nav__link, .tabs a, .pagination > *, .link-icon, summary")]
            .filter(each => each.offsetParent && each.getBoundingClientRect().height < 43.9).map(each => each.outerHTML)"""
    )
    assert small == []
    page.close()


def test_the_first_tab_skips_to_the_content_with_a_visible_ring(browser: Browser) -> None:
    page = open_page(browser, "/en/help/")
    page.keyboard.press("Tab")
    link = page.locator(".skip-link")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    assert link.evaluate("each => getComputedStyle(each).outlineWidth") == "3px"
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.close()


def test_the_page_loads_nothing_from_elsewhere_and_breaks_no_policy(browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.route("**/*", answer)
    page.goto(f"{ORIGIN}/design/")
    page.wait_for_load_state("networkidle")
    assert complaints == []
    assert [url for url in asked if not url.startswith((ORIGIN, "data:"))] == []
    page.close()


STEPPER = """{% load design %}<div class="stepper" data-stepper data-first="2"><button type="button" data-step="-1" aria-label="Fewer">-</button>
<input type="number" aria-label="Adult" value="0" min="0" max="4"><button type="button" data-step="1" aria-label="More">+</button></div>"""


def test_stepper_keeps_to_its_limits_and_says_the_number(browser: Browser) -> None:
    page = open_snippet(browser, STEPPER, "stepper.js")
    page.goto(f"{ORIGIN}/snippet/")
    more, fewer, number = (
        page.get_by_role("button", name="More"),
        page.get_by_role("button", name="Fewer"),
        page.get_by_label("Adult"),
    )
    expect(fewer).to_have_attribute("aria-disabled", "true")
    more.click()
    expect(number).to_have_value("2")  # the fewest that are sold together
    expect(page.locator("#live")).to_have_text("Adult 2")
    more.click()
    more.click()
    more.press("Enter")
    expect(number).to_have_value("4")
    expect(more).to_have_attribute("aria-disabled", "true")
    expect(more).to_be_focused()
    for _ in range(3):
        fewer.click()
    expect(number).to_have_value("0")
    page.close()


COUNTDOWN = """<div class="countdown" data-countdown data-expires-at="2026-12-05T12:10:00Z" data-now="2026-12-05T12:00:00Z"
 data-words-soon="2 minutes left" data-words-last="30 seconds left" data-words-over="Given back." data-over-href="/en/" data-over-link="Choose again">
<p data-countdown-words>Reserved for you until <strong>13:10</strong></p><form><button>5 more minutes</button></form><progress max="120" value="120"></progress></div>"""


def test_countdown_speaks_twice_shows_its_bar_late_and_says_what_to_do(browser: Browser) -> None:
    page = open_snippet(browser, COUNTDOWN, "countdown.js")
    page.clock.install(time="2026-12-05T09:00:00Z")  # the device's clock is three hours slow
    page.goto(f"{ORIGIN}/snippet/")
    box, live, bar = page.locator("[data-countdown]"), page.locator("#live"), page.locator("progress")
    expect(bar).to_be_hidden()
    page.clock.run_for(7 * 60 * 1000)
    expect(bar).to_be_hidden()
    expect(live).to_have_text("")
    page.clock.run_for(62 * 1000)
    expect(live).to_have_text("2 minutes left")
    expect(bar).to_be_visible()
    page.clock.run_for(90 * 1000)
    expect(live).to_have_text("30 seconds left")
    page.clock.run_for(31 * 1000)
    expect(live).to_have_text("Given back.")
    expect(box.get_by_role("link", name="Choose again")).to_have_attribute("href", "/en/")
    expect(box.get_by_role("button")).to_have_count(0)
    page.close()


def test_countdown_shows_the_readers_own_clock(browser: Browser) -> None:
    with_zone = COUNTDOWN.replace("</strong></p>", "</strong> <span>(CET)</span></p>")
    page = open_snippet(browser, with_zone, "countdown.js", timezone_id="America/Santo_Domingo")
    page.clock.install(time="2026-12-05T12:00:00Z")
    page.goto(f"{ORIGIN}/snippet/")
    expect(page.locator("[data-countdown-words]")).to_have_text("Reserved for you until 08:10 ")
    page.close()


FORM = """<form method="post" action="/elsewhere/"><button data-busy-words="Paying…">Pay</button></form>"""


def test_a_second_click_sends_nothing_twice(browser: Browser) -> None:
    page = open_snippet(browser, FORM, "submit-once.js")
    sent: list[str] = []

    def stay(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)  # "no content" leaves the page as it is

    page.route("**/elsewhere/", stay)
    page.goto(f"{ORIGIN}/snippet/")
    page.get_by_role("button").evaluate("button => { button.click(); button.click(); }")
    expect(page.get_by_role("button")).to_have_text("Paying…")
    expect(page.get_by_role("button")).to_have_attribute("aria-busy", "true")
    page.get_by_role("button").evaluate("button => button.click()")
    assert sent == ["POST"]
    page.close()


FRAGMENT = """<section data-live-src="/numbers/" data-live-every-s="1"><p>Sold <b>1</b></p></section>"""


def test_live_fragments_swap_and_say_what_changed(browser: Browser) -> None:
    page = open_snippet(browser, FRAGMENT, "live-fragment.js")
    answers = iter(["<p>Sold <b>1</b></p>", '<p data-live-words="2 sold">Sold <b>2</b></p>'])
    last = "<p data-live-stop>Sold <b>3</b></p>"
    page.route("**/numbers/", lambda route: route.fulfill(body=next(answers, last), content_type="text/html"))
    page.goto(f"{ORIGIN}/snippet/")
    expect(page.locator("#live")).to_have_text("2 sold")
    expect(page.locator("section b")).to_have_text("3")
    page.close()
