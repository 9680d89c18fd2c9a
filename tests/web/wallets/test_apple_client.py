"""A pass's whole life: bought, added to a phone, moved, replaced, taken away; over real HTTP, pushed over HTTP/2."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from django.utils import timezone

from tests.cast import make_event, make_user
from tests.fulfilment.apple.cast import pushing_to, renew
from tests.fulfilment.apple.push_server import PushServer, push_server
from tests.notifications.purchases import buy
from tests.web.wallets.apple_phone import Phone, opened
from tmam.catalog.change_date import Who, change_date
from tmam.catalog.date_rules import DateTimes
from tmam.catalog.models import Date
from tmam.delivery.apple.site_certificate import apple_certificate
from tmam.fulfilment.apple import jobs
from tmam.fulfilment.apple.models import AppleChange
from tmam.orders.models import Order
from tmam.platform.event_log import drain
from tmam.platform.jobs import run_waiting_jobs
from tmam.tickets.models import Ticket
from tmam.web.wallets.apple import service as service_views


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_message(self, *said: object) -> None:
        """Nothing."""

    def handle(self) -> None:
        """One request; its thread's database connection goes with it."""
        try:
            super().handle()
        finally:
            connections.close_all()


@pytest.fixture
def running(live_database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The product on a port of its own, its passes pointing there."""
    del live_database
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        origin = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setattr(settings, "SITE_ORIGIN", origin)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield origin
        server.shutdown()
        thread.join()


@pytest.fixture
def apple(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushServer]:
    """A push service, and no waiting before a push."""
    certificate = apple_certificate()
    assert certificate is not None
    monkeypatch.setattr(jobs, "GATHER_S", 0)
    service_views.CALLS.forget()
    service_views.LOGS.forget()
    with (
        push_server(tmp_path, certificate.signer.intermediate.public_bytes(Encoding.PEM)) as server,
        pushing_to(server.url),
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        yield server


def bought() -> tuple[Order, Client]:
    user = make_user()
    order = buy(make_event(now=timezone.now()), email=user.email, now=timezone.now())
    drain()
    client = Client()
    client.force_login(user)
    return order, client


def move(order: Order, by: timedelta, entrance: str) -> datetime:
    """An organizer moves the date and the entrance."""
    date = Date.objects.get(event_id=order.event_id, ordinal=1)
    wanted = DateTimes(date.starts_at + by, date.ends_at + by, date.doors_at, {"en": entrance})
    change_date(order.event_id, 1, wanted, Who("system", timezone.now()), seen=date.revision)
    drain()
    run_waiting_jobs()
    return wanted.starts_at


def entrance_of(document: dict[str, dict[str, list[dict[str, str]]]]) -> dict[str, str]:
    (entrance,) = document["eventTicket"]["headerFields"]
    return entrance


def starts_of(document: dict[str, dict[str, list[dict[str, str]]]]) -> datetime:
    fields = {each["key"]: each["value"] for each in document["eventTicket"]["secondaryFields"]}
    return datetime.fromisoformat(fields["starts"])


@dataclass
class Taken:
    """A ticket whose pass lies in a phone's wallet."""

    order: Order
    ticket: Ticket
    buyer: Client
    phone: Phone
    number: str

    @property
    def document(self) -> dict[str, Any]:
        """The pass as the phone has it."""
        return self.phone.passes[self.number]

    def download(self) -> bytes:
        """The pass as the buyer downloads it now."""
        reference, serial = self.order.booking_reference, self.ticket.serial
        file = self.buyer.get(f"/me/orders/{reference}/tickets/{serial}/files/pkpass/")
        assert file.headers["Content-Type"] == "application/vnd.apple.pkpass"
        return bytes(file.content)


@pytest.fixture
def taken(running: str, apple: PushServer) -> Taken:
    """Bought, added to a phone, fetched once."""
    del apple
    order, buyer = bought()
    ticket = Ticket.objects.filter(event_id=order.event_id, order_id=order.id).order_by("serial")[0]
    phone = Phone(secrets.token_hex(16), secrets.token_hex(32))
    taken = Taken(order, ticket, buyer, phone, "")
    content = taken.download()
    assert phone.add(content) == 201
    assert phone.register(opened(content)) == 200, "twice is fine"
    ((taken.number, document),) = phone.passes.items()
    assert document["webServiceURL"] == f"{running}/wallets/apple/"
    assert phone.changed() == [taken.number]
    assert phone.fetch(taken.number) == 200
    assert phone.fetch(taken.number) == 304
    ours = phone.modified[taken.number]
    phone.modified[taken.number] = "Fri, 01 Jan 2100 00:00:00 GMT"
    assert phone.fetch(taken.number) == 200, "a time ahead of our clock says nothing"
    assert phone.modified[taken.number] == ours
    assert phone.changed() == []
    return taken


@pytest.mark.timeout(120)
def test_a_moved_date_moves_in_the_pocket(taken: Taken, apple: PushServer) -> None:
    phone, number = taken.phone, taken.number
    for pushes, (by, entrance) in enumerate(
        [(timedelta(hours=2), "North gate"), (timedelta(minutes=-30), "South gate")], start=1
    ):
        starts_at = move(taken.order, by, entrance)
        assert apple.tokens == [phone.push_token] * pushes
        assert phone.changed() == [number]
        assert phone.fetch(number) == 200
        assert starts_of(taken.document) == starts_at.replace(microsecond=0)
        assert entrance_of(taken.document)["value"] == entrance
        assert "%@" in entrance_of(taken.document)["changeMessage"]
        assert phone.fetch(number) == 304
    soon = timezone.now() + timedelta(minutes=1)
    assert AppleChange.objects.filter(event_id=taken.order.event_id).update(changed_at=soon)
    assert [phone.fetch(number), phone.fetch(number)] == [200, 304], (
        "changes within a second count on, ahead of the clock"
    )
    service = taken.document["webServiceURL"]
    assert phone.complain(service, "cannot show the pass") == 200
    assert phone.remove(taken.document) == 200
    assert phone.remove(taken.document) == 200
    assert phone.changed() == []


@pytest.mark.timeout(120)
def test_a_replaced_ticket_is_renewed_for_its_holder_and_void_for_who_had_it(
    taken: Taken, apple: PushServer
) -> None:
    phone, number, ticket = taken.phone, taken.number, taken.ticket
    code, secret = taken.document["barcodes"][0]["message"], taken.document["authenticationToken"]
    renew(ticket, "key_stolen", timezone.now())
    assert phone.fetch(number) == 200
    assert "barcodes" not in taken.document, "void until the log says that the holder is the same"
    drain()
    assert phone.changed() == [number]
    assert phone.fetch(number) == 200
    assert taken.document["barcodes"][0]["message"] != code, "the new code came to the old pass"
    assert opened(taken.download())["serialNumber"] == number

    renew(ticket, "transferred", timezone.now())
    drain()
    run_waiting_jobs()
    assert apple.tokens[-1] == phone.push_token
    assert phone.changed() == [number]
    assert phone.fetch(number) == 200
    assert taken.document["voided"] is True
    assert "barcodes" not in taken.document
    assert phone.fetch(number) == 200, "a void pass is sent whatever the phone has"
    theirs = opened(taken.download())
    assert theirs["serialNumber"] != number
    assert theirs["authenticationToken"] != secret
