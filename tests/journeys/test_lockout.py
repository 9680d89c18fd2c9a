"""Somebody guesses; the account is paused; its owner goes on in a known browser, and gets in elsewhere by the mail's link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, make_user, unique
from tests.journeys.looking import looked_at
from tests.journeys.mails import found_in_mails
from tests.journeys.signing_in import fill_sign_in, sign_in
from tmam.accounts.models import FailureMinute, User
from tmam.notifications.mail_folder import KeptMail

Browse = Callable[..., Page]
# Pages do not fade in while they are looked at.
CALM = {"reduced_motion": "reduce"}


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


def sent_mail(email: str, subject: str) -> str:
    """The text of the newest mail to an address with these words in its subject, once the worker has sent it."""

    def text(mail: KeptMail) -> str | None:
        return mail.plain if mail.to == email and subject in mail.subject else None

    return found_in_mails(text, f"a mail about {subject!r} for {email}")[0]


def code_in(text: str) -> str:
    code = re.search(r"^\s*(\d{6})\s*$", text, re.MULTILINE)
    assert code is not None, text
    return code[1]


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/me/tickets/")


def test_guessing_pauses_the_account_and_the_owner_keeps_two_ways_in(browse: Browse, person: User) -> None:
    known, thief, phone = browse(**CALM), browse(**CALM), browse(**CALM)
    known.goto("/accounts/login/")
    looked_at(known, "sign-in")
    sign_in(known, person.email)
    known.wait_for_url("**/me/tickets/")
    sign_out(known)

    thief.goto("/accounts/login/")
    for number in range(5):
        fill_sign_in(thief, person.email, f"guess number {number}")
        expect(thief.get_by_role("alert")).to_contain_text("do not belong together")
    looked_at(thief, "wrong")
    fill_sign_in(thief, person.email)
    expect(thief.get_by_role("heading", level=1)).to_have_text("Paused after too many tries")
    looked_at(thief, "paused")

    known.goto("/accounts/login/")
    fill_sign_in(known, person.email)
    known.wait_for_url("**/me/tickets/")

    phone.goto("/accounts/login/")
    fill_sign_in(phone, person.email)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Paused after too many tries")
    link = re.search(r"(/accounts/unlock/\?t=\S+)", sent_mail(person.email, "is paused"))
    assert link is not None
    phone.goto(link[1])
    looked_at(phone, "unlock")
    phone.get_by_role("button", name="End the pause and sign in").click()
    expect(phone.get_by_role("status").first).to_contain_text("The pause is over")
    sign_in(phone, person.email)
    phone.wait_for_url("**/me/tickets/")
    assert "link from our e-mail" in sent_mail(person.email, "You can sign in again")


def test_a_code_from_the_mail_and_a_user_name_are_other_ways_in(browse: Browse, person: User) -> None:
    page = browse(**CALM)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Send me a code instead").click()
    looked_at(page, "code")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/accounts/login/code/confirm/")
    looked_at(page, "code-typed")
    page.get_by_label("Code from the e-mail").fill(code_in(sent_mail(person.email, "code to sign in")))
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
    fill_sign_in(page, name)
    page.wait_for_url("**/me/tickets/")


@pytest.mark.usefixtures("_attack")
def test_under_attack_the_browser_solves_a_puzzle_by_itself(browse: Browse, person: User) -> None:
    page = browse(**CALM)
    page.goto("/accounts/login/")
    assert page.locator("input[data-puzzle]").count() == 1
    looked_at(page, "puzzle")
    sign_in(page, person.email)  # sent as soon as the puzzle is solved
    page.wait_for_url("**/me/tickets/")
