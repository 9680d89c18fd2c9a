"""A person's phones: handed over on request, nameless after an erasure."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.fulfilment.wallet.phones import TestPhone, offer
from tests.gates.guests import make_event_tonight
from tests.gates.orders import make_order
from tmam.accounts.personal_data import Departed, Person, parts
from tmam.fulfilment.models import WalletTicket
from tmam.fulfilment.wallet.hand_over import forget_phones
from tmam.orders.models import PersonOrder

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


def test_phones_are_handed_over_and_lose_their_names() -> None:
    order = make_order(make_event_tonight(now=NOW), "Ana Ruiz")
    PersonOrder.objects.create(event_id=order.event_id, order_id=order.id, email=order.email, ordered_at=NOW)
    phone = TestPhone()
    records = phone.take(offer(order))
    (part,) = (each for each in parts() if each.name == "wallet_phones")
    (row,) = part.rows(Person(user_id=1, addresses=frozenset({order.email})))
    assert (row["ticket"], row["phone"]) == (1, "Chrome on Android")
    assert set(row) == set(part.fields)
    assert forget_phones(Departed(addresses=frozenset({order.email}), until=NOW), NOW)
    assert WalletTicket.objects.get(event_id=order.event_id).label == ""
    assert phone.sync(records)["gone"] == []
