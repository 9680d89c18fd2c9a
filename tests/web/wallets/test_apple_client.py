"""A pass's whole life: bought, added to a phone, moved, replaced, taken away; over real HTTP, pushed over HTTP/2."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test import Client
from django.utils import timezone

from tests.cast import make_event, make_user
from tests.fulfilment.apple.cast import pushing_to, renew, tell
from tests.fulfilment.apple.push_server import PushServer, push_server
from tests.notifications.purchases import buy
from tests.web.wallets.apple_phone import Phone, opened
from tmam.catalog.models import Date
from tmam.fulfilment.apple import jobs
from tmam.fulfilment.apple.certificate import apple_certificate
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


def move(order: Order, by: timedelta) -> datetime:
    """An organizer moves the date."""
    date = Date.objects.get(event_id=order.event_id, ordinal=1)
    date.starts_at, date.ends_at = date.starts_at + by, date.ends_at + by
    date.save()
    tell(order.event_id, "date.changed", timezone.now(), date=1, changes=["starts_at"])
    drain()
    run_waiting_jobs()
    return date.starts_at


def starts_of(document: dict[str, dict[str, list[dict[str, str]]]]) -> datetime:
    fields = {each["key"]: each["value"] for each in document["eventTicket"]["secondaryFields"]}
    return datetime.fromisoformat(fields["starts"])


@pytest.mark.timeout(120)
def test_a_moved_date_moves_in_the_pocket_and_a_replaced_ticket_is_void_there(
    running: str, apple: PushServer
) -> None:
    order, buyer = bought()
    serial = Ticket.objects.filter(event_id=order.event_id, order_id=order.id).order_by("serial")[0].serial
    path = f"/me/orders/{order.booking_reference}/tickets/{serial}/files/pkpass/"
    file = buyer.get(path)
    assert file.headers["Content-Type"] == "application/vnd.apple.pkpass"
    phone = Phone("a1b2c3d4e5f60718293a4b5c6d7e8f90", "ab" * 32)
    assert phone.add(file.content) == 201
    assert phone.register(opened(file.content)) == 200, "twice is fine"
    ((number, document),) = phone.passes.items()
    assert document["webServiceURL"] == f"{running}/wallets/apple/"
    assert phone.changed() == [number]
    assert phone.fetch(number) == 200
    assert phone.fetch(number) == 304
    assert phone.changed() == []

    starts_at = move(order, timedelta(hours=2))
    assert apple.tokens == [phone.push_token]
    assert phone.changed() == [number]
    assert phone.fetch(number) == 200
    assert starts_of(phone.passes[number]) == starts_at.replace(microsecond=0)
    assert phone.fetch(number) == 304
    starts_at = move(order, timedelta(minutes=-30))
    assert phone.changed() == [number]
    assert phone.fetch(number) == 200
    assert starts_of(phone.passes[number]) == starts_at.replace(microsecond=0)

    ticket = Ticket.objects.get(event_id=order.event_id, serial=serial)
    code = phone.passes[number]["barcodes"][0]["message"]
    renew(ticket, "key_stolen", timezone.now())
    assert phone.fetch(number) == 200
    assert "barcodes" not in phone.passes[number], "void until the log says that the holder is the same"
    drain()
    assert phone.changed() == [number]
    assert phone.fetch(number) == 200
    assert phone.passes[number]["barcodes"][0]["message"] != code, "the new code came to the old pass"
    assert opened(buyer.get(path).content)["serialNumber"] == number

    renew(ticket, "transferred", timezone.now())
    drain()
    run_waiting_jobs()
    assert apple.tokens[-1] == phone.push_token
    assert phone.changed() == [number]
    assert phone.fetch(number) == 200
    assert phone.passes[number]["voided"] is True
    assert "barcodes" not in phone.passes[number]
    assert phone.fetch(number) == 200, "a void pass is sent whatever the phone has"
    theirs = opened(buyer.get(path).content)
    assert theirs["serialNumber"] != number
    assert theirs["authenticationToken"] != document["authenticationToken"]

    assert phone.complain(document["webServiceURL"], "cannot show the pass") == 200
    assert phone.remove(document) == 200
    assert phone.remove(document) == 200
    assert phone.changed() == []
