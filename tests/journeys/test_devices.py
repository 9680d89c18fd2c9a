"""A thief with the password, and the owner's way back: new device, alert, "this was not me", reset."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import make_user, unique
from tests.journeys.looking import looked_at
from tests.journeys.signing_in import fill_sign_in, mailed_code, sign_in, type_code
from tmam.accounts.freezing import is_frozen
from tmam.accounts.models import User

Browse = Callable[..., Page]
NEW_PASSWORD = "three quiet lanterns"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
# Pages do not fade in while they are looked at.
CALM = {"reduced_motion": "reduce"}


@pytest.fixture
def person(live_database: None) -> User:
    del live_database
    return make_user(f"{unique('rosa')}@buyers.example", language="en", name="Rosa Vidal")


def open_alert(page: Page, email: str) -> None:
    """From the demonstration's post office to the page behind the alert's button."""
    for _ in range(20):
        page.goto("/demo/mail/")
        letter = page.locator("main a", has_text=email).filter(has_text="Signed in from a new browser")
        if letter.count():
            break
        page.wait_for_timeout(500)
    letter.first.click()
    page.locator("main a[href*='/accounts/not-me/']").first.click()
    page.wait_for_url("**/accounts/not-me/**")


def test_a_stolen_password_is_noticed_and_the_owner_gets_the_account_back(
    browse: Browse, person: User
) -> None:
    owner, thief, mailbox = browse(**CALM), browse(**CALM, user_agent=LAPTOP), browse(**CALM)
    owner.goto("/accounts/login/")
    sign_in(owner, person.email)
    owner.wait_for_url("**/me/tickets/")

    thief.goto("/accounts/login/")
    fill_sign_in(thief, person.email)
    thief.wait_for_url("**/accounts/new-device/")
    looked_at(thief, "new-device")
    type_code(thief, "000000")
    expect(thief.get_by_role("link", name=re.compile("That is not the code"))).to_be_visible()
    looked_at(thief, "new-device-wrong")
    type_code(thief, mailed_code(person.email))  # somehow the thief reads the mail once
    thief.wait_for_url("**/me/tickets/")

    owner.goto("/me/account/")
    looked_at(owner, "account")
    owner.get_by_role("link", name=re.compile("Browsers that know you")).click()
    expect(owner.get_by_role("heading", name="Chrome on Windows")).to_be_visible()
    looked_at(owner, "devices")

    open_alert(mailbox, person.email)
    looked_at(mailbox, "not-me")
    mailbox.get_by_role("button", name="It was not me: lock my account").click()
    expect(mailbox.get_by_role("heading", name="The account is locked")).to_be_visible()
    looked_at(mailbox, "frozen")
    assert is_frozen(person.pk)

    for page in (owner, thief):
        page.goto("/me/account/")
        page.wait_for_url("**/accounts/login/**")
    fill_sign_in(thief, person.email)
    expect(thief.get_by_text("Check both and try again").first).to_be_visible()

    mailbox.get_by_role("link", name="Choose a new password").click()
    mailbox.get_by_label("E-mail address").fill(person.email)
    mailbox.get_by_role("button", name="Send me a code").click()
    mailbox.wait_for_url("**/password/reset/confirm/")
    mailbox.get_by_label("Code from the e-mail").fill(mailed_code(person.email))
    mailbox.get_by_role("button", name="Continue").click()
    mailbox.get_by_label("New password").fill(NEW_PASSWORD)
    mailbox.get_by_role("button", name="Save and sign in").click()
    mailbox.wait_for_url("**/me/tickets/")
    assert not is_frozen(person.pk)

    owner.goto("/accounts/login/")
    sign_in(owner, person.email, NEW_PASSWORD)
    owner.wait_for_url("**/me/tickets/")


def test_one_browser_is_sent_away_by_keyboard(browse: Browse, person: User) -> None:
    here, there = browse(**CALM, locale="es"), browse(**CALM, user_agent=LAPTOP)
    for page in (here, there):
        page.goto("/accounts/login/?language=en")
        sign_in(page, person.email)
        page.wait_for_url("**/me/tickets/")
    here.goto("/me/account/devices/?language=es")
    looked_at(here, "devices-es")
    button = here.get_by_role("button", name=re.compile("Cerrar sesión y olvidar Chrome en Windows"))
    button.focus()
    here.keyboard.press("Enter")
    expect(here.get_by_text("Sesión cerrada: Chrome en Windows")).to_be_visible()
    looked_at(here, "device-gone-es")
    there.goto("/me/account/")
    there.wait_for_url("**/accounts/login/**")
    fill_sign_in(there, person.email)
    there.wait_for_url("**/accounts/new-device/")
