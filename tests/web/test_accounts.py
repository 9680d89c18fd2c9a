"""Accounts as people use them: make one, prove the address, sign in, forget the password, sign out."""

from typing import Any

import msgspec
import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from tests.cast import PASSWORD, make_event, make_member, make_organizer, make_user, unique
from tests.notifications.purchases import buy
from tests.signing_in import sign_in
from tmam.accounts.models import User
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain
from tmam.web.account.adapter import AccountAdapter

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "three quiet lanterns"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


def mails_to(email: str) -> list[Mail]:
    return list(Mail.objects.filter(to=email).order_by("id"))


def sign_up(client: Client, email: str) -> HttpResponse:
    return client.post("/accounts/signup/", {"email": email, "password1": NEW_PASSWORD})


def test_sign_up_proves_the_address_by_a_mailed_code_and_shows_earlier_guest_orders(client: Client) -> None:
    email = f"{unique('guest')}@buyers.example"
    order = buy(make_event(), email=email.upper())
    drain()
    assert sign_up(client, email).headers["Location"] == "/accounts/confirm-email/"
    assert client.get("/me/account/").status_code == 302, "not signed in before the address is proven"

    page = client.get("/accounts/confirm-email/").content.decode()
    assert 'inputmode="numeric"' in page
    assert 'autocomplete="one-time-code"' in page
    (mail,) = [mail for mail in mails_to(email) if mail.template == "account.email_confirmation_signup"]
    assert client.post("/accounts/confirm-email/", {"code": "000000"}).status_code == 200
    response = client.post("/accounts/confirm-email/", {"code": mail.context["code"]})
    assert response.headers["Location"] == "/me/tickets/"
    assert order.booking_reference in client.get("/me/tickets/").content.decode()
    assert client.get(f"/me/orders/{order.booking_reference}/").status_code == 200


def test_three_wrong_codes_end_the_attempt(client: Client) -> None:
    email = f"{unique('guest')}@buyers.example"
    sign_up(client, email)
    code = mails_to(email)[-1].context["code"]
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(3):
        response = client.post("/accounts/confirm-email/", {"code": wrong})
    assert response.headers["Location"] == "/accounts/login/"
    assert client.post("/accounts/confirm-email/", {"code": code}).headers["Location"] == "/accounts/login/"


def test_sign_up_answers_alike_for_an_address_that_has_an_account() -> None:
    known = make_user().email
    unknown = f"{unique('nobody')}@buyers.example"
    answers = []
    for email in (known, unknown):
        client = Client()
        first = sign_up(client, email)
        page = client.get(first.headers["Location"])
        answers.append((first.status_code, first.headers["Location"], page.status_code, len(page.content)))
    assert answers[0][:3] == answers[1][:3]
    assert [mail.template for mail in mails_to(known)] == ["account.account_already_exists"]
    assert User.objects.filter(email=known).count() == 1


def test_wrong_sign_ins_read_alike_whether_the_account_exists() -> None:
    known = sign_in(Client(), make_user().email, "wrong wrong wrong")
    unknown = sign_in(Client(), f"{unique('nobody')}@buyers.example", "wrong wrong wrong")
    words = "This e-mail address or user name and this password do not belong together"
    assert words in known.content.decode()
    assert words in unknown.content.decode()
    assert known.status_code == unknown.status_code


def test_guessing_a_password_is_stopped(client: Client) -> None:
    user = make_user()
    for _ in range(5):
        sign_in(client, user.email, "wrong wrong wrong")
    answer = sign_in(client, user.email)
    assert answer.status_code == 429
    assert "for 1 min" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "where"), [("owner", "/studio/"), ("gate", "/gate/"), (None, "/me/tickets/")]
)
def test_everybody_lands_where_they_work(client: Client, role: str | None, where: str) -> None:
    user = make_member(make_organizer(), role) if role else make_user()
    assert sign_in(client, user.email).headers["Location"] == where


def test_the_page_one_came_for_goes_before_the_role(client: Client) -> None:
    user = make_member(make_organizer(), "owner")
    response = sign_in(client, user.email, next="/me/tickets/")
    assert response.headers["Location"] == "/me/tickets/"


def test_sign_in_never_leads_to_another_site(client: Client) -> None:
    user = make_user()
    response = sign_in(client, user.email, next="https://evil.example/")
    assert response.headers["Location"] == "/me/tickets/"


@pytest.mark.parametrize(
    "path",
    [
        "http://localhost/",
        "//127.0.0.1/x",
        "http://[::1]/",
        "http://tickets.example/",
        "https://evil.example/",
    ],
)
def test_what_leads_off_our_origin_is_no_way_on(path: str, settings: Any) -> None:
    settings.TMAM = msgspec.structs.replace(settings.TMAM, host="tickets.example", port=443)
    assert not AccountAdapter().is_safe_url(path)
    assert AccountAdapter().is_safe_url("https://tickets.example/me/")
    assert AccountAdapter().is_safe_url("/me/")


def test_on_this_machine_all_its_names_are_ours(settings: Any) -> None:
    assert all(AccountAdapter().is_safe_url(f"{origin}/me/") for origin in settings.TMAM.origins)
    assert not AccountAdapter().is_safe_url("http://localhost:1/")


def test_a_forgotten_password_is_replaced_by_a_mailed_code(client: Client) -> None:
    user = make_user()
    client.post("/accounts/password/reset/", {"email": user.email})
    (mail,) = mails_to(user.email)
    assert mail.template == "account.password_reset_code"
    response = client.post("/accounts/password/reset/confirm/", {"code": mail.context["code"]})
    assert response.headers["Location"] == "/accounts/password/reset/complete/"
    response = client.post("/accounts/password/reset/complete/", {"password1": NEW_PASSWORD})
    assert response.headers["Location"] == "/me/tickets/", "signed in at once"
    assert mails_to(user.email)[-1].template == "account.password_reset", "the owner is told"
    assert sign_in(Client(), user.email, NEW_PASSWORD).status_code == 302


def test_asking_for_a_new_password_answers_alike_for_unknown_addresses() -> None:
    known, unknown = make_user().email, f"{unique('nobody')}@buyers.example"
    answers = []
    for email in (known, unknown):
        client = Client()
        response = client.post("/accounts/password/reset/", {"email": email})
        page = client.get(response.headers["Location"])
        answers.append((response.status_code, response.headers["Location"], page.status_code))
    assert answers[0] == answers[1]
    assert mails_to(unknown)[0].template == "account.unknown_account"


def test_a_weak_password_is_refused_at_its_field(client: Client) -> None:
    page = client.post("/accounts/signup/", {"email": "someone@buyers.example", "password1": "password12"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "Error:" in html
    assert 'href="#id_password1"' in html
    assert not User.objects.filter(email="someone@buyers.example").exists()


def test_one_more_address_brings_its_tickets(client: Client) -> None:
    user, other = make_user(), f"{unique('work')}@buyers.example"
    order = buy(make_event(), email=other)
    drain()
    sign_in(client, user.email)
    assert order.booking_reference not in client.get("/me/tickets/").content.decode()
    asked = client.post("/accounts/email/", {"email": other, "action_add": "1"}).headers["Location"]
    assert asked.startswith("/accounts/reauthenticate/"), (
        "something important asks for the password once more"
    )
    answer = client.post(asked, {"password": PASSWORD, "next": "/accounts/email/"})
    assert answer.headers["Location"] == "/accounts/confirm-email/"
    code = mails_to(other)[-1].context["code"]
    client.post("/accounts/confirm-email/", {"code": code})
    assert order.booking_reference in client.get("/me/tickets/").content.decode()


def test_signing_out_ends_what_the_browser_may_see(client: Client) -> None:
    user = make_user()
    order = buy(make_event(), email=user.email)
    sign_in(client, user.email)
    assert client.get(f"/me/orders/{order.booking_reference}/").status_code == 200
    assert client.post("/accounts/logout/").headers["Location"] == "/me/tickets/"
    assert client.get(f"/me/orders/{order.booking_reference}/").status_code == 404


def test_changing_the_password_tells_the_owner(client: Client) -> None:
    user = make_user()
    sign_in(client, user.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/password/change/"})
    client.post("/accounts/password/change/", {"password1": NEW_PASSWORD})
    assert mails_to(user.email)[-1].template == "account.password_changed"
    assert client.get("/me/account/").status_code == 200, "still signed in here"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_pages_speak_both_languages_without_placeholders(client: Client, path: str) -> None:
    for language in ("en", "es"):
        html = client.get(path, headers={"accept-language": language}).content.decode()
        assert f'<html lang="{language}"' in html
        assert "placeholder" not in html
        assert 'inputmode="email"' in html
        assert 'style="' not in html
