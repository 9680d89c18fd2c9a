"""Addresses that machines look for: whom to tell about a weakness, where to change a password."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.cast import make_user
from tmam.web.operations.well_known import security_text

FIELDS = ["Contact", "Expires", "Preferred-Languages", "Canonical", "Policy"]


def test_security_txt_has_every_field_of_the_rfc_once() -> None:
    lines = dict(
        line.split(": ", 1) for line in security_text(datetime(2026, 11, 26, tzinfo=UTC)).splitlines()
    )
    assert list(lines) == FIELDS
    assert lines["Contact"].startswith(("mailto:", "https://"))
    assert lines["Canonical"].endswith("/.well-known/security.txt")


@pytest.mark.parametrize("month", range(1, 13))
def test_it_is_good_for_months_and_less_than_a_year(month: int) -> None:
    now = datetime(2027, month, 28, 23, 59, tzinfo=UTC)
    expires = security_text(now).split("Expires: ")[1].splitlines()[0]
    until = datetime.strptime(expires, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=140) < until - now < timedelta(days=365)


def test_its_pages_are_there_in_both_languages() -> None:
    client = Client()
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    for language in ("en", "es"):
        assert client.get(f"/{language}/security/").status_code == 200


@pytest.mark.django_db
def test_password_managers_find_where_a_password_is_changed(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/.well-known/change-password").headers["Location"] == "/accounts/password/change/"
