"""Signing in through the pages, with the mailed code that a new browser is asked for."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.cast import PASSWORD
from tests.journeys.mails import found_in_mails
from tmam.notifications.mail_folder import KeptMail
from tmam.notifications.models import Mail

NEW_DEVICE = "**/accounts/new-device/"


def fill_sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill and send the sign-in form that the page shows."""
    page.get_by_label(re.compile("^E-mail address")).fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def type_code(page: Page, code: str) -> None:
    """Type the code that the page waits for."""
    page.wait_for_url(NEW_DEVICE)
    page.get_by_label("Code from the e-mail").fill(code)
    page.get_by_role("button", name="Continue").click()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Sign in on a browser that the account does not know yet."""
    fill_sign_in(page, email, password)
    page.wait_for_url(NEW_DEVICE)
    type_code(page, mailed_code(email))


def mailed_code(email: str) -> str:
    """The newest code for an address, once the worker has sent it; what was sent is no longer in the database."""
    owed = Mail.objects.filter(to=email, template__regex="_code$|email_confirmation").count()

    def code(mail: KeptMail) -> str | None:
        found = re.match(r"(\d{6}) ", mail.subject) if mail.to == email else None
        return found and found[1]

    assert owed, f"no code is on its way to {email}"
    return found_in_mails(code, f"a code for {email}", at_least=owed)[0]


def code_in_the_demo_mail(page: Page, email: str) -> str:
    """The newest code for an address, read where a demonstration shows its mail; the page stays as it is."""
    reader = page.context.new_page()
    subject = reader.locator("main a", has_text=email).filter(has_text=re.compile(r"\d{6} "))
    try:
        for _ in range(20):
            reader.goto("/demo/mail/")
            if subject.count():
                found = re.search(r"\b(\d{6}) ", subject.first.inner_text())
                assert found is not None
                return found[1]
            reader.wait_for_timeout(500)
    finally:
        reader.close()
    raise AssertionError(f"no code came for {email}")
