"""Signing in with a service in a browser: as a new person, on the way to an account that exists, and turning back."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, make_user, unique
from tests.journeys.axe import assert_accessible
from tests.journeys.signing_in import NEW_DEVICE, mailed_code, sign_in, type_code
from tmam.accounts.models import User

pytestmark = pytest.mark.timeout(240)
Browse = Callable[..., Page]


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def person_at(issuer: str, email: str) -> str:
    """Somebody whom the service knows; what they type there."""
    sub = unique("sub")
    told = {"email": email, "email_verified": True, "name": "Ana Ruiz"}
    httpx.put(f"{issuer}/users/{sub}", json=told).raise_for_status()
    return sub


def go_there(page: Page, issuer: str) -> None:
    """From our sign-in page to the service's page."""
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Acme", exact=True).click()
    page.wait_for_url(f"{issuer}/**")


def prove(page: Page) -> None:
    heading(page, "It is you, once more")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue", exact=True).click()


def agree(page: Page, sub: str) -> None:
    page.get_by_placeholder("sub").fill(sub)
    page.get_by_role("button", name="Authorize", exact=True).click()


def turn_back(page: Page) -> None:
    """As a service answers a no: with the state (RFC 6749, 4.1.2.1), which the service of the tests forgets."""
    state = httpx.URL(page.url).params["state"]
    page.goto(f"/accounts/oidc/acme/login/callback/?error=access_denied&state={state}")


def test_a_new_person_signs_in_with_a_service(browse: Browse, issuer: str) -> None:
    email = f"{unique('ana')}@acme.example"
    sub = person_at(issuer, email)
    page = browse()
    go_there(page, issuer)
    agree(page, sub)
    page.wait_for_url("**/me/tickets/")
    page.goto("/me/account/sign-in-services/")
    expect(page.get_by_role("main")).to_contain_text("Acme")
    assert User.objects.filter(email=email, name="Ana Ruiz", socialaccount__uid=sub).exists()


def test_the_way_there_without_scripts_and_where_pages_do_not_open_by_themselves(
    browse: Browse, issuer: str
) -> None:
    sub = person_at(issuer, f"{unique('ana')}@acme.example")
    page = browse()
    page.goto("/accounts/oidc/acme/login/")
    heading(page, "Sign in with Acme")
    assert_accessible(page)
    page.route(f"{issuer}/**", lambda route: route.fulfill(status=204))  # the page stays, to be looked at
    page.get_by_role("button", name="Continue", exact=True).click()
    heading(page, "On to Acme…")
    assert_accessible(page)
    page.unroute(f"{issuer}/**")
    page.get_by_role("link", name="Continue to Acme").click()
    page.wait_for_url(f"{issuer}/**")
    agree(page, sub)
    page.wait_for_url("**/me/tickets/")

    plain = browse(java_script_enabled=False)
    go_there(plain, issuer)
    agree(plain, sub)
    plain.wait_for_url(NEW_DEVICE)


def test_an_account_that_exists_is_connected_by_signing_in_to_both(browse: Browse, issuer: str) -> None:
    user = make_user(f"{unique('bo')}@acme.example")
    sub = person_at(issuer, user.email)
    page = browse()
    go_there(page, issuer)
    agree(page, sub)
    heading(page, "You have an account already")
    assert_accessible(page)
    assert not SocialAccount.objects.filter(uid=sub).exists()
    page.get_by_role("main").get_by_role("link", name="Sign in", exact=True).click()
    sign_in(page, user.email)
    page.wait_for_url("**/accounts/sso/connect/")
    assert_accessible(page)
    page.get_by_role("button", name="Connect Acme").click()
    expect(page.get_by_text("To change how you sign in")).to_be_visible()
    prove(page)
    heading(page, "Sign-in services")
    expect(page.get_by_text("Next time you can sign in with it.")).to_be_visible()
    assert_accessible(page)
    assert SocialAccount.objects.get(uid=sub).user == user

    another = browse()
    go_there(another, issuer)
    agree(another, sub)
    another.wait_for_url(NEW_DEVICE)  # the service's word is none about the browser
    type_code(another, mailed_code(user.email))
    another.wait_for_url("**/me/tickets/")


def test_a_signed_in_person_connects_a_service_and_removes_it(browse: Browse, issuer: str) -> None:
    user = make_user()
    sub = person_at(issuer, f"{unique('bo')}@elsewhere.example")
    page = browse(signed_in=user)
    page.goto("/me/account/sign-in-services/")
    page.get_by_role("button", name="Connect Acme").click()
    page.wait_for_url(f"{issuer}/**")
    agree(page, sub)
    prove(page)
    heading(page, "Sign-in services")
    assert SocialAccount.objects.get(uid=sub).user == user
    expect(page.get_by_role("button", name="Connect Acme")).to_have_count(0)
    assert_accessible(page)
    page.get_by_role("button", name="Remove Acme").click()
    expect(page.get_by_text("None is connected to your account.")).to_be_visible()
    page.get_by_role("button", name="Connect Acme").click()
    page.wait_for_url(f"{issuer}/**")
    turn_back(page)
    expect(page.get_by_text("No service was connected, and nothing has changed.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Sign-in services").click()
    heading(page, "Sign-in services")
    assert not SocialAccount.objects.filter(uid=sub).exists()


def test_a_person_who_turns_back_is_told_so(browse: Browse, issuer: str) -> None:
    page = browse()
    go_there(page, issuer)
    turn_back(page)
    heading(page, "You turned back")
    assert_accessible(page)
