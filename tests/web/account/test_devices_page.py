"""The list of browsers: what it shows, and that signing one out ends it at once and for good."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from mmdb_writer import MMDBWriter
from netaddr import IPSet
from pytest_django.fixtures import Settings

from tests.cast import make_user
from tests.signing_in import NEW_DEVICE, change_password, sign_in, type_password
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Device, SecurityEntry, User

pytestmark = pytest.mark.django_db
PAGE = "/me/account/devices/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


@pytest.fixture
def person() -> User:
    return make_user()


def signed_in(person: User, user_agent: str) -> Client:
    client = Client(headers={"user-agent": user_agent})
    sign_in(client, person.email)
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/me/account/").status_code == 200


def test_the_list_shows_this_browser_first_then_the_others(person: User) -> None:
    laptop, phone = signed_in(person, LAPTOP), signed_in(person, PHONE)
    html = laptop.get(PAGE).content.decode()
    assert html.index("Chrome on Windows") < html.index("Safari on iPhone")
    assert html.count("This browser") == 1
    assert phone.get(PAGE).content.decode().count("<h2>") == 3
    phone.post("/accounts/logout/")
    assert "Signed out, still known" in laptop.get(PAGE).content.decode()


def test_signing_one_out_ends_it_at_once_and_asks_it_for_a_code_again(person: User) -> None:
    laptop, phone = signed_in(person, LAPTOP), signed_in(person, PHONE)
    device = Device.objects.get(user=person, browser=PHONE)
    answer = laptop.post("/me/account/devices/sign-out/", {"device": device.pk}, follow=True)
    assert "Safari on iPhone is signed out" in answer.content.decode()
    assert not is_signed_in(phone)
    assert is_signed_in(laptop)
    assert type_password(phone, person.email).headers["Location"] == NEW_DEVICE
    assert SecurityEntry.objects.filter(user=person, name=Happening.DEVICE_FORGOTTEN).count() == 1


def test_all_others_go_at_once(person: User) -> None:
    laptop, phone, third = (signed_in(person, agent) for agent in (LAPTOP, PHONE, "curl/8"))
    laptop.post("/me/account/devices/sign-out-others/")
    assert [is_signed_in(client) for client in (laptop, phone, third)] == [True, False, False]
    assert list(Device.objects.filter(user=person, forgotten_at=None).values_list("browser", flat=True)) == [
        LAPTOP
    ]
    assert UserSession.objects.filter(user=person).count() == 1


def test_nobody_signs_out_the_browsers_of_others(person: User) -> None:
    theirs = signed_in(person, PHONE)
    device = Device.objects.get(user=person)
    stranger = signed_in(make_user(), LAPTOP)
    for number in (str(device.pk), "", "x", "9" * 30, "-1"):
        assert stranger.post("/me/account/devices/sign-out/", {"device": number}).status_code == 302
    assert is_signed_in(theirs)
    assert Device.objects.get(pk=device.pk).forgotten_at is None


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).headers["Location"].startswith("/accounts/login/")
    for path in ("sign-out/", "sign-out-others/"):
        assert client.post(PAGE + path).headers["Location"].startswith("/accounts/login/")
        assert client.get(PAGE + path).headers["Location"] == PAGE, "back to where the form is"


def test_a_browser_signed_in_twice_is_one_line(person: User) -> None:
    laptop = signed_in(person, LAPTOP)
    again = Client(headers={"user-agent": LAPTOP})
    again.cookies["tmam_device"] = laptop.cookies["tmam_device"].value
    assert type_password(again, person.email).headers["Location"] == "/me/tickets/"
    html = laptop.get(PAGE).content.decode()
    assert html.count("Chrome on Windows</h2>") == 1
    assert html.count("<li>since ") == 2


def test_a_changed_password_keeps_its_browser_and_ends_the_others(person: User) -> None:
    laptop, phone = signed_in(person, LAPTOP), signed_in(person, PHONE)
    change_password(laptop, "three quiet lanterns")
    assert is_signed_in(laptop)
    assert not is_signed_in(phone)
    device = Device.objects.get(user=person, browser=LAPTOP)
    linked = UserSession.objects.get(session_key=laptop.session.session_key)
    assert linked.data == {"device_id": device.pk}


def test_places_come_from_a_file_on_this_machine(person: User, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "places.mmdb"
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, languages=["en", "es"])
    madrid = {
        "city": {"names": {"en": "Madrid", "es": "Madrid"}},
        "country": {"names": {"en": "Spain", "es": "España"}},
    }
    writer.insert_network(IPSet(["127.0.0.0/8"]), madrid)
    writer.to_db_file(str(file))
    settings.TMAM = msgspec.structs.replace(settings.TMAM, geoip_file=str(file))
    client = signed_in(person, LAPTOP)
    assert "Madrid, Spain" in client.get(PAGE).content.decode()
    assert "Madrid, España" in client.get(PAGE, headers={"accept-language": "es"}).content.decode()
    assert SecurityEntry.objects.filter(user=person).first().place == "Madrid, Spain"
