"""The door for ticket files, without a server around it: it says what Django would, and to the same people."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.cast import make_user
from tests.web.test_downloads import address, pool, text_form, ticket_of, visitor_of
from tests.web.test_me import bought, coming_event, signed_in
from tmam.delivery.renderers import Renderers
from tmam.fulfilment import kept_files
from tmam.fulfilment.found_order import ORDER_COLUMNS, TICKET_COLUMNS, found_order, look_for_order
from tmam.fulfilment.links.stop_links import stop_links
from tmam.fulfilment.note_downloads import DownloadNotes
from tmam.orders.models import Order
from tmam.platform.brief_cache import clear_brief_caches
from tmam.platform.statements import Rows, Step, Verb, read_verb
from tmam.tickets.models import Ticket
from tmam.web.me import download_door

__all__ = ["pool", "text_form"]  # the fixtures


class Door:
    """The door as a visitor meets it; what it passes on is answered with `django`."""

    def __init__(self, client: Client) -> None:
        self.client, self.told = client, list[tuple[str, dict[str, str]]]()

    def ask(self, path: str, query: str = "") -> bytes:
        cookies = "; ".join(f"{name}={each.value}" for name, each in self.client.cookies.items())
        environ = RequestFactory(HTTP_COOKIE=cookies).get(path, QUERY_STRING=query).environ
        door = download_door.DownloadDoor(
            lambda *_: [b"django"],
            DownloadNotes(write=lambda *_: None),
        )
        return b"".join(door(environ, lambda status, headers: self.told.append((status, dict(headers)))))


@pytest.mark.django_db
def test_who_waits_hears_at_the_door_what_django_would_say(
    pool: Renderers, text_form: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tmam.fulfilment.fetch_file.SHORT_WAIT_S", -1.0)
    event = coming_event()
    orders = [bought(None, event) for _ in range(4)]
    doors = [Door(visitor_of(order)) for order in orders]
    paths = [address(order, "text") for order in orders]
    pages = [door.ask(path) for door, path in zip(doors, paths, strict=True)]
    status, headers = doors[2].told[0]
    assert status == "503 Service Unavailable"
    assert (headers["Cache-Control"], headers["X-Frame-Options"]) == ("private, no-store", "DENY")
    assert text_form.planned == 4
    client = doors[2].client
    same = client.get(paths[2])
    assert (same.content, same.headers["Retry-After"]) == (pages[2], headers["Retry-After"])
    page = pages[2].decode()
    assert "csrfmiddlewaretoken" not in page, "it is drawn once for everybody"
    assert f'href="{paths[2]}?language=es"' in page
    assert same.headers["X-Wait-Seconds"] == headers["X-Wait-Seconds"]
    assert text_form.planned == 4, "it stands in the queue since it was asked for at the door"
    told = json.loads(doors[2].ask(paths[2], "state=1"))
    assert told == client.get(paths[2], {"state": "1"}).json()
    assert json.loads(doors[3].ask(paths[3], "state=1"))["place"] is None, "the fourth found the queue full"
    spanish = visitor_of(orders[2]).get(paths[2], {"language": "es"})
    assert ("Tu archivo está en la cola" in spanish.content.decode(), spanish.status_code) == (True, 503)
    assert spanish.cookies[settings.LANGUAGE_COOKIE_NAME].value == "es"
    text_form.gate.touch()
    monkeypatch.setattr("tmam.fulfilment.fetch_file.SHORT_WAIT_S", 10.0)
    assert {door.ask(path) for door, path in zip(doors[:3], paths[:3], strict=True)} == {b"at last"}


@pytest.mark.django_db
def test_the_door_asks_nothing_about_what_can_be_nobodys(
    pool: Renderers, text_form: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    text_form.gate = None
    order = bought()
    client = visitor_of(order)
    ticket, serial_there = address(order, "text"), ticket_of(order).serial
    assert Door(client).ask(ticket) == client.get(ticket).content
    monkeypatch.setattr(download_door, "_find", None)
    for serial in ("0", "00", "01"):
        assert Door(client).ask(ticket.replace(f"/{serial_there}/", f"/{serial}/")) == b"django"
    assert client.get(ticket.replace(f"/{serial_there}/", "/0/")).status_code == 404
    assert Door(client).ask(ticket.replace(order.booking_reference, "7ZZZZZZ-000000")) == b"django"
    for key in ("\\000", "x", "'; --", "A" * 32):
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        assert Door(client).ask(ticket) == b"django", key


@pytest.mark.django_db
def test_an_order_is_found_whole_in_one_question() -> None:
    order = bought()
    look = look_for_order(order.event_id, order.booking_reference)
    found = read_verb(found_order(read_verb(all_rows(look))))
    same = Order.objects.get(event_id=order.event_id, id=order.id)
    assert plain(found.order, ORDER_COLUMNS) == plain(same, ORDER_COLUMNS)
    tickets = Ticket.objects.filter(event_id=order.event_id, order_id=order.id).order_by("serial")
    assert [plain(each, TICKET_COLUMNS) for each in found.tickets] == [
        plain(each, TICKET_COLUMNS) for each in tickets
    ]
    assert found.digests == read_verb(kept_files.digests_now(order.event_id, order.id))
    assert found.links_stopped_at is None
    stop_links(order, "buyer", timezone.now())
    again = read_verb(found_order(read_verb(all_rows(look))))
    assert again.links_stopped_at is not None


def all_rows(step: Step) -> Verb[Rows]:
    return (yield step)


def plain(row: Order | Ticket, columns: tuple[str, ...]) -> list[object]:
    values = [getattr(row, column) for column in columns]
    return [bytes(value) if isinstance(value, memoryview) else value for value in values]


@pytest.mark.django_db
def test_the_door_knows_who_is_signed_in_and_who_is_not_any_more(
    pool: Renderers, text_form: SimpleNamespace
) -> None:
    text_form.gate = None
    user = make_user()
    order = bought(user.email)
    client, path = signed_in(user.email), address(order, "text")
    whole = client.get(path).content
    door = Door(client)

    def ask() -> bytes:
        return door.ask(path)

    assert (ask(), door.told[0][0]) == (whole, "200 OK")
    session = client.session
    session["seen_at"] = 0
    session.save()
    assert ask() == whole, "who asks again within a second is not looked at twice"
    clear_brief_caches()
    assert ask() == b"django", "a session that is to be noted goes to who notes it"
    session["seen_at"] = int(timezone.now().timestamp())
    session.save()
    assert ask() == whole
    EmailAddress.objects.filter(user=user).update(verified=False)
    clear_brief_caches()
    assert ask() == b"django"
    EmailAddress.objects.filter(user=user).update(verified=True)
    user.set_password("another horse battery")
    user.save()
    assert ask() == b"django", "a session that the new password ended"
