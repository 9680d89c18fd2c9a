"""The pictures under `docs/screenshots/`, taken on a walk through the demo season: `make screenshots`."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.camera import camera_arguments, film_of
from tests.journeys.chromium import launch_chromium
from tests.journeys.conftest import wait_until_ready
from tests.journeys.signing_in import code_in_the_demo_mail, fill_sign_in, type_code
from tmam.demo.cast import DEMO_PASSWORDS
from tmam.platform.embedded_postgres import free_port
from tmam.platform.processes.spawn import spawn, stop

pytestmark = [pytest.mark.screenshots, pytest.mark.timeout(600)]
FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
OPEN_NOW = (
    "A Month of Light"  # the event of the season whose doors are open, so that its ticket can be scanned
)
OVERVIEW = ("1-search", "2-event", "6-my-tickets", "7-gate")


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh product with the demo season; gives its origin."""
    folder, port = tmp_path_factory.mktemp("season"), free_port()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TMAM_", "DATABASE_URL", "DJANGO_"))
    }
    environment = {**kept, "TMAM_STATE": str(folder / "var"), "TMAM_PORT": str(port), "TMAM_MODE": "demo"}
    log = folder / "up.log"
    with log.open("wb") as output:
        process = spawn([sys.executable, "-m", "tmam.cli", "up"], env=environment, output=output)
        try:
            wait_until_ready(process, port, log)
            yield f"http://localhost:{port}"
        finally:
            stop(process, with_signal=signal.SIGTERM, patience_s=30)


Open = Callable[..., Page]


@pytest.fixture
def open_page(season: str, playwright: Playwright) -> Iterator[Open]:
    """Opens a page of a new person on the season."""
    browsers: list[Browser] = []

    def open_(viewport: dict[str, int], film: Path | None = None, **context: Any) -> Page:
        browser = launch_chromium(playwright, arguments=camera_arguments(film))
        browsers.append(browser)
        options = {"base_url": season, "locale": "en-GB", "viewport": viewport, "device_scale_factor": 1.5}
        return browser.new_context(**(options | context)).new_page()

    yield open_
    for browser in browsers:
        browser.close()


def picture(page: Page, name: str) -> None:
    """Take what one sees without scrolling."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    page.evaluate("() => document.fonts.ready.then(() => null)")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def sign_in(page: Page, part: str) -> None:
    """Sign in on the page that asks for it."""
    name = {"buyer": "buyer", "organizer": "organizer", "steward": "gate"}[part]
    email = f"{name}@demo.tmam.example"
    fill_sign_in(page, email, DEMO_PASSWORDS[part])
    type_code(page, code_in_the_demo_mail(page, email))


def walk(page: Page, size: str, folder: Path) -> Path:
    """From search to the download; returns the ticket as a picture."""
    page.goto("/en/")
    picture(page, f"1-search-{size}")
    page.get_by_role("searchbox").fill("month of ligth")
    page.get_by_role("button", name="Search").first.click()
    page.locator("main a[href*='/e/']").filter(has_text=OPEN_NOW).first.click()
    page.locator("[name^=quantity-]").first.fill("2")
    picture(page, f"2-event-{size}")
    page.get_by_role("button", name="Reserve tickets").click()
    page.wait_for_url("**/checkout/")
    picture(page, f"3-reserved-{size}")
    page.get_by_role("link", name="Continue").click()
    page.get_by_label("E-mail").fill("maria.soler@buyers.example")
    page.get_by_label("Your full name").fill("Maria Soler")
    page.get_by_role("button", name="Continue to payment").last.click()
    page.get_by_label("A card that works").check()
    page.get_by_label("I accept the terms").check()
    picture(page, f"4-checkout-{size}")
    page.get_by_role("button", name=re.compile("^Pay ")).click()
    page.wait_for_url("**/done/")
    picture(page, f"5-confirmation-{size}")
    page.get_by_role("link", name="Show tickets").click()
    page.wait_for_url("**/me/orders/**")
    picture(page, f"6-my-tickets-{size}")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("As a picture")).first.click()
    download.value.save_as(folder / "ticket.png")
    return folder / "ticket.png"


def scan(page: Page, size: str) -> None:
    """A steward's phone sees the ticket."""
    page.goto("/gate/")
    sign_in(page, "steward")
    page.get_by_role("link", name=re.compile(OPEN_NOW)).first.click()
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Start scanning").click()
    expect(page.locator("[data-verdict][data-colour=admit]")).to_be_visible(timeout=20_000)
    picture(page, f"7-gate-{size}")


@pytest.mark.parametrize(("size", "viewport"), [("phone", PHONE), ("desktop", DESKTOP)])
def test_the_seven_steps(open_page: Open, tmp_path: Path, size: str, viewport: dict[str, int]) -> None:
    ticket = walk(open_page(viewport), size, tmp_path)
    scan(open_page(viewport, film=film_of(ticket, tmp_path / "ticket.mjpeg")), size)


def test_the_studio_and_the_overview(open_page: Open) -> None:
    page = open_page(DESKTOP)
    page.goto("/studio/")
    sign_in(page, "organizer")
    page.wait_for_url("**/studio/**")
    picture(page, "8-studio-desktop")
    overview([FOLDER / f"{name}-phone.png" for name in OVERVIEW], FOLDER / "overview.png")


def overview(pictures: list[Path], target: Path) -> None:
    """Four phones side by side on a warm ground, with rounded corners."""
    phones = [
        Image.open(path).convert("RGB").resize((292, 633), Image.Resampling.LANCZOS) for path in pictures
    ]
    ground = Image.new("RGB", (40 + len(phones) * 332, 713), (240, 236, 229))
    corner = Image.new("L", phones[0].size, 0)
    ImageDraw.Draw(corner).rounded_rectangle((0, 0, phones[0].width - 1, phones[0].height - 1), 22, fill=255)
    for number, phone in enumerate(phones):
        ground.paste(phone, (40 + number * 332, 40), corner)
    ground.save(target, optimize=True)
