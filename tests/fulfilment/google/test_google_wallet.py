"""Google Wallet whole, against a strict stand-in: saved, changed, withdrawn, and Google away."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import jwt
import msgspec
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from tests.cast import make_event, make_trip_event, make_user, unique
from tests.fulfilment.google.loopback import ISSUER, Google, loopback_google
from tests.notifications.purchases import buy
from tests.signing_in import sign_in
from tmam.accounts.personal_data import Departed, Person, parts
from tmam.catalog.change_design import keep_logo
from tmam.catalog.models import Date, Event, TicketDesign
from tmam.fulfilment.errors import GoogleNotReachedError
from tmam.fulfilment.google.account import google_account
from tmam.fulfilment.google.client import GoogleWallet
from tmam.fulfilment.google.jobs import sync_google_job
from tmam.fulfilment.google.presses import PRESSES
from tmam.fulfilment.google.rows import mark_passes
from tmam.fulfilment.google.sync_passes import sync_passes
from tmam.fulfilment.models import Download, GooglePass, GoogleWithdrawn
from tmam.orders.forget_buyer import forget_buyer
from tmam.orders.models import Order
from tmam.organizers.models import Organizer
from tmam.platform.event_log import NO_EVENT, Fact, drain, log_facts
from tmam.platform.statements import run_verb
from tmam.tickets.models import Ticket
from tmam.tickets.replace_tickets import Replacement, replace_tickets
from tmam.tickets.signing_keys import load_signing_key, make_signing_key
from tmam.tickets.stolen_keys import declare_stolen

pytestmark = pytest.mark.django_db
CLASS = {
    "id": f"{ISSUER}.c",
    "issuerName": "tmam",
    "reviewStatus": "UNDER_REVIEW",
    "eventName": {"defaultValue": {"language": "en", "value": "Lights"}},
}


@pytest.fixture
def google(settings: Settings, tmp_path: Path) -> Iterator[Google]:
    with loopback_google() as google:
        settings.TMAM = msgspec.structs.replace(
            settings.TMAM,
            google_wallet_issuer=ISSUER,
            google_wallet_service_account=str(google.write_key_file(tmp_path / "account.json")),
            google_wallet_api=google.api,
        )
        yield google


def buyer(**fields: object) -> tuple[Client, Order]:
    user = make_user()
    event = fields.pop("event", None) or make_event(now=timezone.now(), **fields)
    order = buy(event, email=user.email, now=timezone.now())  # type: ignore[arg-type]
    client = Client()
    sign_in(client, user.email)
    return client, order


def run_jobs() -> None:
    """The waiting jobs, in the test's own transaction."""
    waiting = ProcrastinateJob.objects.filter(task_name="fulfilment.sync_google", status="todo")
    for job in waiting:
        sync_google_job(**job.args)
    waiting.delete()


def save(client: Client, order: Order) -> str:
    response = client.post(f"/me/orders/{order.booking_reference}/google/")
    assert response.status_code == 200
    address = re.search(r'content="0;url=(https://pay\.google\.com/[^"]+)"', response.content.decode())
    assert address
    return address[1]


def test_the_passes_are_at_google_before_the_link_names_them(google: Google) -> None:
    client, order = buyer()
    page = client.get(f"/me/orders/{order.booking_reference}/google/")
    assert "Save 2 tickets" in page.content.decode()
    link = save(client, order)
    claims = jwt.decode(
        link.rpartition("/")[2],
        google.public_key,
        ["RS256"],
        audience="google",
        options={"verify_iat": False},
    )
    named = [each["id"] for each in claims["payload"]["eventTicketObjects"]]
    assert sorted(named) == sorted(google.objects)
    assert len(named) == 2
    (body,) = google.classes.values()
    assert body["eventName"]["translatedValues"] == [{"language": "es", "value": "Luces de invierno"}]
    assert Download.objects.filter(event_id=order.event_id, form="google").count() == 2


def test_an_organizer_s_own_logo_is_on_the_pass_where_google_can_fetch_it(
    google: Google, settings: Settings
) -> None:
    client, order = buyer()
    organizer = Organizer.objects.get(pk=order.organizer_id)
    written = io.BytesIO()
    Image.new("RGBA", (300, 100), "red").save(written, "PNG")
    digest = keep_logo(organizer, written.getvalue(), (300, 100), timezone.now())
    path = f"/brand/{organizer.pk}/logo-{digest}.png"
    assert Client().get(path).status_code == 404, "uploaded, not published"
    TicketDesign.objects.create(organizer=organizer, logo=digest)
    save(client, order)
    (body,) = google.classes.values()
    assert body["logo"]["sourceUri"]["uri"].endswith("/icon-512.png"), "this machine is reached by nobody"
    settings.TMAM = msgspec.structs.replace(settings.TMAM, host="tickets.example")
    run_verb(mark_passes(order.event_id, timezone.now()))
    sync_passes(order.event_id, google_account(settings.TMAM), timezone.now())
    (body,) = google.classes.values()
    assert body["logo"]["sourceUri"]["uri"] == settings.SITE_ORIGIN + path
    with Image.open(io.BytesIO(Client().get(path).content)) as picture:
        assert picture.size == (660, 660)
        assert (picture.getpixel((330, 330)), picture.getpixel((330, 30))) == ((255, 0, 0), (255, 255, 255))
    assert Client().get(f"/brand/{organizer.pk + 1}/logo-{digest}.png").status_code == 404


def test_saving_again_makes_no_second_pass(google: Google) -> None:
    client, order = buyer()
    save(client, order)
    save(client, order)
    assert len(google.objects) == 2
    assert GooglePass.objects.filter(event_id=order.event_id).count() == 2


def test_a_trip_is_saved_as_a_transit_pass(google: Google) -> None:
    client, order = buyer(event=make_trip_event(now=timezone.now()))
    save(client, order)
    assert {body["tripType"] for body in google.objects.values()} == {"ONE_WAY"}


def test_a_personal_ticket_is_saved_by_the_buyer_s_google_account_only(google: Google) -> None:
    client, order = buyer(transfer_policy="none")
    save(client, order)
    restrictions = {str(body["saveRestrictions"]) for body in google.objects.values()}
    assert len(restrictions) == 1
    assert order.email not in str(google.objects)


def test_after_a_theft_every_pass_of_the_event_counts_by_a_new_secret(google: Google) -> None:
    client, order = buyer()
    save(client, order)
    drain()
    run_jobs()
    before = {name: body["rotatingBarcode"] for name, body in google.objects.items()}
    # The key that is stolen signed none of these tickets: their codes stay, the digits do not.
    stolen = run_verb(make_signing_key(order.event_id, timezone.now()))
    run_verb(declare_stolen(order.event_id, stolen, actor="operator", now=timezone.now()))
    drain()
    run_jobs()
    for name, body in google.objects.items():
        now, then = body["rotatingBarcode"], before[name]
        assert now["valuePattern"] == then["valuePattern"]
        assert now["totpDetails"]["parameters"] != then["totpDetails"]["parameters"]


def test_a_moved_time_and_a_replaced_ticket_reach_the_pass(google: Google) -> None:
    client, order = buyer()
    save(client, order)
    drain()
    run_jobs()
    before = {name: body["rotatingBarcode"] for name, body in google.objects.items()}
    date = Date.objects.get(event_id=order.event_id, ordinal=1)
    Date.objects.filter(pk=date.pk).update(starts_at=date.starts_at + timedelta(minutes=30))
    run_verb(
        log_facts(
            order.event_id,
            [Fact("date.changed", timezone.now(), "system", {"date": 1, "changes": {"starts_at": []}})],
        )
    )
    first = Ticket.objects.filter(event_id=order.event_id).order_by("serial")[0]
    key = run_verb(load_signing_key(order.event_id))
    run_verb(
        replace_tickets(
            order.event_id,
            [Replacement(first.serial, 0)],
            key,
            reason="key_rotated",
            actor="system",
            now=timezone.now(),
        )
    )
    drain()
    run_jobs()
    (body,) = google.classes.values()
    assert body["dateTime"]["start"].startswith(
        (date.starts_at + timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M")
    )
    (message,) = google.messages
    assert message[0] == body["id"]
    assert message[1]["localizedHeader"]["translatedValues"][0]["language"] == "es"
    changed = [name for name, body in google.objects.items() if body["rotatingBarcode"] != before[name]]
    assert [name.split("-")[2] for name in changed] == [str(first.serial)]
    assert not GooglePass.objects.filter(event_id=order.event_id, synced_at=None).exists()


def test_what_the_holder_no_longer_holds_is_withdrawn(google: Google) -> None:
    client, order = buyer()
    save(client, order)
    first, second = Ticket.objects.filter(event_id=order.event_id).order_by("serial")
    key = run_verb(load_signing_key(order.event_id))
    run_verb(
        replace_tickets(
            order.event_id,
            [Replacement(first.serial, 0, b"d" * 32)],
            key,
            reason="bound",
            actor="system",
            now=timezone.now(),
        )
    )
    # A ticket that went to another order: nobody's pass of the old one may admit any more.
    other = buy(make_event(now=timezone.now()), email="new@buyers.example", now=timezone.now())
    Ticket.objects.filter(event_id=order.event_id, serial=second.serial).update(order_id=other.id)
    drain()
    run_verb(mark_passes(order.event_id, timezone.now(), serials=[second.serial]))
    run_jobs()
    assert len(google.objects) == 2
    states = {name.split("-")[2]: body["state"] for name, body in google.objects.items()}
    assert states == {str(first.serial): "INACTIVE", str(second.serial): "INACTIVE"}


def replaced(serial: int, order: Order, generation: int, reason: str, device: bytes | None = None) -> None:
    key = run_verb(load_signing_key(order.event_id))
    wanted = [Replacement(serial, generation, device)]
    run_verb(replace_tickets(order.event_id, wanted, key, reason=reason, actor="system", now=timezone.now()))


@pytest.mark.parametrize("is_log_read", [True, False])
def test_a_thief_s_pass_stays_dead_when_the_ticket_comes_out_of_a_phone(
    google: Google, is_log_read: bool
) -> None:
    client, order = buyer(transfer_policy="none")
    save(client, order)
    stolen = {name for name in google.objects if name.split("-")[2] == "1"}
    replaced(1, order, 0, "bound", b"d" * 32)
    replaced(1, order, 1, "freed")
    if is_log_read:
        drain()
        run_jobs()
        assert {google.objects[name]["state"] for name in stolen} == {"INACTIVE"}
    save(client, order)
    drain()
    run_jobs()
    (old,) = (google.objects[name] for name in stolen)
    assert (old["state"], old["rotatingBarcode"], old["saveRestrictions"]) == ("INACTIVE", None, None)
    (mine,) = (name for name in google.objects if name.split("-")[2] == "1" and name not in stolen)
    assert google.objects[mine]["state"] == "ACTIVE"
    assert not GoogleWithdrawn.objects.filter(event_id=order.event_id).exists()
    replaced(1, order, 2, "key_stolen")
    drain()
    run_jobs()
    assert (google.objects[mine]["state"], old["state"]) == ("ACTIVE", "INACTIVE")
    assert GooglePass.objects.get(event_id=order.event_id, serial=1).generation == 3


def test_the_passes_are_part_of_my_data_and_emptied_once_the_order_is_forgotten(google: Google) -> None:
    client, order = buyer()
    save(client, order)
    for body in google.objects.values():
        body["ticketHolderName"] = "Ana Example"
    drain()
    (part,) = [part for part in parts() if part.name == "google_passes"]
    rows = list(part.rows(Person(0, frozenset({order.email}))))
    assert [row["ticket"] for row in rows] == [1, 2]
    assert set(rows[0]) == set(part.fields)
    long_ago = timezone.now() - timedelta(days=30)
    Date.objects.filter(event_id=order.event_id).update(
        starts_at=long_ago, ends_at=long_ago + timedelta(hours=1)
    )
    assert "Ana Example" in str(google.objects)
    assert forget_buyer(Departed(frozenset({order.email}), timezone.now()), timezone.now())
    assert not GooglePass.objects.filter(event_id=order.event_id).exists()
    google.answers = [503]
    with pytest.raises(GoogleNotReachedError):
        run_jobs()
    run_jobs()
    assert "Ana Example" not in str(google.objects)
    assert {body["state"] for body in google.objects.values()} == {"INACTIVE"}
    assert not GoogleWithdrawn.objects.filter(event_id=order.event_id).exists()


def test_all_requests_of_a_press_have_one_time_limit(google: Google) -> None:
    with GoogleWallet(google_account(settings.TMAM), whole_s=0.4) as wallet:
        wallet.put_class("eventTicket", CLASS)
        google.silence_s = 0.15
        with pytest.raises(GoogleNotReachedError):
            [wallet.put_class("eventTicket", CLASS) for _ in range(20)]  # type: ignore[func-returns-value]
    assert len(google.requests) < 8


def test_while_two_are_asking_google_the_third_is_told_to_come_back(google: Google) -> None:
    client, order = buyer()
    path = f"/me/orders/{order.booking_reference}/google/"
    with PRESSES.one(), PRESSES.one():
        refused = client.post(path)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert not google.requests
    assert not GooglePass.objects.filter(event_id=order.event_id).exists()
    assert client.post(path).status_code == 200


def test_while_google_is_away_people_get_a_clear_answer_and_changes_wait(google: Google) -> None:
    client, order = buyer()
    google.answers = [503]
    response = client.post(f"/me/orders/{order.booking_reference}/google/")
    assert response.status_code == 503
    assert "fulfilment.google_not_reached" in response.content.decode()
    save(client, order)
    run_verb(mark_passes(order.event_id, timezone.now()))
    google.answers = [200, 429]
    from django.conf import settings

    with pytest.raises(GoogleNotReachedError):
        sync_passes(order.event_id, google_account(settings.TMAM), timezone.now())
    google.answers = []
    assert sync_passes(order.event_id, google_account(settings.TMAM), timezone.now()) == 2
    assert sync_passes(order.event_id, google_account(settings.TMAM), timezone.now()) == 0


def test_one_pass_that_google_refuses_does_not_hold_up_the_others(google: Google) -> None:
    client, order = buyer()
    save(client, order)
    run_verb(mark_passes(order.event_id, timezone.now()))
    from django.conf import settings

    google.answers = [200, 400]
    assert sync_passes(order.event_id, google_account(settings.TMAM), timezone.now()) == 1


def test_a_refusal_is_said_and_is_nobody_s_fault(google: Google) -> None:
    client, order = buyer()
    google.answers = [403]
    response = client.post(f"/me/orders/{order.booking_reference}/google/")
    assert response.status_code == 502
    assert "fulfilment.google_refused" in response.content.decode()


def test_a_page_of_before_saves_nothing_by_chance_and_tickets_in_a_phone_are_named(google: Google) -> None:
    client, order = buyer()
    address = f"/me/orders/{order.booking_reference}/google/"
    answer = client.post(address, {"first": "999"}, follow=True)
    assert "Your tickets have changed" in answer.content.decode()
    assert not google.objects
    Ticket.objects.filter(event_id=order.event_id).update(device_key=b"d" * 32)
    answer = client.get(address)
    assert (answer.status_code, "tickets.bound" in answer.content.decode()) == (409, True)


def test_without_the_settings_it_is_not_offered() -> None:
    client, order = buyer()
    for answer in (
        client.get(f"/me/orders/{order.booking_reference}/google/"),
        client.post(f"/me/orders/{order.booking_reference}/google/"),
    ):
        assert answer.status_code == 404
        assert "fulfilment.google_not_set_up" in answer.content.decode()


@pytest.mark.parametrize("content", [None, "", "{}", '{"type": "service_account"}'])
def test_a_key_file_that_is_none_is_not_set_up(
    settings: Settings, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / unique("key")
    if content is not None:
        path.write_text(content)
    settings.TMAM = msgspec.structs.replace(
        settings.TMAM, google_wallet_issuer=ISSUER, google_wallet_service_account=str(path)
    )
    client, order = buyer()
    answer = client.post(f"/me/orders/{order.booking_reference}/google/")
    assert answer.status_code == 404


def test_an_organizer_s_new_design_reaches_the_passes_of_all_their_events(google: Google) -> None:
    client, order = buyer()
    save(client, order)
    event = Event.objects.select_related("organizer").get(id=order.event_id)
    Organizer.objects.filter(pk=event.organizer_id).update(accent_hue=150)
    fact = Fact("design.changed", timezone.now(), "user:1", {"organizer": event.organizer_id, "changes": {}})
    run_verb(log_facts(NO_EVENT, [fact]))
    (before,) = (body["hexBackgroundColor"] for body in google.classes.values())
    drain()
    run_jobs()
    (after,) = (body["hexBackgroundColor"] for body in google.classes.values())
    assert after != before
