"""A person's data in a browser: what happened, the download, the end; and getting back in with the help of staff."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, make_event, make_user, unique
from tests.journeys.axe import assert_accessible
from tests.journeys.mails import found_in_mails
from tests.journeys.signing_in import NEW_DEVICE, fill_sign_in
from tests.notifications.purchases import buy
from tests.web.account.factor_help import Protected, make_protected
from tmam.accounts.happenings import Happening
from tmam.accounts.models import RecoveryRequest, User
from tmam.accounts.recovery import announce
from tmam.accounts.security_log import record
from tmam.notifications.mail_folder import KeptMail
from tmam.platform.event_log import drain

pytestmark = pytest.mark.timeout(240)
Browse = Callable[..., Page]
DESKTOP = {"width": 1280, "height": 900}


def prove(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def link_in_mail(to: str, subject: str) -> str:
    """The first recovery button of the newest mail with this subject, once the worker has sent it."""

    def text(mail: KeptMail) -> str | None:
        return mail.plain if (mail.to, mail.subject) == (to, subject) else None

    words = found_in_mails(text, subject)[0].split()
    return next(word for word in words if "/accounts/recover/open/" in word).partition("/accounts/")[2]


def test_download_then_erase(browse: Browse, tmp_path: Path) -> None:
    user = make_user(name="Maria Quintanilla")
    order = buy(make_event(now=timezone.now()), email=user.email, now=timezone.now())
    drain()
    record(user.pk, Happening.SIGNED_IN, now=timezone.now())
    page = browse(signed_in=user)
    page.goto("/me/account/")
    page.get_by_role("link", name=re.compile("Your account, lately")).click()
    expect(page.get_by_text("Signed in", exact=True)).to_be_visible()
    assert_accessible(page)
    page.goto("/me/account/data/")
    assert_accessible(page)
    page.get_by_role("button", name="I agree").click()
    expect(page.get_by_text("You agreed to mails about events.")).to_be_visible()
    page.get_by_role("button", name="Stop these mails").click()
    expect(page.get_by_role("button", name="I agree")).to_be_visible()
    page.get_by_role("button", name="Download my data").click()
    with page.expect_download() as download:
        prove(page)
    download.value.save_as(tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as archive:
        assert order.booking_reference in archive.read("orders.json").decode()
    page.goto("/me/account/erase/")
    expect(page.get_by_text(order.booking_reference)).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Type your main e-mail address").fill("somebody@else.example")
    page.get_by_role("button", name="Erase my account for good").click()
    expect(page.get_by_role("alert")).to_contain_text("not the main e-mail address")
    page.get_by_label("Type your main e-mail address").fill(user.email)
    page.get_by_role("button", name="Erase my account for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is erased")
    assert_accessible(page)
    assert not User.objects.filter(pk=user.pk).exists()
    page.goto("/accounts/login/")
    fill_sign_in(page, user.email)
    expect(page.get_by_role("alert")).to_be_visible()


def staff_page(browse: Browse, staff: Protected) -> Page:
    page = browse(viewport=DESKTOP)
    page.goto("/accounts/login/")
    fill_sign_in(page, staff.user.email)
    page.get_by_label("Code").fill(staff.code())
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/staff/")
    return page


def test_a_lost_phone_with_the_help_of_staff(browse: Browse) -> None:
    person = make_protected(email=f"{unique('maria')}@buyers.example")
    staff = make_protected(name="Sam Staff", is_staff=True)
    page = browse()
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Help with signing in").click()
    assert_accessible(page)
    page.get_by_label("I lost my phone").check()
    page.get_by_role("button", name="Continue").click()
    assert_accessible(page)
    page.get_by_role("link", name="Ask our staff").click()
    page.get_by_label("E-mail address of the account").fill(person.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    assert_accessible(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("We sent a link to")).to_be_visible()
    page.goto("/accounts/" + link_in_mail(person.user.email, "Go on with your request for help"))
    page.get_by_role("button", name="Ask our staff now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your request")

    desk = staff_page(browse, staff)
    desk.goto("/staff/")
    assert_accessible(desk)
    found = RecoveryRequest.objects.get(user=person.user)
    desk.locator(f"a[href='/staff/recoveries/{found.pk}/']").click()
    assert_accessible(desk)
    desk.get_by_label("Reason").fill("Video call, the face fits the ticket's name")
    desk.get_by_role("button", name="Approve").click()
    if "reauthenticate" in desk.url:
        desk.get_by_label("Code").fill(staff.code())
        desk.get_by_role("button", name="Continue").click()
    expect(desk.get_by_text("The waiting time runs")).to_be_visible()
    desk.goto(f"/staff/people/{person.user.pk}/")
    assert_accessible(desk)
    desk.goto("/staff/trail/")
    expect(desk.get_by_text("Video call, the face fits the ticket's name").first).to_be_visible()
    assert_accessible(desk)

    found.refresh_from_db()
    assert found.approved_at is not None
    assert found.ready_at is not None
    waited = timedelta(hours=73)
    RecoveryRequest.objects.filter(pk=found.pk).update(
        approved_at=found.approved_at - waited, ready_at=found.ready_at - waited
    )
    announce(timezone.now())
    page.goto("/accounts/" + link_in_mail(person.user.email, "You can now finish getting back in"))
    assert_accessible(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Finish now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are back in")
    page.goto("/accounts/login/")
    fill_sign_in(page, person.user.email)
    page.wait_for_url(NEW_DEVICE)  # no second factor any more
