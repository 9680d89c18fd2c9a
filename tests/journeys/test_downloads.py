"""A buyer fetches tickets in every form, with scripts and without, and tries a sample before."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from icalendar import Calendar
from playwright.sync_api import Locator, Page, Route, expect

from tests.cast import make_user
from tests.delivery.outside import codes_in, run_tool, text_of
from tests.gates.guests import make_event_tonight
from tests.journeys.looking import looked_at
from tests.notifications.purchases import buy
from tests.waiting import wait_until
from tmam.fulfilment.formats import FORMATS
from tmam.fulfilment.models import Download
from tmam.fulfilment.order_files import tokens_of
from tmam.orders.order_summary import OrderSummary, summarize_order

Browse = Callable[..., Page]


def booked(page_for: Browse, **context: Any) -> tuple[OrderSummary, Page]:
    """A person with two tickets, on the page of the booking."""
    event = make_event_tonight(now=datetime.now(UTC))
    person = make_user()
    order = summarize_order(
        buy(event, email=person.email, holders=["Ana Ruiz", "김민준"], now=datetime.now(UTC))
    )
    page = page_for(signed_in=person, **context)
    page.goto(f"/me/orders/{order.order.booking_reference}/")
    return order, page


def fetched(page: Page, link: Locator, folder: Path) -> Path:
    """The file that pressing a link brings."""
    with page.expect_download() as download:
        link.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def check(path: Path, tokens: list[str]) -> None:
    """What another program finds in a file: whole, and with these codes."""
    if path.suffix == ".pdf":
        run_tool("qpdf", "--check", path)
        assert "Ana Ruiz" in text_of(path)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            pictures = [Path(archive.extract(name, path.parent)) for name in archive.namelist()]
        assert [codes_in(picture) for picture in pictures] == [[token] for token in tokens]
    elif path.suffix == ".ics":
        assert len(Calendar.from_ical(path.read_bytes()).events) == 1
    elif path.suffix == ".pkpasses":
        assert zipfile.ZipFile(path).namelist() == ["01.pkpass", "02.pkpass"]
    else:
        assert path.suffix == ".html"
        text = path.read_text(encoding="utf-8")
        assert "Ana Ruiz" in text
        assert text.count("<svg") == len(tokens)


def fetch_everything(page: Page, order: OrderSummary, folder: Path) -> None:
    """Every form of the page of all forms, all tickets at once."""
    tokens = list(tokens_of(order).values())
    for name, form in FORMATS.items():
        card = page.locator(f"#form-{name}")
        link = card.locator("a").first
        expect(link).to_be_visible()
        check(fetched(page, link, folder), tokens)
        assert any(path.suffix.startswith(f".{form.extension}") for path in folder.iterdir())
    serials = {line.ticket.serial for line in order.lines}
    found = Download.objects.filter(event_id=order.event.id, form="pdf").values_list("serial", flat=True)
    assert wait_until(lambda: set(found.all()) == serials), "written within a moment"


def test_every_form_from_the_booking_with_scripts_and_without(browse: Browse, tmp_path: Path) -> None:
    order, page = booked(browse)
    looked_at(page, "booking")
    check(fetched(page, page.get_by_role("link", name="Download PDF"), tmp_path), [])
    expect(page.locator("[data-said]").first).to_have_text(re.compile("The download has started"))
    page.get_by_role("link", name=re.compile("^All forms")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Download my tickets")
    looked_at(page, "download")
    fetch_everything(page, order, tmp_path)
    # What was taken last is the button of the booking page from now on.
    fetched(page, page.locator("#form-png a").first, tmp_path)
    page.goto(f"/me/orders/{order.order.booking_reference}/")
    expect(page.locator(".take .button").first).to_have_text("Download picture")

    cookies = page.context.cookies()
    plain = browse(java_script_enabled=False)
    plain.context.add_cookies(cookies)
    plain.goto(page.url)
    plain.get_by_role("link", name=re.compile("^All forms")).click()
    (tmp_path / "plain").mkdir()
    fetch_everything(plain, order, tmp_path / "plain")


def test_waiting_is_said_and_a_failure_keeps_the_ticket(browse: Browse, tmp_path: Path) -> None:
    _, page = booked(browse)
    said = page.locator("[data-said]").first
    button = page.get_by_role("link", name="Download PDF")
    answers = [{"state": "failed"}, {"state": "waiting", "place": 12, "estimate_s": 40}]

    def far(route: Any) -> None:
        if answers:
            route.fulfill(json=answers.pop(0))
        else:
            route.fulfill(json={"state": "ready"})

    page.route("**/files/pdf/?state=1", far)
    button.click()
    expect(said).to_have_text(re.compile("That did not work. Your ticket is safe"))
    looked_at(page, "booking-failed")
    page.clock.install()
    button.click()
    expect(said).to_have_text(
        "Your ticket is being prepared. You are number 12 in the queue. About 40 seconds."
    )
    expect(page.locator("#live")).to_contain_text("number 12 in the queue")
    expect(button).to_have_attribute("aria-busy", "true")
    with page.expect_download() as download:
        page.clock.run_for(10_000)
    assert download.value.suggested_filename.endswith(".pdf")
    page.unroute("**/files/pdf/?state=1")
    page.context.set_offline(True)
    button.click()
    expect(said).to_have_text(re.compile("There is no connection just now. Your ticket is safe"))
    page.context.set_offline(False)


def test_an_ipad_that_calls_itself_a_macintosh(browse: Browse) -> None:
    """The script finds more than one touch point: a pass that iPads take goes first, one for development stays second."""
    agent = (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
        "Safari/605.1.15"
    )
    order, page = booked(browse, user_agent=agent)
    page.add_init_script("Object.defineProperty(navigator, 'maxTouchPoints', { value: 5 })")
    page.goto(f"/me/orders/{order.order.booking_reference}/")
    buttons = page.locator(".take .button")
    expect(buttons).to_have_text(["Download PDF", "Add to Apple Wallet"])
    expect(page.get_by_text("iPhones will refuse this pass")).to_be_visible()

    def certified(route: Route) -> None:  # as the page is where a real certificate is set
        answer = route.fetch()
        body = answer.text().replace(
            '"button button--secondary button--big"', '"button button--secondary button--big" data-on-ipad'
        )
        route.fulfill(response=answer, body=body)

    page.route("**/me/orders/*/", certified)
    page.reload()
    expect(buttons).to_have_text(["Add to Apple Wallet", "Download PDF"])
    expect(buttons.first).not_to_have_class(re.compile("button--secondary"))


def test_a_sample_is_tried_before_the_event(browse: Browse, tmp_path: Path) -> None:
    page = browse()
    page.goto("/en/help/")
    page.get_by_role("link", name="Try a sample ticket").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Try a sample ticket")
    looked_at(page, "sample")
    picture = fetched(page, page.get_by_role("link", name="Download picture"), tmp_path)
    page.get_by_role("link", name="Open the practice scanner").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Practice scanner")
    looked_at(page, "practice")
    page.get_by_label("Picture with a code").set_input_files(picture)
    shown = page.locator("[data-verdict][data-colour=admit]")
    expect(shown).to_be_visible()
    looked_at(page, "practice-green")
