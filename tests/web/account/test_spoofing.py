"""Headers that a client makes up: they change neither what we note about it nor where our links lead."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.cast import make_user
from tests.signing_in import sign_in
from tmam.accounts.models import Device, SecurityEntry
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


def test_a_made_up_address_is_not_noted_when_somebody_reaches_us_without_the_front() -> None:
    person = make_user()
    client = Client(headers={"x-forwarded-for": "192.0.2.66"}, REMOTE_ADDR="198.51.100.9")
    sign_in(client, person.email)
    assert Device.objects.get(user=person).network == "198.51.100.9"
    assert set(SecurityEntry.objects.filter(user=person).values_list("network", flat=True)) == {
        "198.51.100.9"
    }


def test_what_the_front_says_is_noted() -> None:
    person = make_user()
    client = Client(headers={"x-forwarded-for": "192.0.2.66, 203.0.113.7"}, REMOTE_ADDR="127.0.0.1")
    sign_in(client, person.email)
    assert Device.objects.get(user=person).network == "203.0.113.7"


def test_a_made_up_host_is_refused() -> None:
    person = make_user()
    for host in ("evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example"):
        answer = Client().post("/accounts/password/reset/", {"email": person.email}, headers={"host": host})
        assert answer.status_code == 400, host
    assert not Mail.objects.filter(to=person.email).exists()


def test_links_in_mails_lead_to_the_configured_origin_whatever_the_headers_say() -> None:
    person = make_user()
    forged = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "forwarded": "host=evil.example",
    }
    sign_in(Client(headers=forged), person.email)
    drain()
    mails = list(Mail.objects.filter(to=person.email))
    assert len(mails) == 2
    for mail in mails:
        message = compose_mail(mail, timezone.now())
        parts = [str(message.body), str(message.alternatives[0][0])]
        for part in parts:
            assert "evil.example" not in part
            assert settings.SITE_ORIGIN in part


def test_a_browser_without_or_with_an_endless_user_agent_signs_in() -> None:
    person = make_user()
    for agent in ("", "x" * 5_000, "<b>\x7f'"):
        client = Client(headers={"user-agent": agent})
        sign_in(client, person.email)
        page = client.get("/me/account/devices/").content.decode()
        assert "A browser we do not know" in page
        assert "<b>" not in page
