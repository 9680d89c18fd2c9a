"""Signing in through a real OpenID Connect provider on loopback: new people, known ones, and what must not happen."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from oidc_provider_mock import User as ProviderUser
from oidc_provider_mock import run_server_in_thread

from tests.cast import PASSWORD, make_event, make_member, make_organizer, make_user, unique
from tests.notifications.post_office import free_port
from tests.notifications.purchases import buy
from tests.signing_in import NEW_DEVICE, mailed_code
from tests.web.account.factor_help import age_proofs
from tmam.accounts.models import SecurityEntry, User
from tmam.notifications.models import Mail
from tmam.organizers.change_team import remove_member
from tmam.organizers.models import Membership
from tmam.organizers.team_log import Who
from tmam.platform.event_log import drain
from tmam.web.account.sso.provider_file import SsoProvider, allauth_settings

pytestmark = pytest.mark.django_db
START = "/accounts/oidc/acme/login/"


def way_out(client: Client, start: str = START) -> str:
    """The address that the page on the way to the provider links to, and opens by itself."""
    page = client.post(start)
    assert page.status_code == 200, page.content
    found = re.findall(r'<a class="button" href="([^"]+)"', page.content.decode())
    assert len(found) == 1
    assert f'<meta http-equiv="refresh" content="0;url={found[0]}">' in page.content.decode()
    return html.unescape(found[0])


def query_of(address: str) -> dict[str, str]:
    return dict(httpx.QueryParams(urlsplit(address).query))


@dataclass
class Service:
    """A provider on loopback, and the person at its sign-in page."""

    issuer: str

    def knows(self, sub: str, **claims: object) -> None:
        """Have it tell this about a person."""
        httpx.put(f"{self.issuer}/users/{sub}", json=claims).raise_for_status()

    def come_back(
        self, client: Client, sub: str, start: str = START, before: Callable[[], object] = lambda: None
    ) -> HttpResponse:
        """Go there, do something, come back; our answer to the way back."""
        there = httpx.post(way_out(client, start), data={"sub": sub})
        back = urlsplit(there.headers["Location"])
        before()
        return client.get(f"{back.path}?{back.query}")

    def sign_in(self, client: Client, sub: str, start: str = START) -> HttpResponse:
        """Go there, sign in, come back; our answer to the way back."""
        answer = self.come_back(client, sub, start)
        if answer.headers.get("Location") == NEW_DEVICE:  # the provider's word is no word about this browser
            user = SocialAccount.objects.get(uid=sub).user
            answer = client.post(NEW_DEVICE, {"code": mailed_code(user.email)})
        return answer


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread(user_claims=[ProviderUser(sub="nobody")]) as server:
        yield f"http://localhost:{server.server_port}"


def provider(issuer: str, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"email_domains": ("acme.example",), **more}
    return allauth_settings(
        [SsoProvider(id="acme", name="Acme", issuer=issuer, client_id="tmam", client_secret="s3", **given)]
    )


@pytest.fixture
def service(issuer: str, settings: Any) -> Service:
    cache.clear()
    settings.SOCIALACCOUNT_PROVIDERS = provider(issuer)
    return Service(issuer)


def is_signed_in(client: Client) -> bool:
    return client.get("/me/account/").status_code == 200


def test_a_new_person_of_a_believed_domain_is_in_at_once_and_sees_earlier_guest_orders(
    service: Service, client: Client
) -> None:
    email, sub = f"{unique('ana')}@acme.example", unique("sub")
    order = buy(make_event(), email=email)
    drain()
    service.knows(sub, email=email, email_verified=True, name="Ana  Ruiz", phone_number="+34600")
    assert service.sign_in(client, sub).headers["Location"] == "/me/tickets/"
    assert order.booking_reference in client.get("/me/tickets/").content.decode()
    user = User.objects.get(email=email)
    assert (user.name, user.username, user.has_usable_password()) == ("Ana Ruiz", None, False)
    assert SocialAccount.objects.get(user=user).extra_data == {}, "what the provider tells is not kept"


def test_the_next_time_the_same_person_comes_back_whatever_address_they_have_by_then(
    service: Service, client: Client
) -> None:
    email, sub = f"{unique('ana')}@acme.example", unique("sub")
    service.knows(sub, email=email, email_verified=True)
    service.sign_in(client, sub)
    service.knows(sub, email=f"{unique('new')}@acme.example", email_verified=True)
    again = Client()
    service.sign_in(again, sub)
    assert is_signed_in(again)
    assert User.objects.filter(socialaccount__uid=sub).get().email == email


@pytest.mark.parametrize(
    ("domain", "verified"), [("elsewhere.example", True), ("acme.example", False), ("sub.acme.example", True)]
)
def test_an_address_that_the_provider_may_not_prove_is_proven_by_a_code_of_ours(
    service: Service, client: Client, domain: str, verified: bool
) -> None:
    email, sub = f"{unique('ana')}@{domain}", unique("sub")
    service.knows(sub, email=email, email_verified=verified)
    assert service.sign_in(client, sub).headers["Location"] == "/accounts/confirm-email/"
    assert not is_signed_in(client)
    code = Mail.objects.get(to=email).context["code"]
    client.post("/accounts/confirm-email/", {"code": code})
    assert is_signed_in(client)


def test_somebody_elses_address_at_a_provider_opens_nothing(service: Service, client: Client) -> None:
    victim = make_user()
    sub = unique("sub")
    service.knows(sub, email=victim.email, email_verified=True)  # of a domain that the provider may not prove
    service.sign_in(client, sub)
    assert not is_signed_in(client)
    assert not SocialAccount.objects.filter(user=victim).exists()
    assert [mail.template for mail in Mail.objects.filter(to=victim.email)] == [
        "account.account_already_exists"
    ]


def test_two_identities_become_one_account_by_signing_in_to_both(service: Service, client: Client) -> None:
    user = make_user()
    EmailAddress.objects.filter(user=user).update(email=f"{unique('bo')}@acme.example")
    email, sub = EmailAddress.objects.get(user=user).email, unique("sub")
    service.knows(sub, email=email, email_verified=True)
    assert service.sign_in(client, sub).headers["Location"] == "/accounts/sso/connect/"
    assert not is_signed_in(client)
    page = client.get("/accounts/sso/connect/").content.decode()
    assert email in page
    assert "/accounts/login/?next=/accounts/sso/connect/" in page

    client.force_login(user)  # how one signs in is other tests' matter; the session stays the same
    session = client.session
    assert "Connect Acme" in client.get("/accounts/sso/connect/").content.decode()
    away = client.post("/accounts/sso/connect/now/")
    assert not SocialAccount.objects.filter(user=user).exists(), "only after a fresh proof"
    assert away.status_code == 302
    assert session.session_key


def test_a_service_that_was_connected_signs_in_and_can_be_removed(service: Service, client: Client) -> None:
    user, sub = make_user(), unique("sub")
    SocialAccount.objects.create(user=user, provider="acme", uid=sub)
    service.knows(sub, email="changed@acme.example", email_verified=True)
    assert service.sign_in(client, sub).headers["Location"] == "/me/tickets/"
    assert is_signed_in(client)
    assert b"Acme" in client.get("/me/account/sign-in-services/").content


def test_a_person_who_turns_back_is_told_so(service: Service, client: Client) -> None:
    state = query_of(way_out(client))["state"]
    response = client.get(f"{START}callback/?error=access_denied&state={state}")
    assert response.headers["Location"] == "/accounts/sso/cancelled/"
    assert b"nothing has changed" in client.get("/accounts/sso/cancelled/").content


def test_an_answer_is_of_use_once_and_only_to_the_browser_that_asked(
    service: Service, client: Client
) -> None:
    email, sub = f"{unique('ana')}@acme.example", unique("sub")
    service.knows(sub, email=email, email_verified=True)
    there = httpx.post(way_out(client), data={"sub": sub})
    back = urlsplit(there.headers["Location"])
    thief = Client()
    assert thief.get(f"{back.path}?{back.query}").status_code in {400, 401, 200, 404}
    assert not is_signed_in(thief)
    client.get(f"{back.path}?{back.query}")
    assert is_signed_in(client)
    again = Client()
    again.get(f"{back.path}?{back.query}")
    assert not is_signed_in(again)


@pytest.mark.parametrize("answer", ["code=wrong", "error=server_error", "code="])
def test_an_answer_that_proves_nothing_is_a_clear_error(
    service: Service, client: Client, answer: str
) -> None:
    state = query_of(way_out(client))["state"]
    response = client.get(f"{START}callback/?{answer}&state={state}")
    assert response.status_code == 502
    assert b"accounts.sign_in_service" in response.content
    assert not is_signed_in(client)


def test_a_provider_that_is_down_is_a_clear_error(settings: Any, client: Client) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = provider(f"http://localhost:{free_port()}")
    response = client.post(START)
    assert response.status_code == 502
    assert b"Acme" in response.content


def test_unknown_providers_and_bare_callbacks_are_no_bugs(service: Service, client: Client) -> None:
    assert client.post("/accounts/oidc/nobody/login/").status_code == 404
    assert client.get("/accounts/oidc/nobody/login/callback/").status_code == 404
    assert client.get(f"{START}callback/").status_code < 500
    assert client.get("/accounts/sso/connect/").status_code == 302
    assert client.get("/accounts/sso/signup/").status_code == 302


def test_the_way_there_is_by_post_with_pkce_and_a_state(service: Service, client: Client) -> None:
    page = client.get(START)
    assert page.status_code == 200
    assert b"Sign in with Acme" in page.content
    query = query_of(way_out(client))
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) >= 43
    assert len(query["state"]) >= 16


def test_the_way_there_is_a_page_as_forms_may_not_lead_elsewhere(
    service: Service, issuer: str, client: Client
) -> None:
    page = client.post(START)
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert way_out(client).startswith(f"{issuer}/oauth2/authorize?")


def test_a_link_to_the_start_page_changes_nothing_about_the_way_there(
    service: Service, issuer: str, client: Client
) -> None:
    more = "next=https://evil.example/&scope=admin&auth_params=redirect_uri%3Dhttps%3A%2F%2Fevil.example"
    address = way_out(client, f"{START}?{more}")
    assert address.startswith(f"{issuer}/oauth2/authorize?")
    assert "evil" not in address
    assert set(query_of(address)["scope"].split()) == {"openid", "profile", "email"}
    service.knows("led", email=f"{unique('ana')}@acme.example", email_verified=True)
    there = urlsplit(httpx.post(address, data={"sub": "led"}).headers["Location"])
    assert client.get(f"{there.path}?{there.query}").headers["Location"] == "/me/tickets/"


@pytest.mark.parametrize(
    "endpoint", ["javascript:alert(1)//", "http://evil.example/", "//evil.example", "ftp://evil.example"]
)
def test_a_provider_that_sends_people_over_an_open_line_is_a_clear_error(
    service: Service, settings: Any, client: Client, endpoint: str
) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["openid_configuration_overrides"] = {"authorization_endpoint": endpoint}
    page = client.post(START)
    assert page.status_code == 502
    assert b"accounts.sign_in_service" in page.content
    assert b"evil" not in page.content


def test_the_sign_in_page_offers_services_for_everybody_and_no_teams_own(
    service: Service, issuer: str, settings: Any, client: Client
) -> None:
    assert b"/accounts/oidc/acme/login/" in client.get("/accounts/login/").content
    settings.SOCIALACCOUNT_PROVIDERS = provider(issuer, organizer="somebody")
    assert b"/accounts/oidc/acme/login/" not in client.get("/accounts/login/").content


def test_signing_in_through_a_service_is_on_record_without_what_it_told(
    service: Service, client: Client
) -> None:
    email, sub = f"{unique('ana')}@acme.example", unique("sub")
    service.knows(sub, email=email, email_verified=True)
    service.sign_in(client, sub)
    names = list(SecurityEntry.objects.filter(user__email=email).values_list("name", flat=True))
    assert "account.signed_in" in names
    assert PASSWORD not in str(names)


def test_the_subject_of_both_answers_must_be_the_same_person(
    service: Service, client: Client, tmp_path: Path
) -> None:
    from tmam.accounts.errors import SignInServiceError
    from tmam.web.account.sso.adapter import _check_one_subject

    _check_one_subject({"id_token": {"sub": "a"}, "userinfo": {"sub": "a"}}, "acme")
    for claims in (
        {"id_token": {"sub": "a"}, "userinfo": {"sub": "b"}},
        {"userinfo": {"sub": "a"}},
        {},
        None,
    ):
        with pytest.raises(SignInServiceError):
            _check_one_subject(claims, "acme")


def test_a_team_s_people_join_it_by_signing_in_once_and_not_again_after_they_were_removed(
    service: Service, issuer: str, settings: Any, client: Client
) -> None:
    organizer = make_organizer()
    settings.SOCIALACCOUNT_PROVIDERS = provider(issuer, organizer=organizer.slug, role="read_only")
    email, sub = f"{unique('eva')}@acme.example", unique("sub")
    service.knows(sub, email=email, email_verified=True)
    assert service.sign_in(client, sub).headers["Location"] == "/studio/"
    member = Membership.objects.get(organizer=organizer, user__email=email)
    assert (member.role, member.all_events) == ("read_only", True)
    service.sign_in(Client(), sub)
    assert Membership.objects.filter(organizer=organizer).count() == 1

    owner = make_member(organizer, "owner")
    remove_member(organizer, member.pk, Who(owner, timezone.now()))
    service.sign_in(Client(), sub)
    assert not Membership.objects.filter(organizer=organizer, user__email=email).exists()


def test_a_buyers_service_makes_nobody_a_member(service: Service, client: Client) -> None:
    email, sub = f"{unique('ana')}@acme.example", unique("sub")
    service.knows(sub, email=email, email_verified=True)
    service.sign_in(client, sub)
    assert not Membership.objects.filter(user__email=email).exists()


def without_password() -> User:
    user = make_user()
    user.set_unusable_password()
    user.save()
    return user


def test_a_service_is_connected_only_after_a_fresh_proof_whoever_one_is(
    service: Service, client: Client
) -> None:
    user, path = without_password(), f"{START}?process=connect"
    client.force_login(user)
    away = client.post(path)
    assert away.headers["Location"] == "/accounts/reauthenticate/?next=" + quote(path, safe="")
    page = client.get(away.headers["Location"]).content.decode()
    assert "To change how you sign in" in page
    leaving = client.post(
        "/accounts/reauthenticate/", {"code": mailed_code(user.email), "next": path}
    )  # and on to the provider, nothing is lost
    assert service.issuer in leaving.content.decode() + leaving.headers.get("Location", "")


def test_what_comes_back_without_a_proof_is_dropped(service: Service, client: Client) -> None:
    user, sub = make_user(), unique("sub")
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/me/account/"})
    service.knows(sub, email="ana@acme.example", email_verified=True)
    back = service.come_back(client, sub, f"{START}?process=connect", before=lambda: age_proofs(client))
    assert back.headers["Location"].endswith("next=" + quote("/me/account/sign-in-services/", safe=""))
    assert "account_reauthentication_state" not in client.session
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/me/account/"})
    assert not SocialAccount.objects.filter(uid=sub).exists()


def test_with_a_fresh_proof_it_is_connected(service: Service, client: Client) -> None:
    user, sub = make_user(), unique("sub")
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/me/account/"})
    service.knows(sub, email="ana@acme.example", email_verified=True)
    service.come_back(client, sub, f"{START}?process=connect")
    assert SocialAccount.objects.filter(uid=sub, user=user).exists()


def test_who_was_removed_does_not_come_back_with_another_account(
    service: Service, issuer: str, settings: Any, client: Client
) -> None:
    organizer, sub = make_organizer(), unique("sub")
    settings.SOCIALACCOUNT_PROVIDERS = provider(issuer, organizer=organizer.slug, role="read_only")
    service.knows(sub, email=f"{unique('eva')}@acme.example", email_verified=True)
    service.sign_in(client, sub)
    member = Membership.objects.get(organizer=organizer)
    remove_member(organizer, member.pk, Who(make_member(organizer, "owner"), timezone.now()))
    SocialAccount.objects.filter(uid=sub).delete()
    service.knows(sub, email=f"{unique('eva')}@acme.example", email_verified=True)
    again = Client()
    service.sign_in(again, sub)
    assert is_signed_in(again)
    assert SocialAccount.objects.get(uid=sub).user_id != member.user_id
    assert Membership.objects.filter(organizer=organizer).count() == 1, "the owner"


def test_what_waits_for_a_provider_that_was_taken_away_is_no_bug(
    service: Service, settings: Any, client: Client
) -> None:
    user = make_user()
    email, sub = f"{unique('bo')}@acme.example", unique("sub")
    EmailAddress.objects.filter(user=user).update(email=email)
    service.knows(sub, email=email, email_verified=True)
    service.sign_in(client, sub)
    settings.SOCIALACCOUNT_PROVIDERS = allauth_settings([])
    assert client.get("/accounts/sso/connect/").headers["Location"] == "/accounts/login/"
    client.force_login(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/me/account/"})
    assert client.post("/accounts/sso/connect/now/").headers["Location"] == "/me/account/"

    account = SocialAccount.objects.create(user=user, provider="acme", uid=sub)
    assert b"acme" in client.get("/me/account/sign-in-services/").content
    assert client.post("/me/account/sign-in-services/", {"account": account.pk}).status_code == 302
    assert not SocialAccount.objects.filter(pk=account.pk).exists()
