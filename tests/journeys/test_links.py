"""A mailed link on two devices: the first is let in, the second asks the mailbox; a ticket is handed to a phone."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Page, expect

from tests.cast import unique
from tests.delivery.outside import codes_in
from tests.gates.guests import make_event_tonight
from tests.journeys.conftest import Stack
from tests.journeys.looking import looked_at
from tests.journeys.signing_in import mailed_code
from tests.notifications.purchases import buy
from tmam.orders.order_links import sign_open_link

Browse = Callable[..., Page]


def test_a_link_on_two_devices_a_phone_beside_a_laptop_and_a_locked_pdf(
    browse: Browse, stack: Stack, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    order = buy(make_event_tonight(now=now), email=f"{unique('ana')}@buyers.example", now=now)
    link, base = f"/me/tickets/open/?t={sign_open_link(order)}", f"/me/orders/{order.booking_reference}/"
    laptop = browse()
    laptop.goto(link)
    looked_at(laptop, "opening")
    laptop.get_by_role("button", name="Show my tickets").click()
    laptop.wait_for_url(f"**{base}")

    stranger = browse(java_script_enabled=False)
    stranger.goto(link)
    stranger.get_by_role("button", name="Send me a code").click()
    code = mailed_code(order.email)
    stranger.get_by_label("Code from the e-mail").fill("12")
    stranger.get_by_role("button", name="Continue").click()
    expect(stranger.get_by_text("That is not the code").first).to_be_visible()
    stranger.get_by_label("Code from the e-mail").fill(code)
    stranger.get_by_role("button", name="Continue").click()
    stranger.wait_for_url(f"**{base}")

    laptop.get_by_role("link", name="links and devices").click()
    looked_at(laptop, "links")
    laptop.get_by_role("link", name="Ticket 1").click()
    looked_at(laptop, "phone")
    laptop.locator(".me-code svg").screenshot(path=tmp_path / "code.png")
    (address,) = codes_in(tmp_path / "code.png")
    phone = browse()
    phone.goto(f"{urlsplit(address).path}?{urlsplit(address).query}")
    looked_at(phone, "phone-opening")
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Download the ticket").click()
    assert download.value.suggested_filename.endswith("-1.png")

    laptop.goto(f"{base}links/")
    laptop.get_by_role("button", name="Stop all links").click()
    expect(laptop.get_by_text("All links are stopped")).to_be_visible()
    stranger.goto(base)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("We cannot show tickets here")

    laptop.goto(f"{base}protect/")
    looked_at(laptop, "protect")
    for label in ("Password", "The same password again"):
        laptop.get_by_label(label, exact=True).fill("correct horse")
    with laptop.expect_download() as download:
        laptop.get_by_role("button", name="Download the protected PDF").click()
    download.value.save_as(tmp_path / "locked.pdf")
    secrets = [urlsplit(each).query.removeprefix("t=") for each in (link, address)]
    logs = [stack.log, *(settings.TMAM.state / "log").glob("*.log")]
    written = "".join(log.read_text(errors="replace") for log in logs)
    assert base in written
    assert not [secret for secret in secrets if secret in written]
    shut = subprocess.run(
        ["qpdf", "--check", tmp_path / "locked.pdf"], capture_output=True, text=True, check=False
    )
    assert "invalid password" in shut.stderr
