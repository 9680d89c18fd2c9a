"""A phone takes tickets, hears of changes, reports, gives back: through the API, as the app does it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import make_member
from tests.fulfilment.wallet.phones import TestPhone, bytes_of, offer
from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tmam.catalog.change_date import Who
from tmam.catalog.change_design import Design, change_design
from tmam.catalog.models import Date
from tmam.fulfilment.models import Download, WalletOffer, WalletTicket
from tmam.fulfilment.order_files import tokens_of
from tmam.fulfilment.wallet.queries import changed_in_phones
from tmam.fulfilment.wallet.records import LARGEST_RECORD
from tmam.kernel.bound_token import DecodedBound, verify_certificate
from tmam.kernel.token import unpack_body
from tmam.orders.models import Order
from tmam.orders.order_summary import summarize_order
from tmam.organizers.models import Role
from tmam.platform.data_keys import newest_data_key
from tmam.platform.models import LogEntry
from tmam.platform.statements import run_verb
from tmam.tickets.holders import sealed_holder
from tmam.tickets.models import Ticket
from tmam.tickets.signing_keys import public_keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz", "Bea Ruiz")


def tickets(order: Order) -> list[Ticket]:
    return list(Ticket.objects.filter(event_id=order.event_id).order_by("serial"))


def test_a_phone_takes_an_order_s_tickets_and_alone_can_show_them(order: Order) -> None:
    phone = TestPhone()
    records = phone.take(offer(order).lower())
    assert [record["faces"]["en"]["holder"] for record in records] == ["Ana Ruiz", "Bea Ruiz"]
    for record, ticket in zip(records, tickets(order), strict=True):
        assert (ticket.generation, bytes(ticket.device_key or b"")) == (1, phone.key)
        certificate = bytes_of(record["certificate"])
        decoded = DecodedBound(unpack_body(certificate[:26]), certificate, 0, b"")
        body = verify_certificate(decoded, {int(k): bytes_of(v) for k, v in record["keys"].items()})
        assert (body.event_id, body.serial, body.generation) == (order.event_id, record["serial"], 1)
        assert len(json.dumps(record)) < LARGEST_RECORD
    assert {int(k): bytes_of(v) for k, v in records[0]["keys"].items()} == run_verb(
        public_keys(order.event_id)
    )
    assert tokens_of(summarize_order(order)) == {}
    assert WalletTicket.objects.get(event_id=order.event_id, serial=1).label == "Chrome on Android"
    assert Download.objects.filter(event_id=order.event_id, form="wallet").count() == 2


def test_a_record_is_small_whatever_is_on_it(order: Order) -> None:
    key = run_verb(newest_data_key(order.event_id, timezone.now()))
    for ticket in Ticket.objects.filter(event_id=order.event_id):
        name, _ = sealed_holder(key, ticket.serial, "🎟" * 300, "")
        rows = Ticket.objects.filter(event_id=order.event_id, serial=ticket.serial)
        rows.update(holder_sealed=name, place_label="座" * 200)
    records = TestPhone().take(offer(order))
    assert max(len(json.dumps(record, ensure_ascii=False).encode()) for record in records) < LARGEST_RECORD


def test_a_lost_answer_is_asked_for_again_and_nobody_else_may_use_the_code(order: Order) -> None:
    phone, code = TestPhone(), offer(order)
    assert phone.take(code) == phone.take(code)
    assert [ticket.generation for ticket in tickets(order)] == [1, 1]
    other = TestPhone()
    answer = other.post("take", other.message("take", {"code": code}))
    assert (answer.status_code, answer.json()["code"]) == (404, "fulfilment.wallet_code")


def test_codes_end_after_ten_minutes(order: Order) -> None:
    code = offer(order)
    WalletOffer.objects.update(made_at=timezone.now() - timedelta(minutes=11))
    phone = TestPhone()
    for typed in (code, "", "x" * 400, "0000000000"):
        answer = phone.post("take", phone.message("take", {"code": typed}))
        assert (answer.status_code, answer.json()["code"]) == (404, "fulfilment.wallet_code")
    offer(order)  # sweeps
    assert WalletOffer.objects.count() == 1


def test_of_two_phones_at_once_one_wins(order: Order) -> None:
    first = offer(order)
    # A second code made before the first is used: both see the tickets as they are now.
    kept = WalletOffer.objects.get()
    second = offer(order)
    kept.save(force_insert=True)
    winner, loser = TestPhone(), TestPhone()
    winner.take(first)
    answer = loser.post("take", loser.message("take", {"code": second}))
    assert (answer.status_code, answer.json()["code"]) == (409, "fulfilment.wallet_race")
    assert "another phone" in answer.json()["detail"]
    assert {bytes(ticket.device_key or b"") for ticket in tickets(order)} == {winner.key}


def test_moving_to_another_phone_wipes_the_first_at_its_next_contact(order: Order) -> None:
    old, new = TestPhone(), TestPhone()
    records = old.take(offer(order))
    new.take(offer(order))
    gone = old.sync(records)["gone"]
    assert [each["reason"] for each in gone] == ["moved", "moved"]
    assert new.sync(new.take(offer(order)))["gone"] == []


def test_a_phone_hears_of_what_changed_and_of_nothing_else(order: Order) -> None:
    phone = TestPhone()
    records = phone.take(offer(order))
    assert phone.sync(records) | {"now": 0} == {"changed": [], "gone": [], "now": 0}
    date = Date.objects.get(event_id=order.event_id, ordinal=1)
    Date.objects.filter(pk=date.pk).update(doors_at=date.starts_at - timedelta(minutes=20))
    changed = phone.sync(records)["changed"]
    assert [record["doorsAt"] - records[0]["doorsAt"] for record in changed] == [40 * 60_000] * 2
    Ticket.objects.filter(event_id=order.event_id, serial=2).update(state="cancelled")
    assert phone.sync(changed)["gone"] == [{"event": order.event_id, "serial": 2, "reason": "ended"}]


def test_a_phone_shows_where_to_go_in_and_the_colour_of_the_event_s_tickets(order: Order) -> None:
    phone = TestPhone()
    records = phone.take(offer(order))
    Date.objects.filter(event_id=order.event_id, ordinal=1).update(
        entrance={"en": "Gate B", "es": "Puerta B"}
    )
    event = summarize_order(order).event
    who = Who("user:1", timezone.now())
    change_design(event.organizer, event, Design(accent_hue=(records[0]["hue"] + 100) % 360), who, seen=0)
    (record, _) = phone.sync(records)["changed"]
    assert [record["faces"][code]["entrance"] for code in ("en", "es")] == ["Gate B", "Puerta B"]
    assert record["hue"] == (records[0]["hue"] + 100) % 360


def test_a_changed_copy_is_marked_once_and_given_again(order: Order) -> None:
    phone = TestPhone()
    records = phone.take(offer(order))
    for _ in range(2):
        answer = phone.sync([records[0] | {"version": ""}], tampered=True, shown=3)
        assert answer["changed"] == [records[0]]
    row = WalletTicket.objects.get(event_id=order.event_id, serial=1)
    assert row.tampered_at is not None
    assert row.shown_offline == 6
    assert [ticket.remark for ticket in tickets(order)] == ["wallet_tampered", ""]
    facts = LogEntry.objects.filter(event_id=order.event_id, name="wallet.tampered")
    assert [fact.data for fact in facts] == [{"serial": 1}]
    assert [(each.serial, each.booking_reference) for each in changed_in_phones(order.event_id)] == [
        (1, order.booking_reference)
    ]
    studio = Client()
    studio.force_login(make_member(summarize_order(order).event.organizer, Role.OWNER))
    page = studio.get(f"/studio/events/{order.event_id}/figures/").content.decode()
    assert f"{order.booking_reference}</span><small>ticket 1, in Chrome on Android" in page
    # Another phone cannot speak ill of it.
    TestPhone().sync([records[1]], tampered=True)
    assert tickets(order)[1].remark == ""
    # Freed and taken again, it is another copy.
    phone.send("leave", {"tickets": [{"event": order.event_id, "serial": 1}]})
    assert tickets(order)[0].remark == ""
    assert changed_in_phones(order.event_id) == []


def test_a_phone_gives_back_its_own_tickets_only(order: Order) -> None:
    phone = TestPhone()
    records = phone.take(offer(order))
    numbers = [{"event": each["event"], "serial": each["serial"]} for each in records]
    assert TestPhone().send("leave", {"tickets": numbers}) == {"freed": 0}
    assert phone.send("leave", {"tickets": [*numbers, {"event": 2**40, "serial": -1}]}) == {"freed": 2}
    assert phone.send("leave", {"tickets": numbers}) == {"freed": 0}
    assert not WalletTicket.objects.filter(event_id=order.event_id).exists()
    assert sorted(tokens_of(summarize_order(order))) == [1, 2]
    assert [each["reason"] for each in phone.sync(records)["gone"]] == ["freed", "freed"]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"signature": "AA"}, 401, "fulfilment.wallet_proof"),
        ({"challenge": "made:up:one"}, 401, "fulfilment.wallet_proof"),
        ({"key": "AAAA"}, 401, "fulfilment.wallet_proof"),
        ({"body": '{"have":[]} '}, 401, "fulfilment.wallet_proof"),
        ({"key": "%%%"}, 400, "platform.bad_request"),
        ({"body": "x" * 70_000}, 400, "platform.bad_request"),
    ],
)
def test_what_is_not_the_phone_s_word_is_refused(changed: dict[str, str], status: int, code: str) -> None:
    phone = TestPhone()
    answer = phone.post("sync", phone.message("sync", {"have": []}, **changed))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_signature_for_one_purpose_is_no_use_for_another() -> None:
    phone = TestPhone()
    answer = phone.post("leave", phone.message("sync", {"tickets": []}))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"have": "all"},
        {"have": [{"event": 1}]},
        {"have": [{"event": 2**40, "serial": 1}]},
        {"have": [{"event": 1, "serial": 1, "shown": -1}]},
        {"have": [{"event": 1, "serial": number + 1} for number in range(201)]},
        '{"a":' * 10_000,
    ],
)
def test_nonsense_that_is_signed_is_nonsense(content: object) -> None:
    phone = TestPhone()
    answer = phone.post("sync", phone.message("sync", content))
    assert (answer.status_code, answer.json()["code"]) == (400, "platform.bad_request")
    assert phone.post("sync", "no message at all").status_code == 400
    assert phone.post("sync", '{"a":' * 10_000).status_code == 400
