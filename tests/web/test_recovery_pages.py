"""Help with signing in, page by page: every path, the impatient, the stopped, twice, and somebody else's link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import PASSWORD, make_event, make_user, unique
from tests.notifications.purchases import buy
from tests.signing_in import sign_in
from tmam.accounts.models import RecoveryRequest, User
from tmam.accounts.recovery import announce, approve
from tmam.accounts.security_log import NOWHERE
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.orders.models import PersonOrder
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db
STAFF = 10**9  # nobody's own number


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def newest_link(to: str, template: str, *, last: bool = False) -> str:
    """The address behind the first (or last) recovery button of the newest such mail."""
    mail = Mail.objects.filter(to=to, template=f"account.{template}").order_by("-id")[0]
    links = [
        word
        for word in str(compose_mail(mail, timezone.now()).body).split()
        if "/accounts/recover/open/" in word
    ]
    return links[-1 if last else 0]


def press(link: str, **typed: str) -> HttpResponse:
    """Open a link from a mail in a fresh browser, and press its button."""
    client = Client()
    opened = client.get(link)
    assert opened.headers["Location"] == "/accounts/recover/request/"
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    page = client.get("/accounts/recover/request/")
    return client.post("/accounts/recover/request/", typed) if page.status_code == 200 else page


def ask(user: User, path: str = "phone", **more: str) -> RecoveryRequest:
    answer = Client().post(
        f"/accounts/recover/{path}/ask/", {"email": user.email, "password": PASSWORD, **more}
    )
    assert answer.headers["Location"] == "/accounts/recover/sent/"
    press(newest_link(more.get("new_email", user.email), "recovery_prove"))
    drain()
    return RecoveryRequest.objects.get(user=user, state="asked")


def approve_now(found: RecoveryRequest) -> None:
    assert approve(found.pk, staff_id=STAFF, reason="Seen", wait_hours=72, now=timezone.now(), visit=NOWHERE)
    drain()


def let_time_pass(found: RecoveryRequest, by: timedelta = timedelta(hours=73)) -> None:
    """Move the request into the past, as if it had waited."""
    found.refresh_from_db()
    assert found.approved_at is not None
    assert found.ready_at is not None
    RecoveryRequest.objects.filter(pk=found.pk).update(
        approved_at=found.approved_at - by, ready_at=found.ready_at - by
    )
    announce(timezone.now())
    drain()


def with_phone(**fields: str) -> User:
    user = make_user(**fields)  # type: ignore[arg-type]
    Authenticator.objects.create(user=user, type="totp", data={})
    return user


@pytest.mark.parametrize(
    ("lost", "words"), [("password", "We mail you a code"), ("phone", "three ways"), ("email", "two ways")]
)
def test_one_decision_leads_to_the_ways_there_are(client: Client, lost: str, words: str) -> None:
    assert "Help with signing in" in text(client.get("/accounts/login/"))
    answer = client.post("/accounts/recover/", {"lost": lost})
    assert words in text(client.get(answer.headers["Location"]))
    assert client.post("/accounts/recover/", {}).status_code == 422


def test_a_lost_phone_from_asking_to_being_back() -> None:
    user = with_phone()
    found = ask(user)
    approve_now(found)
    impatient = Mail.objects.filter(to=user.email, template="account.recovery_ready")
    assert not impatient.exists(), "the link that ends it is not even sent"
    let_time_pass(found)
    finish = newest_link(user.email, "recovery_ready")
    assert press(finish, password="wrong wrong wrong").status_code == 422
    assert Authenticator.objects.filter(user=user).exists()
    assert "You are back in" in text(press(finish, password=PASSWORD))
    assert not Authenticator.objects.filter(user=user).exists()
    assert press(finish, password=PASSWORD).status_code == 409, "once"
    drain()
    told = {mail.template for mail in Mail.objects.filter(to=user.email)}
    assert {
        f"account.{name}" for name in ("recovery_asked", "recovery_approved", "recovery_ready", "recovered")
    } <= told


def test_a_lost_mailbox_moves_account_and_tickets() -> None:
    user, new = make_user(), f"{unique('new')}@buyers.example"
    order = buy(make_event(now=timezone.now()), email=user.email, now=timezone.now())
    drain()
    found = ask(user, "email", new_email=new)
    approve_now(found)
    let_time_pass(found)
    assert {mail.to for mail in Mail.objects.filter(template="account.recovery_approved")} >= {
        user.email,
        new,
    }
    assert not Mail.objects.filter(to=user.email, template="account.recovery_ready").exists(), (
        "the lost mailbox ends nothing"
    )
    press(newest_link(new, "recovery_ready"), password=PASSWORD)
    client = Client()
    sign_in(client, new)
    drain()
    assert order.booking_reference in text(client.get("/me/tickets/"))
    assert list(PersonOrder.objects.filter(order_id=order.id).values_list("email", flat=True)) == [new]
    old = Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert old.status_code == 200, "the lost mailbox opens nothing"


def test_the_owner_stops_it_by_the_link_in_the_mail() -> None:
    found = ask(with_phone())
    approve_now(found)
    stop = newest_link(found.old_email, "recovery_approved", last=True)
    assert "It is stopped" in text(press(stop))
    assert press(stop).status_code == 409
    let_time_pass_of = RecoveryRequest.objects.get(pk=found.pk)
    assert let_time_pass_of.state == "cancelled"


def test_the_owner_sees_it_in_every_browser_and_stops_it_there(client: Client) -> None:
    found = ask(with_phone())
    client.force_login(found.user)
    assert "asked us for help" in text(client.get("/me/account/"))
    client.post("/accounts/recover/stop/")
    assert "It is stopped" in text(client.get("/me/account/"))
    stranger = Client()
    stranger.force_login(make_user())
    again = ask(found.user)
    stranger.post("/accounts/recover/stop/")
    again.refresh_from_db()
    assert again.state == "asked", "only one's own"


def test_asking_tells_nobody_whether_an_account_exists() -> None:
    answers = [
        Client().post("/accounts/recover/phone/ask/", {"email": email, "password": "wrong wrong wrong"})
        for email in (make_user().email, f"{unique('nobody')}@buyers.example")
    ]
    words = "do not belong together"
    assert [(each.status_code, words in text(each)) for each in answers] == [(422, True)] * 2
    assert not Mail.objects.filter(template="account.recovery_prove").exists()


def test_a_typed_address_takes_over_no_tickets() -> None:
    """Somebody signs up with a guest buyer's address, never proves it, and calls the mailbox lost."""
    user, new = make_user(verified=False), f"{unique('new')}@buyers.example"
    typed = {"email": user.email, "password": PASSWORD, "new_email": new}
    answer = Client().post("/accounts/recover/email/ask/", typed)
    assert (answer.status_code, "do not belong together" in text(answer)) == (422, True)
    assert not RecoveryRequest.objects.filter(user=user).exists()
    assert not Mail.objects.filter(to=new).exists()


def test_nobody_gets_flooded_with_links(client: Client) -> None:
    new = f"{unique('new')}@buyers.example"
    answers = []
    for _ in range(settings.TMAM.sign_in_failures + 1):
        user = make_user()
        typed = {"email": user.email, "password": PASSWORD, "new_email": new}
        answers.append(client.post("/accounts/recover/email/ask/", typed).status_code)
        cache.clear()
    assert answers[-1] == 429
    assert Mail.objects.filter(to=new).count() == answers.count(302) < len(answers)


def test_long_passwords_are_passwords(client: Client) -> None:
    password = "lantern quiet " * 60
    user = make_user(password=password)
    answer = client.post("/accounts/recover/phone/ask/", {"email": user.email, "password": password})
    assert answer.status_code == 302


def test_forged_and_foreign_links_open_nothing(client: Client) -> None:
    first, second = ask(with_phone()), ask(with_phone())
    assert client.get("/accounts/recover/open/?t=complete-1.xx").status_code == 404
    assert client.get("/accounts/recover/request/").status_code == 404
    link = newest_link(first.old_email, "recovery_asked", last=True)
    forged = link.replace(f"cancel-{first.pk}", f"cancel-{second.pk}")
    assert forged != link
    assert client.get(forged).status_code == 404
    press(link)
    second.refresh_from_db()
    assert second.state == "asked"


def test_a_link_changes_nothing_by_being_looked_at(client: Client) -> None:
    found = ask(with_phone())
    client.get(newest_link(found.old_email, "recovery_asked", last=True), follow=True)
    found.refresh_from_db()
    assert found.state == "asked"
