"""The wallet's page in a real browser: its codes, its locks, its new versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import make_user
from tests.fulfilment.wallet.phones import offer, text_of
from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import session_cookie
from tests.journeys.wallets import choose_pin, read_code, unlock
from tests.web.wallet.site import Site, wallet_site
from tmam.kernel.bound_token import (
    bound_text,
    certificate_sha256,
    decode_bound,
    is_proof_genuine,
    proof_message,
    sign_certificate,
)
from tmam.kernel.token import TokenBody, public_key_of, sign_bytes
from tmam.tickets.models import Ticket

SERVER, DEVICE = b"s" * 32, b"d" * 32
BODY = TokenBody(3, 1, 42, 1, 7, 2, datetime(2026, 12, 5, 17, 0, tzinfo=UTC), 600, "minutes")
STEPS = (0, 119_000_000, 2**32 - 1)
# Both ways to sign: the browser's own Ed25519, and the library that older browsers get.
MAKE_CODES = """async ([certificate, seed, steps]) => {
  const base = "/static/tmam/js/wallet/";
  const { fromBase64, joined } = await import(base + "bytes.js");
  const { liveCode, readCertificate } = await import(base + "live-code.js");
  const { signerOf, isSigned } = await import(base + "device-key.js");
  const prefix = Uint8Array.from([48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32]);
  const pkcs8 = joined(prefix, fromBase64(seed));
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, { name: "Ed25519" }, false, ["sign"]);
  const raw = fromBase64(certificate);
  const says = readCertificate(raw);
  const codes = [];
  for (const sign of [signerOf({ key }), signerOf({ seed: fromBase64(seed) })]) {
    for (const step of steps) codes.push(await liveCode(raw, step, sign));
  }
  return { codes, event: says.event, serial: says.serial, keyId: says.keyId, generation: says.generation };
}"""

CONTROLLED = """new Promise((resolve) => {
  if (navigator.serviceWorker.controller) resolve();
  else navigator.serviceWorker.addEventListener("controllerchange", () => resolve(), { once: true });
})"""


@pytest.fixture
def site(live_database: None) -> Iterator[Site]:
    del live_database
    with wallet_site() as site:
        yield site


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site.origin, viewport={"width": 375, "height": 760}, locale="en-GB", reduced_motion="reduce"
    )
    page = context.new_page()
    yield page
    context.close()


def test_the_page_makes_exactly_the_codes_that_gates_expect(page: Page) -> None:
    certificate = sign_certificate(BODY, public_key_of(DEVICE), SERVER)
    expected = [
        bound_text(certificate, step, sign_bytes(proof_message(certificate, step), DEVICE)) for step in STEPS
    ]
    page.goto("/wallet/")
    made: dict[str, Any] = page.evaluate(MAKE_CODES, [text_of(certificate), text_of(DEVICE), list(STEPS)])
    assert made["codes"] == expected * 2
    assert (made["event"], made["serial"], made["keyId"], made["generation"]) == (42, 7, 3, 1)


def test_wrong_pins_cost_time_and_at_last_the_tickets(page: Page) -> None:
    page.goto("/wallet/")
    expect(page.get_by_role("heading", name="No tickets here yet")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Put the tickets in this phone").click()
    expect(page.get_by_text("Type the code from your booking.")).to_be_visible()
    for typed in ("ABC", "🎫🎫🎫🎫🎫🎫🎫🎫🎫🎫", "abcde-123456", "ábcde-12345"):
        page.get_by_label("Code from your booking").fill(typed)
        page.get_by_role("button", name="Put the tickets in this phone").click()
        expect(page.get_by_text("A code has ten letters and digits")).to_be_visible()
        expect(page.get_by_label("Code from your booking")).to_be_focused()
        page.get_by_label("Code from your booking").fill("")
        page.get_by_role("button", name="Put the tickets in this phone").click()
        expect(page.get_by_text("Type the code from your booking.")).to_be_visible()
    page.get_by_label("Code from your booking").fill(" abcde – 12345")
    page.get_by_role("button", name="Put the tickets in this phone").click()
    choose_pin(page, "12345")
    expect(page.get_by_text("A PIN has 6 to 12 digits.")).to_be_visible()
    for easy in ("111111", "123456", "987654", "8901234"):
        choose_pin(page, easy)
        expect(page.get_by_text("That PIN is easy to guess.")).to_be_visible()
        expect(page.get_by_label("New PIN")).to_have_attribute("aria-invalid", "true")
        choose_pin(page, "12345")
        expect(page.get_by_text("A PIN has 6 to 12 digits.")).to_be_visible()
    choose_pin(page)
    expect(page.get_by_role("alert").filter(has_text="This code does not work")).to_be_visible()

    page.clock.install()
    page.reload()
    expect(page.get_by_role("heading", name="Your wallet is locked")).to_be_visible()
    for left in (9, 8, 7):
        unlock(page, "000000")
        expect(page.get_by_text(f"Tries left before the wallet wipes itself: {left}")).to_be_visible()
    # Now it pauses, for the right PIN too, and closing the page does not help.
    page.reload()
    unlock(page)
    expect(page.get_by_text("Too many wrong PINs. Try again at")).to_be_visible()
    for left in (6, 5, 4, 3, 2, 1):
        page.clock.fast_forward(3_600_000)
        unlock(page, "000000")
        expect(page.get_by_text(f"Tries left before the wallet wipes itself: {left}")).to_be_visible()
    page.clock.fast_forward(3_600_000)
    unlock(page, "000000")
    expect(page.get_by_role("alert").filter(has_text="The wallet was wiped")).to_be_visible()
    assert_accessible(page)


def test_a_passkey_locks_and_opens(page: Page) -> None:
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "hasPrf": True,
        "automaticPresenceSimulation": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/wallet/#add=ABCDE12345")
    page.get_by_role("button", name="Lock with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="This code does not work")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Open with your passkey").click()
    expect(page.get_by_role("heading", name="No tickets here yet")).to_be_visible()


def test_a_new_version_waits_until_it_is_wanted_and_takes_the_old_one_s_place(page: Page, site: Site) -> None:
    page.goto("/wallet/")
    page.evaluate(CONTROLLED)
    page.context.set_offline(True)
    page.goto("/wallet/?language=es")
    expect(page.get_by_role("heading", name="No tickets here yet")).to_have_count(0)
    page.goto("/wallet/")
    assert page.locator("html").get_attribute("lang") == "es"
    page.context.set_offline(False)
    page.goto("/wallet/?language=en")
    site.worker_ending = "\n// another version"
    page.evaluate("navigator.serviceWorker.getRegistration().then((each) => each.update())")
    expect(page.get_by_text("A new version of the wallet is ready.")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Use it now").click()
    choice, shell = sorted(page.evaluate("caches.keys()"))
    assert choice == "tmam-wallet-choice"
    # It answers for nothing else of the site.
    kept = page.evaluate(
        "name => caches.open(name).then((each) => each.keys()).then((all) => all.map((one) => one.url))",
        shell,
    )
    assert not [url for url in kept if "/wallet/" not in url and "/static/" not in url]


def test_signing_out_gives_tickets_back_and_wipes_them(page: Page, site: Site) -> None:
    order = make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz")
    page.goto(f"/wallet/#add={offer(order)}")
    page.get_by_role("button", name="Go on without a lock").click()
    expect(page.get_by_role("button", name="Show the code")).to_be_visible()
    page.context.add_cookies([session_cookie(make_user(), site.origin)])  # type: ignore[list-item]  # a plain cookie
    page.goto("/accounts/logout/")
    expect(page.get_by_text("Tickets in this phone's wallet are taken out, too")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/me/tickets/")
    assert Ticket.objects.get(event_id=order.event_id).device_key is None
    page.goto("/wallet/")
    expect(page.get_by_text("This browser was signed out of your account")).to_be_visible()
    expect(page.get_by_role("heading", name="No tickets here yet")).to_be_visible()


# What a script of our origin finds while the wallet is locked: every key that can sign, and what it hears of the tickets.
SIGN_WITH_WHAT_LIES_THERE = """async () => {
  const { Store } = await import("/static/tmam/js/wallet/store.js");
  const { Server } = await import("/static/tmam/js/wallet/server.js");
  const { signerOf } = await import("/static/tmam/js/wallet/device-key.js");
  const { fromId, storedIds } = await import("/static/tmam/js/wallet/vault.js");
  const store = await Store.open();
  const have = (await storedIds(store)).map((id) => ({ ...fromId(id), version: "", shown: 0, tampered: false }));
  const heard = {};
  for (const [name, kept] of await store.entries("keys")) {
    if (!kept.key?.usages.includes("sign")) continue;
    const server = new Server({ publicKey: kept.publicKey, sign: signerOf(kept), language: "en" });
    const { changed, gone } = await server.send("sync", { have });
    heard[name] = [changed.length, gone.length];
  }
  return heard;
}"""


def test_a_locked_wallet_signs_nothing_but_can_give_tickets_back(page: Page, site: Site) -> None:
    order = make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz")
    page.goto(f"/wallet/#add={offer(order)}")
    choose_pin(page)
    expect(page.get_by_role("button", name="Show the code")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Your wallet is locked")).to_be_visible()
    assert page.evaluate(SIGN_WITH_WHAT_LIES_THERE) == {"contact": [0, 1]}
    # Another PIN takes the key along.
    unlock(page)
    page.get_by_role("button", name="This phone").click()
    page.get_by_role("button", name="Choose another lock").click()
    choose_pin(page, "135790")
    expect(page.get_by_role("button", name="Show the code")).to_be_visible()
    page.goto("/wallet/?again")
    unlock(page, "135790")
    page.get_by_role("button", name="Show the code").click()
    assert is_proof_genuine(decode_bound(read_code(page)))
    page.context.add_cookies([session_cookie(make_user(), site.origin)])  # type: ignore[list-item]  # a plain cookie
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/me/tickets/")
    assert Ticket.objects.get(event_id=order.event_id).device_key is None


def test_a_lock_that_comes_later_gets_a_new_key_and_no_moment_without_a_ticket(
    page: Page, site: Site
) -> None:
    order = make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz")
    page.goto(f"/wallet/#add={offer(order)}")
    page.get_by_role("button", name="Go on without a lock").click()
    expect(page.get_by_role("button", name="Show the code")).to_be_visible()
    first = Ticket.objects.get(event_id=order.event_id)
    # The server's answer is lost on the way: it knows the new key, the phone shows the old code, and that is good.
    page.route("**/wallet/api/renew/", lambda route: (route.fetch(), route.abort()))
    page.get_by_role("button", name="This phone").click()
    page.get_by_role("button", name="Choose another lock").click()
    expect(page.get_by_text("this phone makes itself a new key that the lock covers")).to_be_visible()
    assert_accessible(page)
    with page.expect_event("requestfailed"):
        choose_pin(page)
    between = Ticket.objects.get(event_id=order.event_id)
    assert bytes(between.device_key or b"") != bytes(first.device_key or b"")
    page.get_by_role("button", name="Show the code").click()
    shown = decode_bound(read_code(page)).certificate
    assert certificate_sha256(shown) == bytes(between.former_sha256 or b"") == bytes(first.token_sha256)
    page.get_by_role("button", name="All tickets").click()
    page.get_by_role("button", name="This phone").click()
    expect(page.get_by_text("this phone gets a new key, which the lock covers")).to_be_visible()
    page.unroute("**/wallet/api/renew/")
    # Closed in between, and opened by the PIN: what is waiting goes on.
    page.reload()
    unlock(page)
    expect(page.get_by_text("Your lock covers everything now")).to_be_visible()
    after = Ticket.objects.get(event_id=order.event_id)
    assert (after.generation, after.former_sha256) == (between.generation, None)
    page.get_by_role("button", name="Show the code").click()
    code = decode_bound(read_code(page))
    assert is_proof_genuine(code)
    assert certificate_sha256(code.certificate) == bytes(after.token_sha256)
    page.get_by_role("button", name="All tickets").click()
    page.get_by_role("button", name="This phone").click()
    expect(page.get_by_text("The lock covers the key that makes your codes, too")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Your wallet is locked")).to_be_visible()
    assert page.evaluate(SIGN_WITH_WHAT_LIES_THERE) == {"contact": [0, 1]}


def test_a_window_that_another_has_overtaken_opens_itself_anew(page: Page, site: Site) -> None:
    order = make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz")
    page.goto(f"/wallet/#add={offer(order)}")
    page.get_by_role("button", name="Go on without a lock").click()
    expect(page.get_by_role("button", name="Show the code")).to_be_visible()
    other = page.context.new_page()
    other.goto("/wallet/")
    other.get_by_role("button", name="This phone").click()
    page.get_by_role("button", name="This phone").click()
    page.get_by_role("button", name="Choose another lock").click()
    choose_pin(page)
    expect(page.get_by_text("Your lock covers everything now")).to_be_visible()
    other.get_by_role("button", name="Ask the server now").click()
    expect(other.get_by_role("heading", name="Your wallet is locked")).to_be_visible()
    page.get_by_role("button", name="Show the code").click()
    assert is_proof_genuine(decode_bound(read_code(page)))


def test_a_browser_that_cannot_is_told_what_works_instead(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.origin)
    page = context.new_page()
    page.add_init_script("delete window.caches")
    page.goto("/wallet/")
    expect(page.get_by_role("heading", name="This browser cannot keep tickets safely")).to_be_visible()
    expect(page.get_by_role("link", name="My tickets")).to_be_visible()
    context.close()
