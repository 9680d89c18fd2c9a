"""Tickets in a phone: in by a code, shown without a connection, scanned, guarded against changes, out again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tests.journeys.looking import looked_at
from tests.journeys.test_gate import open_scanner, steward_of, type_code, verdict
from tests.journeys.wallets import (
    ask_for_wallet_code,
    choose_pin,
    open_booking,
    read_code,
    unlock,
)
from tmam.kernel.bound_token import decode_bound, is_proof_genuine
from tmam.orders.models import Order

Browse = Callable[..., Page]

# What somebody with the browser's tools might do: turn one bit of a stored ticket.
TURN_A_BIT = """async () => {
  const opening = indexedDB.open("tmam-wallet");
  const database = await new Promise((resolve) => (opening.onsuccess = () => resolve(opening.result)));
  const store = database.transaction("records", "readwrite").objectStore("records");
  const keys = await new Promise((resolve) => (store.getAllKeys().onsuccess = (event) => resolve(event.target.result)));
  const key = keys.findLast((each) => each !== "index");
  const bytes = await new Promise((resolve) => (store.get(key).onsuccess = (event) => resolve(event.target.result)));
  bytes[40] ^= 1;
  await new Promise((resolve) => (store.put(bytes, key).onsuccess = resolve));
  database.close();
}"""


def test_a_ticket_in_a_phone_from_the_booking_to_the_gate_and_out_again(browse: Browse) -> None:
    event = make_event_tonight(now=datetime.now(UTC))
    order = make_order(event, "Ana Ruiz", "Bea Ruiz")
    page = browse(reduced_motion="reduce")
    put_in(page, order)
    # The cellar: no network at all, and the page is opened anew. The phone's clock is held two minutes back.
    page.clock.install(time=datetime.now(UTC) - timedelta(minutes=2))
    page.context.set_offline(True)
    page.reload()
    picture, moved = show_without_connection(page)
    gate = browse(signed_in=steward_of(event))
    open_scanner(gate)
    enter(page, gate, picture, moved)
    find_a_changed_record(page, gate)
    take_out_from_elsewhere(page, page.context.new_page(), order)


def put_in(page: Page, order: Order) -> None:
    """By the link from the mail, the code from another mail, and a PIN."""
    open_booking(page, order)
    page.get_by_role("link", name=re.compile("^Keep in a phone")).click()
    looked_at(page, "wallet-keep")
    ask_for_wallet_code(page, order)
    page.get_by_role("link", name="Put them in here").click()
    expect(page.get_by_role("heading", name="How shall we lock your tickets?")).to_be_visible()
    assert "#" not in page.url
    looked_at(page, "wallet-lock")
    choose_pin(page)
    expect(page.get_by_role("button", name="Safe offline: works without a connection")).to_be_visible()
    looked_at(page, "wallet-list")


def show_without_connection(page: Page) -> tuple[str, str]:
    """Unlock it and show Ana's code: two codes, fifteen seconds apart."""
    expect(page.get_by_role("heading", name="Your wallet is locked")).to_be_visible()
    unlock(page, "111111")
    expect(page.get_by_text("Tries left before the wallet wipes itself: 9")).to_be_visible()
    unlock(page)
    expect(page.get_by_text("No connection", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("Winter Lights.*Ana Ruiz")).click()
    picture = read_code(page)
    looked_at(page, "wallet-code")
    page.clock.fast_forward(15_000)
    moved = read_code(page, after=picture)
    assert is_proof_genuine(decode_bound(picture))
    assert is_proof_genuine(decode_bound(moved))
    assert decode_bound(moved).certificate == decode_bound(picture).certificate
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-count]")).to_have_text("Ticket 2 of 2")
    page.keyboard.press("ArrowLeft")
    return picture, moved


def enter(page: Page, gate: Page, picture: str, moved: str) -> None:
    """The gate has a connection of its own: a picture of the screen is too old, the live code is good once."""
    type_code(gate, picture)
    expect(verdict(gate, "refuse")).to_contain_text("gates.stale_code")
    gate.get_by_role("button", name="Scan next").click()
    page.clock.fast_forward(105_000)
    type_code(gate, read_code(page, after=moved))
    expect(verdict(gate, "admit")).to_contain_text("Ana Ruiz")
    gate.get_by_role("button", name="Scan next").click()


def find_a_changed_record(page: Page, gate: Page) -> None:
    """Somebody turns a bit of a stored ticket: it is refused loudly, and server and gate hear of it."""
    page.evaluate(TURN_A_BIT)
    page.reload()
    unlock(page)
    expect(page.get_by_role("alert").filter(has_text="A ticket in this phone was changed")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Winter Lights"))).to_have_count(1)
    looked_at(page, "wallet-tampered")
    page.context.set_offline(False)
    expect(page.get_by_text("The changed ticket was replaced")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Winter Lights"))).to_have_count(2)
    page.get_by_role("button", name="Understood").click()
    page.get_by_role("button", name=re.compile("Winter Lights.*Bea Ruiz")).click()
    type_code(gate, read_code(page))
    expect(verdict(gate, "admit")).to_contain_text("Look twice: the guest's phone reported")
    page.get_by_role("button", name="All tickets").click()
    page.get_by_role("button", name="This phone").click()
    expect(page.get_by_text("Tickets kept in this phone: 2")).to_be_visible()
    looked_at(page, "wallet-phone")


def take_out_from_elsewhere(page: Page, desk: Page, order: Order) -> None:
    """On the booking page, proven a moment ago: the phone is wiped at its next contact, files work again."""
    desk.goto(f"/me/orders/{order.booking_reference}/")
    desk.get_by_role("link", name="Take it out of the phone").first.click()
    for box in desk.get_by_role("checkbox").all():  # the link ticked one ticket, its own
        box.check()
    desk.get_by_role("button", name="Take them out").click()
    expect(desk.get_by_text("2 tickets are out of the phone.")).to_be_visible()
    assert desk.request.get(f"/me/orders/{order.booking_reference}/files/ics/").ok
    page.get_by_role("button", name="Ask the server now").click()
    expect(page.get_by_text("A ticket was taken out of this phone")).to_have_count(2)
    expect(page.get_by_text("Tickets kept in this phone: 0")).to_be_visible()
