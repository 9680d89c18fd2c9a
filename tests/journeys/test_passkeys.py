"""Passkeys in a real browser, with Chromium's own virtual authenticators (CDP's WebAuthn domain; it needs `localhost`)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import CDPSession, Page, expect

from tests.cast import PASSWORD, make_user
from tests.journeys.axe import assert_accessible
from tmam.accounts.models import Passkey, User

Browse = Callable[..., Page]
SIGN_IN = "Sign in with a passkey"
ADD = "/accounts/passkeys/add/"


class Authenticators:
    """The authenticators of one page: a built-in one with a fingerprint reader, or a key on the USB port."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")

    def add(self, *, is_built_in: bool = True) -> str:
        options = {
            "protocol": "ctap2",
            "transport": "internal" if is_built_in else "usb",
            "hasResidentKey": is_built_in,
            "hasUserVerification": is_built_in,
            "isUserVerified": is_built_in,
            "automaticPresenceSimulation": True,
        }
        return str(self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"])

    def refuse(self, authenticator: str, *, refuses: bool) -> None:
        """The owner looks away, or takes part again."""
        self._set("WebAuthn.setUserVerified", authenticator, isUserVerified=not refuses)

    def is_present(self, authenticator: str, *, is_there: bool) -> None:
        """Whether a finger is on the reader."""
        self._set("WebAuthn.setAutomaticPresenceSimulation", authenticator, enabled=is_there)

    def remove(self, authenticator: str) -> None:
        self._set("WebAuthn.removeVirtualAuthenticator", authenticator)

    def credentials(self, authenticator: str) -> list[dict[str, Any]]:
        found = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
        return list(found["credentials"])

    def _set(self, method: str, authenticator: str, **values: Any) -> None:
        self.cdp.send(method, {"authenticatorId": authenticator, **values})


def sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(r"/(me/tickets|accounts/new-device|accounts/second-factor)/"))
    if "/new-device/" in page.url:
        page.get_by_label("Code from the e-mail").fill(mailed_code(page, user.email))
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/me/tickets/")


def mailed_code(page: Page, email: str) -> str:
    """The newest code that came to an address, read in the demonstration's post office."""
    office = page.context.new_page()
    try:
        for _ in range(100):
            office.goto("/demo/mail/")
            mail = office.locator(".mail-list > li").filter(has_text=email).first
            found = (
                re.search(r"\b\d{6}\b", mail.locator(".mail-list__subject").inner_text())
                if mail.count()
                else None
            )
            if found:
                return found[0]
            office.wait_for_timeout(100)
    finally:
        office.close()
    raise AssertionError("no mail came")


def prove_by_password(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def put_codes_away(page: Page) -> None:
    page.get_by_label("I have put them away safely").check()
    page.get_by_role("button", name="Done").click()


def sign_out(page: Page) -> None:
    page.goto("/me/account/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/me/tickets/")


def add_passkey(page: Page, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Make the passkey").click()


def test_a_passkey_from_the_offer_to_its_removal(browse: Browse) -> None:
    user, page = make_user(), browse()
    keys = Authenticators(page)
    built_in = keys.add()
    sign_in(page, user)
    offer = page.get_by_role("link", name="Set up a passkey")
    expect(offer).to_be_visible()
    assert_accessible(page)
    offer.click()
    prove_by_password(page)
    expect(page.get_by_role("heading", name="Set up a passkey")).to_be_visible()
    assert_accessible(page)

    keys.refuse(built_in, refuses=True)
    add_passkey(page, "My telephone")
    expect(page.get_by_role("alert")).to_contain_text("cancelled")
    keys.refuse(built_in, refuses=False)
    page.get_by_role("button", name="Make the passkey").click()
    put_codes_away(page)
    assert len(keys.credentials(built_in)) == 1

    sign_out(page)
    keys.is_present(built_in, is_there=False)
    page.goto("/accounts/login/")
    assert_accessible(page)
    keys.is_present(built_in, is_there=True)
    page.goto("/accounts/login/?next=/accounts/passkeys/")
    # Offered in the name field by the browser itself; a virtual finger takes it at once.
    expect(page.get_by_role("heading", name="Passkeys and security keys")).to_be_visible()
    expect(page.get_by_role("link", name="Change My telephone")).to_be_visible()
    assert_accessible(page)
    kept = Passkey.objects.get(authenticator__user=user)
    assert kept.sign_count > 0
    sign_out(page)
    page.add_init_script("delete PublicKeyCredential.isConditionalMediationAvailable")
    page.goto("/accounts/login/")
    page.get_by_role("button", name=SIGN_IN).click()
    page.wait_for_url("**/me/tickets/")
    expect(page.get_by_role("link", name="Set up a passkey")).to_be_hidden()

    page.goto(f"/accounts/passkeys/{kept.pk}/")
    expect(page.get_by_role("heading", name="It is you, once more")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Use the passkey or key").click()
    page.get_by_label("Name").fill("Old telephone")
    assert_accessible(page)
    page.get_by_role("button", name="Save the name").click()
    page.get_by_role("link", name="Change Old telephone").click()
    page.get_by_role("button", name="Remove this key").click()
    expect(page.get_by_text("does not open your account any more")).to_be_visible()
    assert not Passkey.objects.filter(authenticator__user=user).exists()


def test_a_security_key_is_asked_for_after_the_password(browse: Browse) -> None:
    user, page = make_user(), browse(viewport={"width": 1280, "height": 800})
    keys = Authenticators(page)
    usb = keys.add(is_built_in=False)
    sign_in(page, user)
    page.goto("/accounts/passkeys/add/security-key/")
    prove_by_password(page)
    assert_accessible(page)
    page.get_by_role("button", name="Add the key").click()
    put_codes_away(page)
    sign_out(page)

    sign_in(page, user)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Use the passkey or key").click()
    page.wait_for_url("**/me/tickets/")

    sign_out(page)
    keys.remove(usb)
    keys.add()  # a device that knows nothing of this account
    sign_in(page, user)
    page.get_by_role("button", name="Use the passkey or key").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_role("link", name="Use a recovery code")).to_be_visible()


def test_a_device_is_not_added_twice(browse: Browse) -> None:
    user, page = make_user(), browse()
    Authenticators(page).add()
    sign_in(page, user)
    page.goto(ADD)
    prove_by_password(page)
    add_passkey(page, "First")
    put_codes_away(page)
    page.goto(ADD)
    add_passkey(page, "Second")
    expect(page.get_by_role("alert")).to_contain_text("has a passkey for your account already")


def test_without_scripts_the_password_is_offered_and_the_rest_is_said(browse: Browse) -> None:
    user, page = make_user(), browse(java_script_enabled=False)
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name=SIGN_IN)).to_be_hidden()
    sign_in(page, user)
    page.goto(ADD)
    prove_by_password(page)
    expect(page.get_by_text("runs no scripts")).to_be_visible()


def test_codes_by_sms(browse: Browse) -> None:
    user, page = make_user(), browse()
    sign_in(page, user)
    page.goto("/accounts/phone/")
    prove_by_password(page)
    assert_accessible(page)
    page.get_by_label("Country").select_option("ES")
    page.get_by_label("Mobile number").fill(f"61{user.pk % 10**7:07d}")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("Code from the SMS")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Code from the SMS").fill(newest_code(page, user))
    page.get_by_role("button", name="Continue").click()
    put_codes_away(page)
    sign_out(page)
    sign_in(page, user)
    expect(page.get_by_text("We sent an SMS")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Code from the SMS").fill(newest_code(page, user))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/me/tickets/")


def newest_code(page: Page, user: User) -> str:
    """Read in the outbox page as somebody at the demonstration would; the worker may need a moment."""
    phone = page.context.new_page()
    end = f"{user.pk % 100:02d}"
    try:
        for _ in range(100):
            phone.goto("/demo/sms/")
            newest = phone.locator(".sms-list > li").first
            if newest.count() and end in newest.inner_text() and newest.inner_text() not in _read:
                _read.add(newest.inner_text())
                found = re.search(r"#(\d{6})", newest.inner_text())
                assert found
                return found[1]
            phone.wait_for_timeout(100)
    finally:
        phone.close()
    raise AssertionError("no SMS came")


_read: set[str] = set()
