"""A team in a browser: invited by mail, signing up, joining, at work; and the second factor that a team asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pyotp
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, give_second_factor, make_event, make_member, unique
from tests.gates.guests import make_event_tonight
from tests.journeys.axe import assert_accessible
from tests.journeys.mails import found_in_mails
from tmam.accounts.models import User
from tmam.catalog.models import Event
from tmam.notifications.mail_folder import KeptMail
from tmam.organizers.models import Membership, Organizer, Role

Browse = Callable[..., Page]
NEW_PASSWORD = "three quiet lanterns"


def heading(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def in_mail(email: str, pattern: str) -> str:
    """What a mail to this address says, once it came."""

    def said(mail: KeptMail) -> str | None:
        match = re.search(pattern, mail.plain, re.MULTILINE) if mail.to == email else None
        return match and match[1]

    return found_in_mails(said, f"a mail to {email} that says {pattern}")[0]


def link_in_mail(email: str) -> str:
    """The invitation's link, as the mail has it; the address without our origin."""
    parts = urlsplit(in_mail(email, r"(https?://\S+/me/invitations/open/\?t=[0-9a-f]{64})"))
    return f"{parts.path}?{parts.query}"


def invite(page: Page, event: Event, email: str, role: str, *, only: bool = False) -> None:
    """An owner who is signed in invites somebody, after proving once more who they are."""
    page.goto(f"/studio/?organizer={event.organizer.slug}")
    page.get_by_role("link", name="Team", exact=True).click()
    heading(page, "Team")
    assert_accessible(page)
    page.get_by_role("link", name="Invite somebody").click()
    heading(page, "It is you, once more")
    expect(page.get_by_text("To change your team")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    heading(page, "Invite somebody")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter an e-mail address")
    assert_accessible(page)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("radio", name=re.compile(f"^{role}")).check()
    if only:
        page.get_by_role("radio", name="Only the events chosen below").check()
        page.get_by_role("checkbox", name="Winter Lights").check()
    page.get_by_role("button", name="Send the invitation").click()
    heading(page, "Team")
    expect(page.get_by_text(f"We mailed an invitation to {email}.")).to_be_visible()
    assert_accessible(page)


def sign_up_and_join(page: Page, email: str) -> None:
    """From the link in the mail, over a new account, to the team."""
    page.goto(link_in_mail(email))
    page.wait_for_url("**/me/invitations/")  # no secret in the address any more
    heading(page, "Join the team of Aurora Concerts")
    expect(page.get_by_text("Ona Owner invites you.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Create an account").click()
    expect(page.get_by_label("E-mail address")).to_have_value(email)
    page.get_by_label("Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Create account").click()
    heading(page, "Confirm your e-mail address")
    page.get_by_label("Code from the e-mail").fill(in_mail(email, r"^(\d{6})$"))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/me/invitations/")
    assert_accessible(page)
    page.get_by_role("button", name="Join the team").click()


def set_up_app(page: Page) -> None:
    """From the security page to the recovery codes put away."""
    page.get_by_role("link", name="Set up Authenticator app").click()
    if page.get_by_role("heading", level=1).inner_text() == "It is you, once more":
        page.get_by_label("Password").fill(NEW_PASSWORD)
        page.get_by_role("button", name="Continue").click()
    page.get_by_text("Type the key instead").click()
    app = pyotp.TOTP(page.locator(".factor-key").inner_text().replace(" ", ""))
    page.get_by_label("Code from the app").fill(app.now())
    page.get_by_role("button", name="Switch it on").click()
    heading(page, "Your recovery codes")
    page.get_by_label("I have put them away safely").check()
    page.get_by_role("button", name="Done").click()


def owner_of(event: Event) -> User:
    return make_member(event.organizer, Role.OWNER, name="Ona Owner")


def test_an_invited_person_signs_up_joins_and_works_at_the_box_office(browse: Browse) -> None:
    event = make_event(now=datetime.now(UTC))
    email = f"{unique('new')}@people.example"
    invite(
        browse(signed_in=owner_of(event), viewport={"width": 1280, "height": 900}), event, email, "Box office"
    )
    page = browse()
    sign_up_and_join(page, email)
    page.wait_for_url("**/studio/")
    expect(page.get_by_role("link", name="Winter Lights")).to_be_visible()
    expect(page.get_by_text("Paid by buyers")).to_have_count(0)
    assert_accessible(page)
    page.goto("/me/account/")
    expect(page.get_by_role("region", name="Your teams")).to_contain_text("Box office")
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("^Leave.*Aurora Concerts")).click()
    heading(page, "Leave the team of Aurora Concerts?")
    assert_accessible(page)
    page.get_by_role("button", name="Leave the team").click()
    expect(page.get_by_text("You are no longer in the team of Aurora Concerts.")).to_be_visible()
    assert not Membership.objects.filter(user__email=email).exists()


def test_a_steward_for_one_event_with_the_second_factor_that_the_team_requires(browse: Browse) -> None:
    event = make_event_tonight(now=datetime.now(UTC))
    make_event(now=datetime.now(UTC), organizer=event.organizer, title={"en": "Alba"})
    email = f"{unique('new')}@people.example"
    owner = owner_of(event)
    invite(browse(signed_in=owner), event, email, "Gate", only=True)
    give_second_factor(owner)
    Organizer.objects.filter(pk=event.organizer_id).update(requires_second_factor=True)

    page = browse()
    sign_up_and_join(page, email)
    heading(page, "Set up a second factor first")
    expect(page.get_by_text("Aurora Concerts asks everybody in its team for a second factor")).to_be_visible()
    assert_accessible(page)
    page.goto(f"/gate/events/{event.id}/")
    heading(page, "Set up a second factor first")
    page.get_by_role("link", name="Set up a second factor", exact=True).click()
    expect(page.get_by_text("Your work here needs a second step at sign-in")).to_be_visible()
    assert_accessible(page)
    set_up_app(page)
    page.wait_for_url(f"**/gate/events/{event.id}/")  # the page that had to wait
    page.goto("/gate/")
    expect(page.get_by_role("link", name=re.compile("Winter Lights"))).to_be_visible()
    expect(page.get_by_text("Alba")).to_have_count(0)


def test_a_member_is_removed_and_put_back_by_keyboard_and_without_scripts(browse: Browse) -> None:
    event = make_event(now=datetime.now(UTC))
    steward = make_member(event.organizer, Role.GATE, name="Gema Gate")
    page = browse(signed_in=owner_of(event), java_script_enabled=False)
    page.goto(f"/studio/team/{event.organizer.slug}/")
    page.get_by_role("link", name=re.compile("^Change.*Gema Gate")).press("Enter")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    heading(page, "Gema Gate")
    page.get_by_role("button", name="Remove from the team").press("Enter")
    expect(page.get_by_text("Gema Gate is no longer in the team.")).to_be_visible()
    assert not Membership.objects.filter(user=steward).exists()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_text("Ona Owner put Gema Gate back: Gate.")).to_be_visible()
    assert Membership.objects.filter(user=steward, role=Role.GATE).exists()
