"""Steps of journeys with a wallet: into the phone, unlocked, its code read as a camera would."""

from __future__ import annotations

import io
import re

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.mails import found_in_mails
from tmam.notifications.mail_folder import KeptMail
from tmam.orders.models import Order
from tmam.orders.order_links import sign_open_link

PIN = "482913"


def open_booking(page: Page, order: Order) -> None:
    """By the link from the mail."""
    page.goto(f"/me/tickets/open/?t={sign_open_link(order)}")
    page.get_by_role("button", name="Show my tickets").click()
    page.wait_for_url(f"**/me/orders/{order.booking_reference}/")


def mailed_order_code(order: Order) -> str:
    """The digits of the newest mail that asked whether it is their booking."""

    def code(mail: KeptMail) -> str | None:
        found = re.match(r"(\d{6}) ", mail.subject) if order.booking_reference in mail.subject else None
        return found and found[1]

    return found_in_mails(code, f"a code for the booking {order.booking_reference}")[0]


def type_order_code(page: Page, order: Order) -> None:
    """Prove that the booking is ours by the code from the mail."""
    page.wait_for_url("**/wallet/code/*/")
    page.get_by_label("Code from the mail").fill(mailed_order_code(order))
    page.get_by_role("button", name="Continue").click()


def ask_for_wallet_code(page: Page, order: Order) -> None:
    """From what it means to the page with the code that a phone takes."""
    page.get_by_role("button", name="Keep in a phone").click()
    type_order_code(page, order)
    expect(page.get_by_role("heading", name="Put them into the phone")).to_be_visible()


def choose_pin(page: Page, pin: str = PIN) -> None:
    page.get_by_label("New PIN").fill(pin)
    page.get_by_label("The same PIN again").fill(pin)
    page.get_by_role("button", name="Lock with this PIN").click()


def unlock(page: Page, pin: str = PIN) -> None:
    page.get_by_label("Your PIN").fill(pin)
    page.get_by_role("button", name="Open", exact=True).click()


def read_code(page: Page, *, after: str = "") -> str:
    """What a scanner sees on the screen now; `after` waits until it is another code than that."""
    box = page.get_by_role("img", name=re.compile("^Moving code"))
    expect(box.locator("path")).to_have_attribute("d", re.compile("^M"))
    for _ in range(40):
        with Image.open(io.BytesIO(box.screenshot())) as picture:
            found = zxingcpp.read_barcodes(picture.convert("L"))
        if found and found[0].text != after:
            return str(found[0].text)
        page.evaluate("new Promise(requestAnimationFrame)")
    raise AssertionError("no (new) code on the screen")
