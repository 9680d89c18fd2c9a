"""From sign-up to a protected account, in a browser: the app, signing in with it, step-up, recovery codes."""

from __future__ import annotations

import time
from collections.abc import Callable

import pyotp
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.cast import unique
from tests.journeys.axe import assert_accessible
from tests.journeys.signing_in import mailed_code
from tests.waiting import wait_until
from tests.web.account.factor_help import make_protected
from tmam.accounts.models import TotpUse
from tmam.accounts.totp import PERIOD_S
from tmam.notifications.models import Mail
from tmam.web.account.sessions.store import SessionStore

Browse = Callable[..., Page]
PASSWORD = "three quiet lanterns"


def sign_up(page: Page, email: str) -> None:
    """Make an account and prove its address."""
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your e-mail address")
    page.get_by_label("Code from the e-mail").fill(mailed_code(email))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/me/tickets/")


def sign_out(page: Page) -> None:
    page.goto("/me/account/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/me/tickets/")


def sign_in(page: Page, email: str) -> None:
    """The first step."""
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One more step")


def forget_used(email: str) -> None:
    """As if the last code had been used a while ago: nobody waits 30 seconds here."""
    TotpUse.objects.filter(authenticator__user__email=email).update(last_counter=0)


def use_up(email: str) -> None:
    """As if the code of the next half minute had been used too: this test may be slow."""
    present = int(time.time()) // PERIOD_S
    TotpUse.objects.filter(authenticator__user__email=email).update(last_counter=present + 4)


def grow_old(page: Page) -> None:
    """As if the last proof of this session had been given an hour ago."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    session = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
    session["account_authentication_methods"] = [
        proof | {"at": proof["at"] - 3600} for proof in session["account_authentication_methods"]
    ]
    session.save()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def set_app_up(page: Page) -> pyotp.TOTP:
    """From the security page, over the password once more, to the recovery codes."""
    page.goto("/me/account/")
    page.locator("main a[href='/me/account/security/']").first.click()
    heading(page, "Security")
    assert_accessible(page)
    page.get_by_role("link", name="Set up Authenticator app").click()
    expect(page.get_by_text("To change how you sign in")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Password").fill("not my password")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("That is not your password")
    assert_accessible(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    heading(page, "Set up the authenticator app")
    expect(page.get_by_role("img", name="The key as a QR code")).to_be_visible()
    page.get_by_text("Type the key instead").click()
    app = pyotp.TOTP(page.locator(".factor-key").inner_text().replace(" ", ""))
    assert_accessible(page)
    page.get_by_label("Code from the app").fill(app.at(0))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("alert")).to_contain_text("not the code of this key")
    assert_accessible(page)
    page.get_by_label("Code from the app").fill(app.now())
    page.get_by_role("button", name="Switch it on").click()
    return app


def put_codes_away(page: Page) -> list[str]:
    """The codes, which are shown this once."""
    heading(page, "Your recovery codes")
    assert_accessible(page)
    codes = page.get_by_role("list", name="Recovery codes").locator("code").all_inner_texts()
    assert len(codes) == 10
    with page.expect_download() as download:
        page.get_by_role("link", name="Save as a file").click()
    saved = download.value.path().read_text(encoding="utf-8")
    assert [code for code in codes if code not in saved] == []
    page.get_by_label("I have put them away safely").check()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("We cannot show them again")).to_be_visible()
    expect(page.get_by_text("10 codes left")).to_be_visible()
    assert_accessible(page)
    page.goto("/accounts/recovery-codes/")
    heading(page, "Security")
    return codes


def sign_in_with_app(page: Page, email: str, app: pyotp.TOTP) -> None:
    """Both steps; the code of the set-up is refused."""
    sign_in(page, email)
    assert_accessible(page)
    use_up(email)
    page.get_by_label("Code from the app").fill(app.now())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("used before")
    assert_accessible(page)
    forget_used(email)
    page.get_by_label("Code from the app").fill(app.now())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/me/tickets/")


def see_both_browsers(page: Page, email: str) -> None:
    """The second factor was enough for a new browser; its owner is told all the same."""
    told = Mail.objects.filter(to=email, template="account.new_device")
    assert wait_until(told.exists)
    page.goto("/me/account/devices/")
    expect(page.locator(".me-devices > li")).to_have_count(2)
    expect(page.locator(".me-devices").get_by_text("This browser")).to_have_count(1)
    assert_accessible(page)


def change_password(page: Page, email: str, app: pyotp.TOTP) -> None:
    """An hour after signing in: the app's code once more, not the password."""
    grow_old(page)
    page.goto("/accounts/password/change/")
    heading(page, "It is you, once more")
    expect(page.get_by_text("To change your password")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_count(0)
    assert_accessible(page)
    forget_used(email)
    page.get_by_label("Code from the app").fill(app.now())
    page.get_by_role("button", name="Continue").click()
    heading(page, "Change your password")
    assert_accessible(page)


def sign_in_with_recovery_code(page: Page, email: str, code: str) -> None:
    sign_in(page, email)
    page.get_by_role("link", name="Use a recovery code").click()
    assert_accessible(page)
    page.get_by_label("Recovery code").fill(code.lower())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/me/tickets/")


def test_an_account_is_protected_and_opened_again(browse: Browse) -> None:
    page = browse()
    email = f"{unique('maria')}@buyers.example"
    sign_up(page, email)
    app = set_app_up(page)
    codes = put_codes_away(page)
    sign_out(page)
    new_device = browse()
    sign_in_with_app(new_device, email, app)
    see_both_browsers(new_device, email)
    change_password(new_device, email, app)
    sign_out(new_device)
    sign_in_with_recovery_code(page, email, codes[0])
    page.goto("/me/account/security/")
    expect(page.get_by_text("9 codes left")).to_be_visible()
    page.get_by_role("link", name="Make new ones").click()
    heading(page, "Make new recovery codes?")
    assert_accessible(page)
    page.get_by_role("button", name="Make new codes").click()
    heading(page, "Your recovery codes")
    told = Mail.objects.filter(to=email, template="account.recovery_code_used")
    assert wait_until(told.exists)


def test_a_forgotten_password_asks_for_the_app_before_the_new_one(browse: Browse) -> None:
    person = make_protected()
    email, page = person.user.email, browse(viewport={"width": 375, "height": 800})
    page.goto("/accounts/password/reset/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/password/reset/confirm/")
    page.get_by_label("Code from the e-mail").fill(mailed_code(email))
    page.get_by_role("button", name="Continue").click()
    heading(page, "One more step")
    assert_accessible(page)
    page.get_by_label("Code from the app").fill(person.wrong_code())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Code from the app").fill(person.code())
    page.get_by_role("button", name="Continue").click()
    heading(page, "Your new password")
    page.get_by_label("New password").fill("seven slow herons")
    page.get_by_role("button", name="Save and sign in").click()
    page.wait_for_url("**/me/tickets/")
