"""The staff area: not there for others, everything noted, decisions with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, make_event, make_user, unique
from tests.notifications.purchases import buy
from tests.signing_in import type_password
from tests.web.account.factor_help import STEP_UP, Protected, make_protected, sign_in_with_app
from tmam.accounts.erasure import continue_erasures, erase_account
from tmam.accounts.freezing import freeze, is_frozen
from tmam.accounts.happenings import Happening
from tmam.accounts.lockout import paused_until
from tmam.accounts.models import RecoveryKind, RecoveryRequest, SecurityEntry, StaffAction, User
from tmam.accounts.recovery import begin, prove_mailbox
from tmam.accounts.security_log import NOWHERE, record
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db
PAGES = (
    "/staff/",
    "/staff/people/1/",
    "/staff/recoveries/1/",
    "/staff/trail/",
    "/staff/trail.csv",
    "/staff/kept/",
)
REASON = "Video call, the face fits"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


@pytest.fixture
def staff() -> Protected:
    return make_protected(name="Sam Staff", is_staff=True)


@pytest.fixture
def desk(staff: Protected) -> Client:
    """Staff who signed in a moment ago, with both steps."""
    client = Client()
    sign_in_with_app(client, staff)
    client.post(f"{STEP_UP}?with=app", {"code": staff.code(), "next": "/me/account/"})
    return client


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def asked(user: User) -> RecoveryRequest:
    begun = begin(user, RecoveryKind.FACTORS, new_email="", language="en", now=NOW, visit=NOWHERE)
    return prove_mailbox(begun.pk, now=NOW, visit=NOWHERE)


@pytest.mark.parametrize("path", PAGES)
def test_for_others_there_is_nothing(path: str) -> None:
    client = Client()
    assert client.get(path).status_code == 404
    client.force_login(make_user())
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_staff_need_a_second_factor(path: str) -> None:
    client = Client()
    client.force_login(make_user(is_staff=True))
    assert client.get(path).headers["Location"] == "/me/account/security/"


def test_a_person_is_found_exactly_or_not_at_all_and_it_is_noted(desk: Client, staff: Protected) -> None:
    person = make_user(name="Maria Quintanilla")
    assert desk.post("/staff/", {"person": person.email[:-3]}).status_code == 422
    for typed in (person.email.upper(), str(person.pk)):
        answer = desk.post("/staff/", {"person": typed})
        assert answer.headers["Location"] == f"/staff/people/{person.pk}/"
    page = text(desk.get(f"/staff/people/{person.pk}/"))
    assert "Maria Quintanilla" in page
    entry = SecurityEntry.objects.get(user=person, name="account.staff_looked")
    assert entry.actor == f"staff:{staff.user.pk}"
    client = Client()
    client.force_login(person)
    assert "Our staff looked at your account" in text(client.get("/me/account/activity/"))
    names = list(
        StaffAction.objects.filter(staff_id=staff.user.pk).order_by("id").values_list("name", flat=True)
    )
    assert names == ["staff.searched", "account.staff_looked"]


def test_a_request_is_decided_with_a_reason_once(desk: Client, staff: Protected) -> None:
    found = asked(make_user())
    path = f"/staff/recoveries/{found.pk}/"
    page = text(desk.get(path))
    assert "Second factors lost" in page
    assert "the password, the mailbox" in page
    assert f"{found.old_email} · proven" in page
    assert desk.post(f"{path}decide/", {"decision": "approve", "reason": "ok"}).status_code == 422
    assert desk.post(f"{path}decide/", {"decision": "maybe", "reason": REASON}).status_code == 400
    assert desk.post(f"{path}decide/", {"decision": "approve", "reason": REASON}).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.decided_by, found.reason) == ("approved", staff.user.pk, REASON)
    assert found.ready_at is not None
    assert found.approved_at is not None
    assert found.ready_at - found.approved_at == timedelta(hours=72)
    assert desk.post(f"{path}decide/", {"decision": "approve", "reason": REASON}).status_code == 409
    assert desk.post(f"{path}decide/", {"decision": "refuse", "reason": REASON}).status_code == 302


def test_staff_see_what_a_request_lacks(desk: Client) -> None:
    user = make_user(verified=False)
    record(user.pk, Happening.PASSWORD_RESET, now=NOW)
    page = text(desk.get(f"/staff/recoveries/{asked(user).pk}/"))
    assert "never proven" in page
    assert "set by a mailed code less than 30 days before" in page


def test_nobody_decides_about_themselves(desk: Client, staff: Protected) -> None:
    found = asked(staff.user)
    assert "a colleague has to decide" in text(desk.get(f"/staff/recoveries/{found.pk}/"))
    answer = desk.post(f"/staff/recoveries/{found.pk}/decide/", {"decision": "approve", "reason": REASON})
    assert answer.status_code == 409


def test_decisions_ask_for_a_fresh_proof(staff: Protected) -> None:
    found = asked(make_user())
    client = Client()
    client.force_login(staff.user)
    answer = client.post(f"/staff/recoveries/{found.pk}/decide/", {"decision": "approve", "reason": REASON})
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")


def test_the_trail_is_filtered_and_a_file_and_outlives_people(desk: Client, staff: Protected) -> None:
    person, other = make_user(), make_user()
    number = person.pk
    for each in (person, other):
        desk.get(f"/staff/people/{each.pk}/")
    erase_account(person, now=NOW, visit=NOWHERE)
    page = text(desk.get(f"/staff/trail/?person={number}"))
    assert page.count("Our staff looked at your account") == 1
    assert "Sam Staff" in page
    StaffAction.objects.create(staff_id=staff.user.pk, at=NOW, name="staff.searched", reason="=1+1")
    lines = b"".join(desk.get("/staff/trail.csv").streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "at,staff,action,person,reason,network"
    assert any(",'=1+1," in line for line in lines), "no formula for a spreadsheet"
    assert "Nothing to show" in text(desk.get("/staff/trail/?staff=x"))


def test_a_kept_record_is_opened_with_a_ground_and_noted(desk: Client, staff: Protected) -> None:
    person = make_user(name="Maria")
    order = buy(make_event(starts_in=timedelta(days=1)), email=person.email)
    drain()
    erase_account(person, now=NOW, visit=NOWHERE)
    continue_erasures(NOW + timedelta(days=3))
    typed = {"reference": order.booking_reference.lower(), "reason": "Tax office, file 12/345"}
    assert desk.post("/staff/kept/", {**typed, "reason": ""}).status_code == 422
    assert person.email in text(desk.post("/staff/kept/", typed)).lower()
    assert desk.post("/staff/kept/", {**typed, "reference": unique("X")}).status_code == 422
    noted = StaffAction.objects.filter(staff_id=staff.user.pk, name="staff.kept_record_opened")
    assert noted.filter(reason__contains="file 12/345").count() == 2


def test_a_locked_account_is_opened_with_a_reason_and_noted(desk: Client, staff: Protected) -> None:
    person = make_user()
    freeze(person.pk, alert_entry_id=None, now=NOW)
    path = f"/staff/people/{person.pk}/"
    assert "Locked by its owner" in text(desk.get(path))
    assert desk.post(f"{path}open/", {"reason": "x"}).status_code == 422
    assert is_frozen(person.pk)
    assert desk.post(f"{path}open/", {"reason": REASON}).headers["Location"] == path
    assert not is_frozen(person.pk)
    assert "open again" in text(desk.get(path))
    desk.post(f"{path}open/", {"reason": REASON})
    assert "It was open already" in text(desk.get(path))
    assert (
        StaffAction.objects.filter(name="account.thawed", staff_id=staff.user.pk, reason=REASON).count() == 1
    )
    assert desk.post(f"/staff/people/{staff.user.pk}/open/", {"reason": REASON}).status_code == 403


def test_a_pause_is_ended_with_a_reason_and_noted(desk: Client, staff: Protected) -> None:
    person = make_user()
    for _ in range(6):
        type_password(Client(), person.email, "wrong wrong wrong")
    path = f"/staff/people/{person.pk}/"
    assert "Signing in is paused" in text(desk.get(path))
    assert desk.post(f"{path}end-pause/", {"reason": ""}).status_code == 422
    assert desk.post(f"{path}end-pause/", {"reason": REASON}).headers["Location"] == path
    assert paused_until(person.pk, timezone.now()) is None
    assert "The pause is over" in text(desk.get(path))
    assert StaffAction.objects.filter(name="account.unlocked", staff_id=staff.user.pk, reason=REASON).exists()
