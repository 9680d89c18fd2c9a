"""How sessions begin, how long they last, how they end; and what a visitor's session carries over."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.cast import make_event, make_member, make_organizer, make_user
from tests.notifications.purchases import buy
from tests.signing_in import change_password, mailed_code, sign_in
from tests.web.opened import browser_of
from tmam.accounts.models import Device, User
from tmam.orders.models import Order
from tmam.platform.keys import decrypt
from tmam.platform.settings import load_settings
from tmam.web.account.sessions.limits import (
    SEEN_AT,
    SIGNED_IN_AT,
    facts_at_sign_in,
    facts_in_use,
    limits_for,
    seconds_left,
)

pytestmark = pytest.mark.django_db
HOUR_S, DAY_S = 3600, 24 * 3600


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


def is_signed_in(client: Client) -> bool:
    return client.get("/me/account/").status_code == 200


def signed_in(person: User) -> Client:
    client = Client()
    sign_in(client, person.email)
    return client


def lasts_s(client: Client) -> float:
    row = Session.objects.get(session_key=client.session.session_key)
    return (row.expire_date - timezone.now()).total_seconds()


def change(client: Client, **facts: float) -> None:
    session = client.session
    session.update(facts)
    session.save()


def granted_order(client: Client) -> Order:
    order = buy(make_event(now=timezone.now()), email="guest@buyers.example", now=timezone.now())
    browser_of(order, client)
    return order


def test_a_sign_in_gives_the_session_a_new_key() -> None:
    """Session fixation: a key that somebody slipped to a visitor before is worth nothing after the sign-in."""
    person, client = make_user(), Client()
    granted_order(client)
    before = client.session.session_key
    sign_in(client, person.email)
    assert client.session.session_key != before
    slipped = Client()
    slipped.cookies["tmam_session"] = before
    assert not is_signed_in(slipped)
    assert not Session.objects.filter(session_key=before).exists()


def test_a_made_up_key_is_not_taken_over(client: Client) -> None:
    client.cookies["tmam_session"] = "a" * 32
    sign_in(client, make_user().email)
    assert client.session.session_key != "a" * 32


def test_what_a_visitor_may_see_survives_the_sign_in_and_ends_with_the_sign_out(client: Client) -> None:
    order = granted_order(client)
    page = f"/me/orders/{order.booking_reference}/"
    assert client.get(page).status_code == 200
    sign_in(client, make_user().email)
    assert client.get(page).status_code == 200
    client.post("/accounts/logout/")
    assert client.get(page).status_code == 404
    sign_in(client, make_user().email)
    assert client.get(page).status_code == 404


def test_signing_out_ends_the_session_on_the_server() -> None:
    client, copy = signed_in(make_user()), Client()
    copy.cookies["tmam_session"] = client.cookies["tmam_session"].value
    assert is_signed_in(copy)
    client.post("/accounts/logout/")
    assert not is_signed_in(copy)


def test_a_password_changed_elsewhere_ends_it() -> None:
    person = make_user()
    here, there = signed_in(person), signed_in(person)
    change_password(there, "three quiet lanterns")
    assert is_signed_in(there)
    assert not is_signed_in(here)


def test_a_password_reset_elsewhere_ends_it() -> None:
    person = make_user()
    here, there = signed_in(person), Client()
    there.post("/accounts/password/reset/", {"email": person.email})
    there.post("/accounts/password/reset/confirm/", {"code": mailed_code(person.email)})
    there.post("/accounts/password/reset/complete/", {"password1": "three quiet lanterns"})
    assert is_signed_in(there)
    assert not is_signed_in(here)


def test_two_weeks_without_a_visit_end_it_and_the_page_says_so() -> None:
    client = signed_in(make_user())
    assert "after 14 days without a visit" in client.get("/me/account/").content.decode()
    assert lasts_s(client) == pytest.approx(14 * DAY_S, abs=60)
    Session.objects.filter(session_key=client.session.session_key).update(expire_date=timezone.now())
    assert not is_signed_in(client)


def test_each_visit_moves_the_end_but_never_beyond_ninety_days() -> None:
    client = signed_in(make_user())
    now = timezone.now().timestamp()
    change(client, **{SIGNED_IN_AT: now - 88 * DAY_S, SEEN_AT: now - HOUR_S})
    assert is_signed_in(client)
    assert lasts_s(client) == pytest.approx(2 * DAY_S, abs=60)
    change(client, **{SIGNED_IN_AT: now - 90 * DAY_S})
    assert not is_signed_in(client)


@pytest.mark.parametrize("kind", ["team", "gate", "staff"])
def test_who_works_with_other_peoples_tickets_has_shorter_ones(kind: str) -> None:
    person = (
        make_user(is_staff=True)
        if kind == "staff"
        else make_member(make_organizer(), "owner" if kind == "team" else "gate")
    )
    client = signed_in(person)
    assert lasts_s(client) == pytest.approx(12 * HOUR_S, abs=60)
    assert "after 12 hours without a visit" in client.get("/me/account/").content.decode()


def test_joining_a_team_shortens_a_session_that_is_open_already() -> None:
    person = make_user()
    client = signed_in(person)
    make_organizer().memberships.create(user=person, role="owner")
    change(client, **{SEEN_AT: timezone.now().timestamp() - HOUR_S})
    assert is_signed_in(client)
    assert lasts_s(client) == pytest.approx(12 * HOUR_S, abs=60)


def test_being_in_use_is_written_every_few_minutes_not_with_each_request() -> None:
    person = make_user()
    client = signed_in(person)
    first = client.session[SEEN_AT]
    client.get("/me/account/")
    assert client.session[SEEN_AT] == first
    assert "tmam_session" not in client.get("/me/account/").cookies, "nothing to write, no cookie sent"
    change(client, **{SEEN_AT: first - 301})
    Device.objects.filter(user=person).update(last_seen_at=timezone.now() - timedelta(days=1))
    answer = client.get("/me/account/")
    assert "tmam_session" in answer.cookies
    assert client.session[SEEN_AT] >= first
    assert timezone.now() - Device.objects.get(user=person).last_seen_at < timedelta(minutes=1)


def test_public_pages_leave_sessions_alone() -> None:
    client = signed_in(make_user())
    change(client, **{SEEN_AT: 0})
    answer = client.get("/en/")
    assert "tmam_session" not in answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_the_limits_are_the_operators_and_pure_arithmetic() -> None:
    settings = load_settings(
        {
            "TMAM_SESSION_IDLE_HOURS": "2",
            "TMAM_SESSION_ABSOLUTE_DAYS": "1",
            "TMAM_TEAM_SESSION_IDLE_HOURS": "1",
        }
    )
    begun = datetime.fromisoformat("2026-12-01T12:00:00+00:00")
    usual, strict = (limits_for(settings, is_strict=is_strict) for is_strict in (False, True))
    session = facts_at_sign_in(usual, begun)
    assert seconds_left(session, begun) == 2 * HOUR_S
    assert seconds_left(session, begun + timedelta(hours=23)) == HOUR_S
    assert seconds_left(session, begun + timedelta(days=2)) == 0
    assert seconds_left(session | facts_in_use(strict, begun), begun) == HOUR_S
    assert seconds_left({}, begun) == 14 * DAY_S, "a visitor"


def test_a_copy_of_the_database_gives_no_code_away(client: Client, settings: Settings) -> None:
    person = make_user()
    client.post("/accounts/password/reset/", {"email": person.email})
    code = mailed_code(person.email)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    stored = Session.objects.get(session_key=key).session_data
    assert client.session["account_password_reset_verification"]["code"] == code
    assert db.SessionStore().decode(stored) == {}, "it is signed only"
    assert db.SessionStore().decode(decrypt(stored.encode()).decode()), "what the operator's key opens"


def test_a_session_that_cannot_be_read_is_none(client: Client, settings: Settings) -> None:
    person = make_user()
    sign_in(client, person.email)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    forged = signing.dumps({"_auth_user_id": str(person.pk)}, salt="django.contrib.sessions.SessionStore")
    Session.objects.filter(session_key=key).update(session_data=forged)
    assert not is_signed_in(client)
