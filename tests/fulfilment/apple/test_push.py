"""Pushes, against a service of our own that speaks HTTP/2 and asks for the pass certificate as Apple does."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.cast import NOW, make_event, unique
from tests.fulfilment.apple.cast import date_changed, in_pocket, pushing_to, tell
from tests.fulfilment.apple.push_server import PushServer, push_server
from tests.notifications.purchases import buy
from tmam.delivery.apple.certificates import (
    DEVELOPMENT_PASS_TYPE,
    load_development_certificate,
    make_development_certificate,
)
from tmam.delivery.apple.site_certificate import apple_certificate
from tmam.fulfilment.apple.jobs import NotAllToldError, push_passes_job
from tmam.fulfilment.apple.models import AppleRegistration
from tmam.fulfilment.apple.push import AT_ONCE, Answer, PushService
from tmam.platform.event_log import drain
from tmam.tickets.models import Ticket


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushServer]:
    """A push service that knows the development certificate, and that we trust."""
    certificate = apple_certificate()
    assert certificate is not None
    authority = certificate.signer.intermediate.public_bytes(Encoding.PEM)
    with push_server(tmp_path, authority) as server, pushing_to(server.url):
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        yield server


@contextmanager
def open_service(server: PushServer) -> Iterator[PushService]:
    certificate = apple_certificate()
    assert certificate is not None
    with PushService(server.url, certificate) as service:
        yield service


def moved(**pockets: str) -> list[Ticket]:
    """The two tickets of an order on phones with these push tokens, their date moved since."""
    order = buy(make_event(), email=f"{unique('ana')}@buyers.example")
    tickets = list(Ticket.objects.filter(event_id=order.event_id, order_id=order.id).order_by("serial"))
    for device, push_token in pockets.items():
        for ticket in tickets:
            in_pocket(ticket, device=device, push_token=push_token)
    date_changed(order.event_id)
    drain()
    return tickets


def test_a_push_is_what_apple_wants(service: PushServer) -> None:
    with open_service(service) as ours:
        assert ours.push(["ab" * 32], NOW) == {"ab" * 32: (Answer.TOLD, None)}
    (pushed,) = service.pushed
    assert pushed.body == b"{}"
    assert pushed.headers["apns-topic"] == DEVELOPMENT_PASS_TYPE
    assert int(pushed.headers["apns-expiration"]) > NOW.timestamp()
    assert pushed.client == DEVELOPMENT_PASS_TYPE, "we prove ourselves by the pass certificate"


def test_many_phones_share_one_connection_and_a_bounded_number_of_streams(service: PushServer) -> None:
    tokens = [secrets.token_hex(32) for _ in range(4 * AT_ONCE)]
    with open_service(service) as ours:
        answers = ours.push(tokens, NOW)
    assert [answers[token][0] for token in tokens] == [Answer.TOLD] * len(tokens)
    assert sorted(service.tokens) == sorted(tokens)
    assert service.connections == 1
    assert service.most_at_once <= AT_ONCE


def test_each_answer_is_understood(service: PushServer) -> None:
    said = {
        "a" * 64: (410, {"reason": "Unregistered", "timestamp": 1_780_000_000_000}),
        "b" * 64: (400, {"reason": "BadDeviceToken"}),
        "c" * 64: (400, {"reason": "BadTopic"}),
        "d" * 64: (403, {"reason": "BadCertificate"}),
        "e" * 64: (429, {"reason": "TooManyRequests"}),
        "f" * 64: (503, None),
        "0" * 64: (200, None),
    }
    service.answer = said.__getitem__
    with open_service(service) as ours:
        answers = {token[0]: ours.push([token], NOW)[token] for token in said}
    assert {name: answer for name, (answer, _) in answers.items()} == {
        "a": Answer.DEAD,
        "b": Answer.DEAD,
        "c": Answer.REFUSED,
        "d": Answer.LATER,
        "e": Answer.LATER,
        "f": Answer.LATER,
        "0": Answer.TOLD,
    }
    dead_since = answers["a"][1]
    assert dead_since is not None
    assert dead_since.timestamp() == 1_780_000_000


def test_a_busy_service_is_left_alone(service: PushServer) -> None:
    service.answer = lambda _: (429, {"reason": "TooManyRequests"})
    with open_service(service) as ours:
        answers = ours.push([secrets.token_hex(32) for _ in range(600)], NOW)
    assert {answer for answer, _ in answers.values()} == {Answer.LATER}
    assert len(service.pushed) < 200


def test_a_service_that_does_not_know_us_or_that_we_do_not_trust(
    service: PushServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = load_development_certificate(make_development_certificate(NOW).decode())
    with PushService(service.url, stranger) as ours:
        assert ours.push(["ab" * 32], NOW)["ab" * 32][0] is Answer.LATER
    monkeypatch.delenv("SSL_CERT_FILE")
    with open_service(service) as ours:
        assert ours.push(["ab" * 32], NOW)["ab" * 32][0] is Answer.LATER
    assert service.pushed == []


@pytest.mark.django_db
def test_each_phone_is_told_once_whatever_it_holds(service: PushServer) -> None:
    tickets = moved(one="ab" * 32, other="cd" * 32)
    push_passes_job(tickets[0].event_id)
    push_passes_job(tickets[0].event_id)
    assert sorted(service.tokens) == ["ab" * 32, "cd" * 32]
    tell(tickets[0].event_id, "ticket.revoked", serial=tickets[1].serial)
    drain()
    push_passes_job(tickets[0].event_id)
    assert len(service.pushed) == 4


@pytest.mark.django_db
def test_phones_that_are_gone_are_forgotten_unless_they_came_back(service: PushServer) -> None:
    tickets = moved(gone="ab" * 32, back="cd" * 32, bad="ef" * 32)
    before = int((NOW - timedelta(days=1)).timestamp() * 1000)
    after = int((NOW + timedelta(days=1)).timestamp() * 1000)
    service.answer = {
        "ab" * 32: (410, {"reason": "Unregistered", "timestamp": after}),
        "cd" * 32: (410, {"reason": "Unregistered", "timestamp": before}),
        "ef" * 32: (400, {"reason": "BadDeviceToken"}),
    }.__getitem__
    push_passes_job(tickets[0].event_id)
    left = AppleRegistration.objects.filter(event_id=tickets[0].event_id)
    assert set(left.values_list("device", flat=True)) == {"back"}


@pytest.mark.django_db
def test_who_could_not_be_told_is_told_later_and_the_others_not_again(service: PushServer) -> None:
    tickets = moved(one="ab" * 32, busy="cd" * 32)
    service.answer = lambda token: (200, None) if token == "ab" * 32 else (503, None)
    with pytest.raises(NotAllToldError):
        push_passes_job(tickets[0].event_id)
    service.answer = lambda _: (200, None)
    push_passes_job(tickets[0].event_id)
    assert sorted(service.tokens) == ["ab" * 32, "cd" * 32, "cd" * 32]


@pytest.mark.django_db
def test_a_service_that_is_away_loses_nobody(service: PushServer) -> None:
    tickets = moved(one="ab" * 32)
    with pushing_to("https://127.0.0.1:1"), pytest.raises(NotAllToldError):
        push_passes_job(tickets[0].event_id)
    push_passes_job(tickets[0].event_id)
    assert service.tokens == ["ab" * 32]
