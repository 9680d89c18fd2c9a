"""A phone changes its key: never without a code that admits, whatever is lost on the way; never for anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone

from tests.fulfilment.wallet.phones import TestPhone, bytes_of, offer, text_of
from tests.gates.guests import attempt, make_event_tonight
from tests.gates.orders import make_order
from tmam.fulfilment.models import WalletHeld, WalletTicket
from tmam.fulfilment.wallet.proofs import agreed_text
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.kernel.bound_token import bound_text, proof_message
from tmam.kernel.live_digits import live_step
from tmam.orders.models import Order
from tmam.platform.statements import run_verb
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db
Record = Mapping[str, Any]


@pytest.fixture
def order() -> Order:
    return make_order(make_event_tonight(now=datetime.now(UTC)), "Ana Ruiz", "Bea Ruiz")


def enter(phone: TestPhone, record: Record) -> str:
    """Show a record's code at the door; returns what the gate says, "" for "come in"."""
    now, certificate = timezone.now(), bytes_of(record["certificate"])
    proof = phone.private.sign(proof_message(certificate, live_step(now))).signature
    code = bound_text(certificate, live_step(now), proof)
    (outcome,) = run_verb(redeem_tickets(record["event"], [attempt(code, at=now)]))
    return outcome.error.code if outcome.error else ""


def test_both_codes_admit_once_until_the_phone_has_the_new_one(order: Order) -> None:
    old, new, third = TestPhone(), TestPhone(), TestPhone()
    before = old.take(offer(order))
    after = old.renew(before, new)["changed"]
    assert [(each["serial"], each["generation"]) for each in after] == [(1, 2), (2, 2)]
    # The answer may be lost: the old code is what the phone has, and asking again gives the same.
    assert enter(old, before[0]) == ""
    assert enter(new, after[0]) == "gates.already_used"
    assert old.renew(before, new)["changed"] == after
    # It is heard of by its new key: the old one is dead.
    heard = new.sync(after)
    assert (heard["changed"], heard["gone"]) == ([], [])
    assert enter(old, before[1]) == "gates.replaced"
    assert enter(new, after[1]) == ""
    assert not Ticket.objects.filter(event_id=order.event_id, former_sha256__isnull=False).exists()
    assert [each["reason"] for each in old.sync(before)["gone"]] == ["moved", "moved"]
    # It is the same phone since the same moment, and whoever bought the tickets is told of none.
    row = WalletTicket.objects.get(event_id=order.event_id, serial=1)
    assert (bytes(row.device_key), row.label) == (new.key, "Chrome on Android")
    # The old key takes nothing back.
    assert old.renew(before, third)["changed"] == []


def test_tickets_taken_out_meanwhile_stay_out_and_the_rest_goes_on(order: Order) -> None:
    old, new = TestPhone(), TestPhone()
    records = old.take(offer(order))
    old.renew(records, new)
    old.send("leave", {"tickets": [{"event": order.event_id, "serial": 1}]})
    assert Ticket.objects.get(event_id=order.event_id, serial=1).device_key is not None, (
        "it is the new key's now"
    )
    new.send("leave", {"tickets": [{"event": order.event_id, "serial": 1}]})
    answer = old.renew(records, new)
    assert [each["serial"] for each in answer["changed"]] == [2]
    assert [(each["serial"], each["reason"]) for each in answer["gone"]] == [(1, "freed")]
    assert enter(old, records[0]) == "gates.replaced"


def test_the_contact_key_speaks_for_the_new_key(order: Order) -> None:
    old, new, contact = TestPhone(), TestPhone(), TestPhone()
    records = old.send("take", {"code": offer(order), "contact": text_of(contact.key)})["tickets"]
    old.renew(records, new)
    numbers = [{"event": each["event"], "serial": each["serial"]} for each in records]
    assert contact.send("leave", {"tickets": numbers}) == {"freed": 2}


def test_nobody_else_gets_tickets_by_it(order: Order) -> None:
    phone, stranger, new = TestPhone(), TestPhone(), TestPhone()
    records = phone.take(offer(order))
    assert {each["reason"] for each in stranger.renew(records, new)["gone"]} == {"freed"}
    have = [{"event": order.event_id, "serial": 1}]
    signed_by_another = stranger.private.sign(agreed_text(phone.key, new.key)).signature
    for_another = new.private.sign(agreed_text(stranger.key, new.key)).signature
    for key, proof, status in (
        (text_of(new.key), text_of(signed_by_another), 401),
        (text_of(new.key), text_of(for_another), 401),
        (text_of(new.key), "%", 401),
        (text_of(phone.key), text_of(signed_by_another), 400),
        ("AAAA", "", 400),
    ):
        message = phone.message("renew", {"key": key, "proof": proof, "have": have})
        assert phone.post("renew", message).status_code == status
    assert {bytes(each.device_key or b"") for each in Ticket.objects.filter(event_id=order.event_id)} == {
        phone.key
    }
    assert not WalletHeld.objects.filter(device_key=new.key).exists()
