"""Somebody guesses; the account is paused; its owner goes on in a known browser, and gets in elsewhere by the mail's link."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, make_user, unique
from tests.journeys.axe import assert_accessible
from tests.waiting import wait_until
from tmam.accounts.models import FailureMinute, User
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail

Browse = Callable[..., Page]
# Pages do not fade in while they are looked at.
CALM = {"reduced_motion": "reduce"}
# Where to keep pictures of the pages, for who wants to look at them.
PICTURES = os.environ.get("TMAM_TEST_PICTURES", "")


@pytest.fixture
def person(live_database: None) -> User:
    del live_database
    return make_user(f"{unique('rosa')}@buyers.example", language="en", name="Rosa Vidal")


@pytest.fixture
def _attack(live_database: None) -> Iterator[None]:
    """So many failed sign-ins of others that puzzles are called for."""
    del live_database
    minute = timezone.now().replace(second=0, microsecond=0)
    FailureMinute.objects.update_or_create(minute=minute, defaults={"failures": 10_000})
    yield
    FailureMinute.objects.all().delete()


def settled(page: Page) -> None:
    page.evaluate(
        "Promise.allSettled(document.getAnimations().map((each) => each.finished)).then(() => null)"
    )


def looked_at(page: Page, name: str) -> None:
    """Check the page as it stands; keep pictures of it in both schemes and widths if asked to."""
    settled(page)
    assert_accessible(page)
    if not PICTURES:
        return
    for scheme in ("light", "dark"):
        for width in (375, 1280):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal in a loop
            page.set_viewport_size({"width": width, "height": 800})
            settled(page)
            page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}-{width}.png", full_page=True)
    assert_accessible(page)  # dark now
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 375, "height": 760})


def newest_mail(email: str, template: str) -> Mail:
    mails = Mail.objects.filter(to=email, template=f"account.{template}").order_by("-id")
    assert wait_until(mails.exists), f"no {template} for {email}"
    return mails[0]


def type_password(page: Page, login: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address or user name").fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def type_new_device_code(page: Page, email: str) -> None:
    page.wait_for_url("**/accounts/new-device/")
    page.get_by_label("Code").fill(newest_mail(email, "new_device_code").context["code"])
    page.get_by_role("main").get_by_role("button", name=re.compile("Continue|Sign in")).first.click()
    page.wait_for_url("**/me/tickets/")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/me/tickets/")


def test_guessing_pauses_the_account_and_the_owner_keeps_two_ways_in(browse: Browse, person: User) -> None:
    known, thief, phone = browse(**CALM), browse(**CALM), browse(**CALM)
    known.goto("/accounts/login/")
    looked_at(known, "sign-in")
    type_password(known, person.email)
    type_new_device_code(known, person.email)
    sign_out(known)

    thief.goto("/accounts/login/")
    for number in range(5):
        type_password(thief, person.email, f"guess number {number}")
        expect(thief.get_by_role("alert")).to_contain_text("do not belong together")
    looked_at(thief, "wrong")
    type_password(thief, person.email)
    expect(thief.get_by_role("heading", level=1)).to_have_text("Paused after too many tries")
    looked_at(thief, "paused")

    known.goto("/accounts/login/")
    type_password(known, person.email)
    known.wait_for_url("**/me/tickets/")

    phone.goto("/accounts/login/")
    type_password(phone, person.email)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Paused after too many tries")
    link = re.search(
        r"(/accounts/unlock/\?t=\S+)",
        str(compose_mail(newest_mail(person.email, "locked"), timezone.now()).body),
    )
    assert link is not None
    phone.goto(link[1])
    looked_at(phone, "unlock")
    phone.get_by_role("button", name="End the pause and sign in").click()
    expect(phone.get_by_role("status").first).to_contain_text("The pause is over")
    type_password(phone, person.email)
    type_new_device_code(phone, person.email)
    newest_mail(person.email, "unlocked")


def test_a_code_from_the_mail_and_a_user_name_are_other_ways_in(browse: Browse, person: User) -> None:
    page = browse(**CALM)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Send me a code instead").click()
    looked_at(page, "code")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/accounts/login/code/confirm/")
    looked_at(page, "code-typed")
    page.get_by_label("Code from the e-mail").fill(newest_mail(person.email, "login_code").context["code"])
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/me/tickets/")
    page.goto("/me/account/name/")
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Continue").click()
    page.wait_for_url("**/me/account/name/")
    name = unique("rosa")
    page.get_by_label("User name").fill(name)
    looked_at(page, "user-name")
    page.get_by_role("button", name="Save the user name").click()
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    looked_at(page, "account")
    page.goto("/me/account/name/")
    looked_at(page, "user-name-chosen")
    sign_out(page)
    page.goto("/accounts/login/")
    type_password(page, name)
    page.wait_for_url("**/me/tickets/")


@pytest.mark.usefixtures("_attack")
def test_under_attack_the_browser_solves_a_puzzle_by_itself(browse: Browse, person: User) -> None:
    page = browse(**CALM)
    page.goto("/accounts/login/")
    assert page.locator("input[data-puzzle]").count() == 1
    looked_at(page, "puzzle")
    type_password(page, person.email)  # sent as soon as it is solved
    type_new_device_code(page, person.email)


@pytest.mark.usefixtures("_attack")
def test_without_scripts_it_says_what_to_do(browse: Browse) -> None:
    page = browse(java_script_enabled=False)
    page.goto("/accounts/login/")
    expect(page.get_by_text("Allow scripts for this page")).to_be_visible()
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "no-scripts.png", full_page=True)
