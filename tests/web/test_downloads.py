"""Files through any surge: from the store, in parts, with a place in the queue, and never somebody else's."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from tests.delivery.render_cast import made, refuse, wait_for, write
from tests.web.test_me import bought, coming_event
from tmam.catalog.models import Event
from tmam.delivery.renderer_frames import RendererConfig
from tmam.delivery.renderers import Renderers
from tmam.delivery.store import StoreConfig
from tmam.fulfilment import formats, kept_files
from tmam.fulfilment.files import PlannedFile
from tmam.fulfilment.formats import FileFormat, FileWish
from tmam.fulfilment.models import Download, KeptFile
from tmam.fulfilment.note_downloads import DownloadNotes
from tmam.orders.models import Order
from tmam.orders.order_links import Purpose, sign_ticket_link
from tmam.platform.brief_cache import clear_brief_caches
from tmam.tickets.models import Ticket
from tmam.web.me import download_door, downloads, files_at_door
from tmam.web.me.access import grant_order


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Renderers]:
    """Renderers of the test's own, and no catalogue facts of the moment before."""
    config = RendererConfig(StoreConfig(tmp_path / "files"), tmp_path / "drawing.lock")
    opened = Renderers(config, processes=1, waiting_max=3, limit_s=20.0)
    for module in (downloads, download_door, files_at_door):
        monkeypatch.setattr(module, "renderers", lambda: opened)
    monkeypatch.setattr("tmam.fulfilment.fetch_file.SHORT_WAIT_S", 30.0)  # however busy the machine is
    opened.draw(made(write, "its renderer is up"))
    kept_files._facts_cache.clear()
    yield opened
    opened.close()


@pytest.fixture
def text_form(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """A heavy form whose drawing waits for a file (`gate`), or refuses (`is_bad`)."""
    said = SimpleNamespace(gate=tmp_path / "gate", is_bad=False, planned=0)

    def make(wish: FileWish) -> PlannedFile:
        said.planned += 1
        ticket = wish.lines[0].ticket
        title = wish.order.event.title["en"]
        name = f"tickets/{ticket.event_id}/ab/{ticket.serial}-{ticket.holder_name}-{title}.txt"
        if said.is_bad:
            return PlannedFile("t.txt", made(refuse, name=name))
        drawing = made(wait_for, str(said.gate), name=name) if said.gate else made(write, name, name=name)
        return PlannedFile("t.txt", drawing)

    form = FileFormat("text", "txt", "text/plain", is_heavy=True, holds_many=True, make=make)
    monkeypatch.setitem(formats._BY_NAME, "text", form)  # type: ignore[arg-type]
    return said


def visitor_of(order: Order) -> Client:
    """A browser that was let into an order."""
    client = Client()
    visitor = HttpRequest()
    visitor.session = client.session
    grant_order(visitor, order)
    visitor.session.save()
    return client


def ticket_of(order: Order) -> Ticket:
    found = Ticket.objects.filter(event_id=order.event_id, order_id=order.id).first()
    assert found is not None
    return found


def address(order: Order, form: str) -> str:
    return f"/me/orders/{order.booking_reference}/tickets/{ticket_of(order).serial}/files/{form}/"


@pytest.mark.django_db
def test_a_second_download_plans_and_draws_nothing(pool: Renderers, text_form: SimpleNamespace) -> None:
    text_form.gate = None
    order = bought()
    client, path = visitor_of(order), address(order, "text")
    first, again = client.get(path), client.get(path)
    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)
    assert text_form.planned == 1
    assert again.headers["ETag"] == first.headers["ETag"]
    part = client.get(path, headers={"Range": "bytes=5-", "If-Range": first.headers["ETag"]})
    assert (part.status_code, first.content[:5] + part.content) == (206, first.content)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.head(path).headers["Content-Length"] == str(len(first.content))
    assert client.get(path, {"state": "1"}).json() == {"state": "ready"}
    assert Download.objects.get(event_id=order.event_id, form="text").times == 2


@pytest.mark.django_db
def test_what_changed_is_drawn_anew_and_the_old_file_goes(
    pool: Renderers, text_form: SimpleNamespace
) -> None:
    text_form.gate = None
    order = bought()
    client, path = visitor_of(order), address(order, "text")
    client.get(path)
    old = KeptFile.objects.get(event_id=order.event_id).name
    Event.objects.filter(id=order.event_id).update(title={"en": "Another evening", "es": "Otra noche"})
    kept_files._facts_cache.clear()  # a second later
    assert "Another evening" in client.get(path).content.decode()
    assert pool.store.size(old) is None
    Ticket.objects.filter(event_id=order.event_id).update(generation=1)
    planned = text_form.planned
    client.get(path)
    assert text_form.planned == planned + 1, "a replaced ticket shows at once, not a second later"
    Ticket.objects.filter(event_id=order.event_id).update(state="revoked")
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_file_that_the_store_lost_is_drawn_again(pool: Renderers, text_form: SimpleNamespace) -> None:
    text_form.gate = None
    order = bought()
    client, path = visitor_of(order), address(order, "text")
    first = client.get(path)
    pool.store.delete([KeptFile.objects.get(event_id=order.event_id).name])
    assert client.get(path, {"state": "1"}).json()["state"] == "queued"
    assert client.get(path).content == first.content


@pytest.mark.django_db
def test_who_has_to_wait_is_told_the_place_and_what_needs_no_waiting(
    pool: Renderers, text_form: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tmam.fulfilment.fetch_file.SHORT_WAIT_S", -1.0)
    event = coming_event()
    orders = [bought(None, event) for _ in range(4)]
    clients = [visitor_of(order) for order in orders]
    paths = [address(order, "text") for order in orders]
    answers = [client.get(path) for client, path in zip(clients, paths, strict=True)]
    assert [each.status_code for each in answers] == [503] * 4
    page = answers[2].content.decode()
    assert "Your ticket is safe" in page
    assert address(orders[2], "code") in page
    assert address(orders[2], "html") in page
    assert 'http-equiv="refresh"' in page
    assert "your place is kept" in page
    without = answers[3].content.decode()
    assert "Keep this page open until you have a place" in without
    assert "your place is kept" not in without
    assert int(answers[2].headers["Retry-After"]) >= 2
    planned = text_form.planned
    state = clients[2].get(paths[2], {"state": "1"}).json()
    assert (state["state"], state["place"] in {1, 2}) == ("queued", True)
    assert text_form.planned == planned, "asking for one's place plans nothing"
    full = clients[3].get(paths[3], {"state": "1"}).json()
    assert (full["state"], full["place"]) == ("queued", None), "the fourth found the queue full"
    problem = clients[3].get(paths[3], headers={"Accept": "application/json"})
    assert (problem.status_code, problem.json()["code"]) == (503, "delivery.busy")
    assert clients[1].get(address(orders[1], "code")).status_code == 200, "light forms need no renderer"
    text_form.gate.touch()
    monkeypatch.setattr("tmam.fulfilment.fetch_file.SHORT_WAIT_S", 10.0)
    assert {client.get(path).content for client, path in zip(clients, paths, strict=True)} == {b"at last"}


@pytest.mark.django_db
def test_who_was_handed_one_file_is_shown_no_doors_that_are_shut(
    pool: Renderers, text_form: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tmam.fulfilment.fetch_file.SHORT_WAIT_S", -1.0)
    order, phone = bought(), Client()
    ticket = Ticket.objects.filter(event_id=order.event_id).order_by("serial")[0]
    phone.get("/me/tickets/open/", {"t": sign_ticket_link(order, Purpose.FILE, ticket.serial, "text")})
    opening = phone.get("/me/tickets/opening/").content.decode()
    assert "this one ticket, for one day" in opening
    assert "known for this booking" not in opening
    target = phone.post("/me/tickets/opening/").headers["Location"]
    waits = phone.get(target)
    assert waits.status_code == 503
    links = re.findall(r'href="(/me/[^"]+)"', waits.content.decode())
    same_in_spanish = f"{target}?language=es"
    assert set(links) - {"/me/tickets/"} == {target, same_in_spanish}, (
        "anything else of the booking would be a 404"
    )
    assert "Without waiting" not in waits.content.decode()
    text_form.gate.touch()


@pytest.mark.django_db
def test_a_file_that_cannot_be_drawn_says_so(pool: Renderers, text_form: SimpleNamespace) -> None:
    text_form.is_bad = True
    order = bought()
    client, path = visitor_of(order), address(order, "text")
    assert client.get(path).status_code == 500
    assert client.get(path, {"state": "1"}).json()["state"] == "failed"
    page = client.get(path).content.decode()
    assert "delivery.render_failed" in page
    assert Download.objects.filter(event_id=order.event_id).count() == 0


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        del format, args


def test_a_broken_download_goes_on_where_it_broke_at_the_door(
    live_database: None, pool: Renderers, text_form: SimpleNamespace, tmp_path: Path
) -> None:
    del live_database
    text_form.gate = None
    order, other = bought(), bought()
    client, path = visitor_of(order), address(order, "text")
    whole = client.get(path)
    visitor_of(other)
    asked_django: list[str] = []

    def django(environ: dict[str, object], start_response: object) -> list[bytes]:
        asked_django.append(str(environ["PATH_INFO"]))
        start_response("404 Not Found", [("Content-Length", "0")])  # type: ignore[operator]
        return []

    notes: list[tuple[int, tuple[int, ...], str]] = []

    class Notes:
        def add(self, event_id: int, serials: list[int], form: str, now: object) -> None:
            del now
            notes.append((event_id, tuple(serials), form))

    door = download_door.DownloadDoor(django, Notes())  # type: ignore[arg-type]
    with make_server("127.0.0.1", 0, door, handler_class=Quiet) as server:  # type: ignore[arg-type]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            base = f"http://127.0.0.1:{server.server_port}"
            cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
            target = tmp_path / "got"
            target.write_bytes(whole.content[:7])
            command = ["curl", "-sf", "-C", "-", "-o", str(target), "-D", str(tmp_path / "head")]
            subprocess.run([*command, "-H", f"Cookie: {cookies}", base + path], check=True)
            assert target.read_bytes() == whole.content
            head = (tmp_path / "head").read_text()
            assert " 206 " in head
            assert "content-security-policy" in head.lower()
            assert (asked_django, notes) == ([], []), "the rest of a file is no second download"
            subprocess.run(["curl", "-sf", "-H", f"Cookie: {cookies}", "-o", target, base + path], check=True)
            assert notes == [(order.event_id, (ticket_of(order).serial,), "text")]
            code = base + address(order, "code")
            subprocess.run(["curl", "-sf", "-H", f"Cookie: {cookies}", "-o", target, code], check=True)
            assert target.read_bytes().startswith(b"\x89PNG"), "a light file is made at the door"
            assert (asked_django, notes[1][2]) == ([], "code")
            for wrong in (address(other, "text"), address(other, "code"), f"{path}?state=2"):
                subprocess.run(["curl", "-s", "-H", f"Cookie: {cookies}", base + wrong], check=True)
            question = ["curl", "-sf", "-H", f"Cookie: {cookies}", f"{base}{path}?state=1"]
            assert subprocess.run(question, check=True, capture_output=True).stdout == b'{"state": "ready"}'
            subprocess.run(["curl", "-s", base + path], check=True)
            assert len(asked_django) == 4, "whatever is not a kept file of one's own is Django's business"
            assert len(notes) == 2
        finally:
            server.shutdown()
            thread.join()


def at_the_door(client: Client, path: str, told: list[str]) -> bytes:
    """What the door answers, "django" where it leaves it to Django; `told` gets its status."""

    def django(environ: dict[str, object], start_response: object) -> list[bytes]:
        del environ, start_response
        return [b"django"]

    cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
    environ = RequestFactory(HTTP_COOKIE=cookies).get(path).environ
    door = download_door.DownloadDoor(django, DownloadNotes(write=lambda *_: None))  # type: ignore[arg-type]
    return b"".join(door(environ, lambda status, _: told.append(status)))


@pytest.mark.django_db
def test_what_was_kept_is_not_handed_out_while_only_live_codes_count(
    pool: Renderers, text_form: SimpleNamespace
) -> None:
    text_form.gate = None
    order = bought()
    client = visitor_of(order)
    heavy, light = address(order, "text"), address(order, "code")
    whole = f"/me/orders/{order.booking_reference}/files/text/"
    before = {path: client.get(path).content for path in (heavy, whole, light)}
    assert {path: at_the_door(client, path, []) for path in before} == before
    kept = KeptFile.objects.filter(event_id=order.event_id).count()

    Event.objects.filter(id=order.event_id).update(live_codes_only=True)
    clear_brief_caches()  # a second later; what the catalogue said a moment before may still be known
    for path in before:
        assert at_the_door(client, path, []) == b"django", path
        refused = client.get(path)
        assert (refused.status_code, "fulfilment.live_code_only" in refused.content.decode()) == (409, True)
    assert client.get(heavy, {"state": "1"}).status_code == 409

    # The door takes still codes again: what was kept is good as it is, and nothing is drawn anew.
    Event.objects.filter(id=order.event_id).update(live_codes_only=False)
    clear_brief_caches()
    kept_files._facts_cache.clear()
    planned = text_form.planned
    assert {path: at_the_door(client, path, []) for path in before} == before
    assert {path: client.get(path).content for path in before} == before
    assert (text_form.planned, KeptFile.objects.filter(event_id=order.event_id).count()) == (planned, kept)
