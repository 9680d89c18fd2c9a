"""Tickets in a phone: in by a code, shown without a connection, scanned, guarded against changes, out again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tests.journeys.looking import looked_at
from tests.journeys.wallets import (
    PIN,
    ask_for_wallet_code,
    choose_pin,
    open_booking,
    read_code,
    unlock,
)
from tmam.kernel.bound_token import decode_bound, is_proof_fresh, is_proof_genuine
from tmam.tickets.models import Ticket

Browse = Callable[..., Page]

# What somebody with the browser's tools might do: turn one bit of a stored ticket.
TURN_A_BIT = """async () => {
  const opening = indexedDB.open("tmam-wallet");
  const database = await new Promise((resolve) => (opening.onsuccess = () => resolve(opening.result)));
  const store = database.transaction("records", "readwrite").objectStore("records");
  const keys = await new Promise((resolve) => (store.getAllKeys().onsuccess = (event) => resolve(event.target.result)));
  const key = keys.find((each) => each !== "index");
  const bytes = await new Promise((resolve) => (store.get(key).onsuccess = (event) => resolve(event.target.result)));
  bytes[40] ^= 1;
  await new Promise((resolve) => (store.put(bytes, key).onsuccess = resolve));
  database.close();
}"""


def test_a_ticket_in_a_phone_from_the_booking_to_the_gate_and_out_again(browse: Browse) -> None:
    order = make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz", "Bea Ruiz")
    page = browse()
    open_booking(page, order)
    ask_for_wallet_code(page, order)
    looked_at(page, "wallet-offer")
    page.get_by_role("link", name="Put them in here").click()
    expect(page.get_by_role("heading", name="How shall we lock your tickets?")).to_be_visible()
    assert "#" not in page.url
    looked_at(page, "wallet-lock")
    choose_pin(page)
    expect(page.get_by_role("button", name="Safe offline: works without a connection")).to_be_visible()
    looked_at(page, "wallet-list")

    # The cellar: no network at all, and the page is opened anew.
    page.clock.install()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", name="Your wallet is locked")).to_be_visible()
    looked_at(page, "wallet-locked")
    unlock(page, "111111")
    expect(page.get_by_text("Tries left before the wallet wipes itself: 9")).to_be_visible()
    unlock(page)
    expect(page.get_by_text("No connection", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("Winter Lights.*Ana Ruiz")).click()
    first = read_code(page)
    looked_at(page, "wallet-code")
    page.clock.fast_forward(15_000)
    page.wait_for_timeout(300)
    second = read_code(page)
    for code in (first, second):
        assert is_proof_genuine(decode_bound(code))
    assert decode_bound(first).certificate == decode_bound(second).certificate
    assert decode_bound(second).step == decode_bound(first).step + 1
