"""Addresses that take only what a page sends lead people back to that page; a wrong method is never a blank page."""

import pytest
from django.test import Client

from tests.cast import make_user

pytestmark = pytest.mark.django_db
BUTTONS = {
    "/me/account/data/download/": "/me/account/data/",
    "/me/account/devices/sign-out/": "/me/account/devices/",
    "/me/account/devices/sign-out-others/": "/me/account/devices/",
    "/accounts/sso/connect/now/": "/accounts/sso/connect/",
}


@pytest.mark.parametrize(("address", "page"), BUTTONS.items())
def test_reading_a_buttons_address_leads_to_its_page(client: Client, address: str, page: str) -> None:
    client.force_login(make_user())
    assert client.get(address).headers["Location"] == page


@pytest.mark.parametrize("address", BUTTONS)
def test_another_method_is_said_to_be_wrong(client: Client, address: str) -> None:
    client.force_login(make_user())
    answer = client.put(address)
    assert answer.status_code == 405
    assert b"platform.method_not_allowed" in answer.content


def test_djangos_bare_405_gets_words_and_keeps_what_is_allowed(client: Client) -> None:
    page = client.post("/healthz")
    assert (page.status_code, page.headers["Allow"]) == (405, "GET, HEAD")
    assert b"platform.method_not_allowed" in page.content
    problem = client.post("/healthz", headers={"accept": "application/json"})
    assert problem.json()["code"] == "platform.method_not_allowed"
