"""A phone takes tickets, hears of changes, reports, gives back: through the API, as the app does it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import make_member
from tests.fulfilment.wallet.phones import TestPhone, bytes_of, offer
from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tmam.accounts.devices import (
    add_device,
    distrust_other_devices,
    forget_device,
    forget_other_devices,
)
from tmam.accounts.forget_spent import forget_spent
from tmam.accounts.freezing import freeze
from tmam.accounts.security_log import Visit
from tmam.catalog.models import Date
from tmam.fulfilment.models import Download, WalletOffer, WalletTicket
from tmam.fulfilment.order_files import tokens_of
from tmam.fulfilment.wallet.contact import MOST_EVENTS
from tmam.fulfilment.wallet.held import sweep_held
from tmam.fulfilment.wallet.queries import changed_in_phones
from tmam.fulfilment.wallet.records import LARGEST_RECORD
from tmam.fulfilment.wallet.signed_out import free_browsers_job
from tmam.kernel.bound_token import DecodedBound, verify_certificate
from tmam.kernel.token import unpack_body
from tmam.orders.models import Order
from tmam.orders.order_summary import summarize_order
from tmam.organizers.models import Role
from tmam.platform.data_keys import newest_data_key
from tmam.platform.event_log import drain
from tmam.platform.models import LogEntry
from tmam.platform.statements import run_verb
from tmam.tickets.holders import sealed_holder
from tmam.tickets.models import Ticket
from tmam.tickets.signing_keys import public_keys
from tmam.web.wallet import api
from tmam.web.wallets.apple.limits import MinuteLimit

pytestmark = pytest.mark.django_db
HERE = Visit(network="203.0.113.0/24", place="", browser="Chrome", request_id="")


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


def test_a_stranger_s_key_asks_no_event_and_learns_nothing(
    order: Order, django_assert_num_queries: Any
) -> None:
    owner, stranger = TestPhone(), TestPhone()
    owner.take(offer(order))
    have = [{"event": order.event_id, "serial": serial} for serial in (1, 2, 3)]
    have += [{"event": 10_000 + number, "serial": 1} for number in range(MOST_EVENTS - 1)]
    message = stranger.message("sync", {"have": have})
    with django_assert_num_queries(1):
        answer = stranger.post("sync", message).json()
    assert {each["reason"] for each in answer["gone"]} == {"freed"}
    assert len(answer["gone"]) == len(have)
    have += [{"event": 9_999, "serial": 1}]
    assert stranger.post("sync", stranger.message("sync", {"have": have})).status_code == 400
    left = stranger.message("leave", {"tickets": have})
    with django_assert_num_queries(1):
        assert stranger.post("leave", left).json() == {"freed": 0}


def test_one_network_has_its_share_of_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "CALLS", MinuteLimit(2))
    phone = TestPhone()
    message = phone.message("sync", {"have": []})
    assert [phone.post("sync", message).status_code for _ in range(3)] == [200, 200, 429]


def test_what_phones_had_is_forgotten_long_after_the_event(order: Order) -> None:
    phone = TestPhone()
    records = phone.take(offer(order))
    end = datetime.fromtimestamp(records[0]["endsAt"] / 1000, UTC)
    assert sweep_held(end + timedelta(days=399)) == 0
    assert sweep_held(end + timedelta(days=401)) == 2


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


def in_known_browser(order: Order) -> tuple[int, int, TestPhone, list[dict[str, Any]]]:
    """Who bought the order, a browser of theirs, the phone with the tickets in it, their records."""
    owner = make_member(summarize_order(order).event.organizer, Role.GATE)
    known = add_device(owner.pk, key="", visit=HERE, now=timezone.now(), at_sign_up=True)
    phone = TestPhone()
    phone.client.cookies["tmam_device"] = known.key
    records = phone.take(offer(order, owner.pk))
    assert phone.sync(records)["gone"] == []
    return owner.pk, known.device.pk, phone, records


def test_signing_a_browser_out_from_elsewhere_empties_it(order: Order) -> None:
    owner, device, phone, records = in_known_browser(order)
    forget_device(owner, device, visit=HERE, now=timezone.now())
    # Should the phone be quicker than the log:
    assert [each["reason"] for each in phone.sync(records)["gone"]] == ["signed_out", "signed_out"]
    assert sorted(tokens_of(summarize_order(order))) == [1, 2]


Way = Callable[[int, int, datetime], object]


def one_device(owner: int, device: int, now: datetime) -> None:
    forget_device(owner, device, visit=HERE, now=now)


def all_others(owner: int, _device: int, now: datetime) -> None:
    forget_other_devices(owner, this_device_id=None, this_session_key="", visit=HERE, now=now)


def this_was_not_me(owner: int, _device: int, now: datetime) -> None:
    freeze(owner, alert_entry_id=None, now=now)


def new_password(owner: int, _device: int, now: datetime) -> None:
    distrust_other_devices(owner, this_device_id=None, now=now)


@pytest.mark.parametrize("way", [one_device, all_others, this_was_not_me, new_password])
def test_a_browser_that_is_sent_away_loses_its_codes_at_once(order: Order, way: Way) -> None:
    owner, device, phone, records = in_known_browser(order)
    elsewhere = make_order(summarize_order(order).event, "Cleo Paz")
    other = TestPhone()
    other.take(offer(elsewhere))
    way(owner, device, timezone.now())
    # The browser's row may be gone before the log is read.
    forget_spent(timezone.now() + timedelta(seconds=1))
    drain()
    (job,) = ProcrastinateJob.objects.filter(task_name="fulfilment.free_browsers")
    for _ in range(2):
        free_browsers_job(**job.args)
    assert [(each.generation, each.device_key is None) for each in tickets(order)] == [
        (2, True),
        (2, True),
        (1, False),
    ]
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
    ],
)
def test_nonsense_that_is_signed_is_nonsense(content: object) -> None:
    phone = TestPhone()
    answer = phone.post("sync", phone.message("sync", content))
    assert (answer.status_code, answer.json()["code"]) == (400, "platform.bad_request")
    assert phone.post("sync", "no message at all").status_code == 400
