"""The update service against phones that are strangers, broken or rude: clear answers, nothing told, nothing kept."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from tests.cast import make_event, make_user
from tests.fulfilment.apple.cast import number_of
from tests.notifications.purchases import buy
from tests.web.wallets.apple_phone import opened
from tmam.delivery.apple.certificates import DEVELOPMENT_PASS_TYPE
from tmam.fulfilment.apple.models import AppleRegistration
from tmam.fulfilment.apple.numbers import PassNumber, pass_number, update_secret
from tmam.platform.errors import TooManyRequestsError
from tmam.tickets.models import Ticket
from tmam.web.minute_limit import MinuteLimit
from tmam.web.wallets.apple import service

pytestmark = pytest.mark.django_db
PUSH = json.dumps({"pushToken": "ab" * 32})
BASE = "/wallets/apple/v1"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    service.CALLS.forget()
    service.LOGS.forget()


@pytest.fixture
def tickets() -> list[Ticket]:
    order = buy(make_event(now=timezone.now()), now=timezone.now())
    return list(Ticket.objects.filter(event_id=order.event_id, order_id=order.id).order_by("serial"))


def proof(number: str) -> dict[str, str]:
    return {"Authorization": f"ApplePass {update_secret(settings.SECRET_KEY, number)}"}


def registration(number: str, device: str = "phone", pass_type: str = DEVELOPMENT_PASS_TYPE) -> str:
    return f"{BASE}/devices/{device}/registrations/{pass_type}/{number}"


def post(client: Client, path: str, body: str = PUSH, **headers: str) -> Any:
    return client.post(path, body, content_type="application/json", headers=headers)


def test_only_the_pass_s_own_secret_opens_it(tickets: list[Ticket]) -> None:
    client = Client(enforce_csrf_checks=True)
    number, other = (number_of(ticket) for ticket in tickets)
    nobody = pass_number(settings.SECRET_KEY, PassNumber(2_000_000_111, 1, 0))
    secret = update_secret(settings.SECRET_KEY, number)
    refused = [
        (number, {}),
        (number, {"Authorization": ""}),
        (number, {"Authorization": secret}),
        (number, {"Authorization": f"Bearer {secret}"}),
        (number, {"Authorization": f"ApplePass {secret[:-1]}0" if secret[-1] != "0" else "ApplePass x"}),
        (number, {"Authorization": f"ApplePass {'x' * 5000}"}),
        (number, proof(other)),
        ("0" * 32, proof("0" * 32)),
        (number.upper(), proof(number.upper())),
        ("x", proof("x")),
    ]
    for asked, headers in refused:
        answers = [
            post(client, registration(asked), **headers),
            client.delete(registration(asked), headers=headers),
            client.get(f"{BASE}/passes/{DEVELOPMENT_PASS_TYPE}/{asked}", headers=headers),
            post(client, registration(number, pass_type="pass.org.other"), **proof(number)),
        ]
        assert [answer.status_code for answer in answers] == [401] * 4, (asked, headers)
    assert post(client, registration(nobody), **proof(nobody)).status_code == 401
    assert not AppleRegistration.objects.filter(event_id__in=(tickets[0].event_id, 2_000_000_111)).exists()


def test_answers_bring_no_cookies_and_are_kept_by_nobody(tickets: list[Ticket]) -> None:
    client = Client(enforce_csrf_checks=True)
    number = number_of(tickets[0])
    answers = [
        post(client, registration(number), **proof(number)),
        client.get(f"{BASE}/devices/phone/registrations/{DEVELOPMENT_PASS_TYPE}"),
        client.get(f"{BASE}/passes/{DEVELOPMENT_PASS_TYPE}/{number}", headers=proof(number)),
        client.delete(registration(number), headers=proof(number)),
        client.get(f"{BASE}/devices/phone/registrations/{DEVELOPMENT_PASS_TYPE}"),
        post(client, f"{BASE}/log", '{"logs": []}'),
    ]
    assert [answer.status_code for answer in answers] == [201, 200, 200, 200, 204, 200]
    for answer in answers:
        assert not answer.cookies
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{}", 400),
        ("[]", 400),
        ('{"pushToken": 7}', 400),
        ('{"pushToken": ""}', 400),
        ('{"pushToken": "../../3/device"}', 400),
        (json.dumps({"pushToken": "ab" * 101}), 400),
        ('{"pushToken": "' + "ab" * 32, 400),
        ("\ud800", 400),
        ("[" * 1_900, 400),
        ('{"pushToken": "' + "ab" * 32 + '", "a": ' + "[" * 1_900, 400),
        (json.dumps({"pushToken": "ab" * 3_000}), 413),
    ],
)
def test_a_registration_that_is_none(tickets: list[Ticket], body: str, status: int) -> None:
    number = number_of(tickets[0])
    answer = Client().post(
        registration(number),
        body.encode("utf-8", "surrogatepass"),
        content_type="application/json",
        headers=proof(number),
    )
    assert answer.status_code == status
    assert not AppleRegistration.objects.filter(number=number).exists()


@pytest.mark.parametrize("device", ["a" * 65, "a b", "ñ", "a;b", "%00"])
def test_a_phone_needs_a_name(tickets: list[Ticket], device: str) -> None:
    number = number_of(tickets[0])
    assert post(Client(), registration(number, device), **proof(number)).status_code == 400
    listed = Client().get(f"{BASE}/devices/{device}/registrations/{DEVELOPMENT_PASS_TYPE}")
    assert listed.status_code == 204


def test_methods_that_are_none_of_the_five(tickets: list[Ticket]) -> None:
    number = number_of(tickets[0])
    client = Client()
    assert client.put(registration(number), headers=proof(number)).status_code == 405
    assert client.get(registration(number), headers=proof(number)).status_code == 405
    assert client.get(f"{BASE}/log").status_code == 405


def test_neither_secrets_nor_push_tokens_are_logged(tickets: list[Ticket]) -> None:
    number = number_of(tickets[0])
    secret = update_secret(settings.SECRET_KEY, number)
    with capture_logs() as logs:
        post(Client(), registration(number), **proof(number))
        complaint = f"Authorization: ApplePass {secret} for {'ab' * 32}\n\x1b[2Jbad"
        post(Client(), f"{BASE}/log", json.dumps({"logs": [complaint, "x" * 4_000, *["y"] * 50]}))
    text = json.dumps(logs, default=str)
    assert secret not in text
    assert "ab" * 32 not in text
    said = [line["said"] for line in logs if line["event"] == "apple.phone_says"]
    assert said[0].startswith("Authorization: [hidden] for [hidden]")
    assert said[0].isprintable()
    assert len(said) == 20
    assert max(map(len, said)) == 300


@pytest.mark.parametrize("body", ["", "{}", '{"logs": "x"}', '{"logs": [1]}', "[" * 10_000, '{"a":' * 2_000])
def test_a_log_that_is_none(body: str) -> None:
    assert post(Client(), f"{BASE}/log", body).status_code == 400
    assert post(Client(), f"{BASE}/log", "x" * 20_001).status_code == 413


def test_one_network_has_a_share_and_hears_when_the_next_minute_begins() -> None:
    now = [30.0]
    limit = MinuteLimit(3, clock=lambda: now[0])
    for _ in range(3):
        limit.count("1.2.3.4")
    limit.count("5.6.7.8")
    with pytest.raises(TooManyRequestsError) as refused:
        limit.count("1.2.3.4")
    assert refused.value.retry_after_s == 30
    now[0] = 60.0
    limit.count("1.2.3.4")


def test_too_many_complaints_are_not_heard() -> None:
    client = Client()
    answers = [post(client, f"{BASE}/log", '{"logs": []}') for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert int(answers[-1].headers["Retry-After"]) <= 60


def test_production_without_a_certificate_offers_nothing(
    tickets: list[Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer = Client()
    user = make_user()
    order = buy(make_event(now=timezone.now()), email=user.email, now=timezone.now())
    buyer.force_login(user)
    path = f"/me/orders/{order.booking_reference}/files/pkpass/"
    assert buyer.get(path).status_code == 200
    monkeypatch.setenv("TMAM_MODE", "production")
    number = number_of(tickets[0])
    assert post(Client(), registration(number), **proof(number)).status_code == 404
    refused = buyer.get(path)
    assert refused.status_code == 404
    assert "fulfilment.form_not_known" in refused.content.decode()


def test_all_tickets_of_an_order_come_as_one_bundle() -> None:
    user = make_user()
    order = buy(make_event(now=timezone.now()), email=user.email, now=timezone.now())
    client = Client()
    client.force_login(user)
    answer = client.get(f"/me/orders/{order.booking_reference}/files/pkpass/")
    assert answer.headers["Content-Type"] == "application/vnd.apple.pkpasses"
    assert f"{order.booking_reference}.pkpasses" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        passes = [opened(bundle.read(name)) for name in bundle.namelist()]
    assert len({each["serialNumber"] for each in passes}) == 2
    assert len({each["barcodes"][0]["message"] for each in passes}) == 2
    again = client.get(f"/me/orders/{order.booking_reference}/files/pkpass/")
    assert again.headers["ETag"] == answer.headers["ETag"], "the same order is the same bytes"
