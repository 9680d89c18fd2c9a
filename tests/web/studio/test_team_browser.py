"""The pages of a team in a real browser: accessible in both themes, narrow and wide.

No server runs: Django's test client answers the browser's requests, on a connection of its own.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route

from tests.cast import give_second_factor, make_event, make_member, make_organizer, make_user
from tests.journeys.axe import assert_accessible
from tests.web.proof import prove_freshly
from tmam.accounts.models import User
from tmam.organizers.change_team import Given, change_member
from tmam.organizers.invitation_links import token_of
from tmam.organizers.invite import invite
from tmam.organizers.models import Invitation, Membership, Organizer, Role
from tmam.organizers.team_log import Who

ORIGIN = "http://localhost:9"  # nobody listens there; trusted like a local server
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
SIZES = {"phone": (375, 760), "desk": (1280, 900)}


class Desk:
    """A browser of one person, answered by Django itself."""

    def __init__(self, browser: Browser, person: User | None) -> None:
        self.browser = browser
        self.client = Client(headers={"accept-language": "en"})
        if person is not None:
            self.client.force_login(person)
            prove_freshly(self.client, person)

    def open(self, path: str, size: str, theme: str) -> Page:
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]  # one of two words
            base_url=ORIGIN,
        )
        opened = context.new_page()
        opened.route("**/*", self.answer)
        opened.goto(path)
        return opened

    def answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path.startswith("/static/"):
            found = finders.find(address.path.removeprefix("/static/"))
            if not isinstance(found, str):
                route.fulfill(status=404)
                return
            kind = TYPES.get(Path(found).suffix, "text/plain")
            route.fulfill(body=Path(found).read_bytes(), content_type=kind)
            return
        got = self.client.get(f"{address.path}?{address.query}", follow=True)
        connection.close()
        route.fulfill(status=got.status_code, body=got.content, content_type=got.headers["Content-Type"])


@pytest.fixture
def organizer(live_database: None) -> Organizer:
    """A team with members of several roles, invitations, and a history."""
    del live_database
    now = timezone.now()
    organizer = make_organizer()
    events = [
        make_event(now=now, organizer=organizer, title={"en": title}) for title in ("Alba", "Winter Lights")
    ]
    owner = make_member(organizer, Role.OWNER, name="Ona Owner", last_login=now)
    give_second_factor(owner)
    steward = make_member(organizer, Role.GATE, name="Gema Gate", events=events)
    make_member(organizer, Role.FINANCE)
    who = Who(owner, now - timedelta(hours=2))
    long_address = f"a-very-long-name-without-any-break-{organizer.pk}@a-rather-long-domain.people.example"
    invite(organizer, long_address, Given(Role.BOX_OFFICE), who, "en")
    chosen = Given(Role.SUPPORT, all_events=False, event_ids=(events[0].id,))
    over = invite(organizer, f"late-{organizer.pk}@people.example", chosen, who, "en")
    Invitation.objects.filter(pk=over.pk).update(expires_at=now)
    gate = Given(Role.GATE, all_events=False, event_ids=(events[0].id,))
    change_member(organizer, Membership.objects.get(user=steward).pk, gate, who)
    return organizer


@pytest.mark.parametrize(("size", "theme"), [("phone", "light"), ("desk", "dark")])
def test_every_page_is_accessible_and_as_wide_as_the_screen(
    browser: Browser, organizer: Organizer, size: str, theme: str
) -> None:
    owner = User.objects.get(memberships__organizer=organizer, memberships__role=Role.OWNER)
    steward = Membership.objects.get(organizer=organizer, role=Role.GATE)
    asking = make_organizer("Brisa", requires_second_factor=True)
    waiting = make_user(name="Wanda Waiting")
    for each in (asking, organizer):
        Membership.objects.create(organizer=each, user=waiting, role=Role.MANAGER)
    invitation = Invitation.objects.filter(organizer=organizer).earliest("id")
    root = f"/studio/team/{organizer.slug}/"
    opening = f"/me/invitations/open/?t={token_of(invitation)}"
    pages = {
        "team": (owner, root),
        "invite": (owner, f"{root}invite/"),
        "member": (owner, f"{root}members/{steward.pk}/"),
        "last-owner": (owner, f"/me/teams/{organizer.slug}/leave/"),
        "teams": (owner, "/me/account/"),
        "studio-waiting": (waiting, "/studio/"),
        "factor-first": (waiting, f"/studio/team/{asking.slug}/"),
        "invitation-visitor": (None, opening),
        "invitation-another": (waiting, opening),
    }
    for name, (person, path) in pages.items():
        page = Desk(browser, person).open(path, size, theme)
        fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert fits, name
        assert_accessible(page)
        page.context.close()
