"""Phones with passes are a person's own: handed over, and forgotten with the account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, make_event, unique
from tests.fulfilment.apple.cast import in_pocket
from tests.notifications.purchases import buy
from tmam.accounts.personal_data import Departed, Person, parts
from tmam.fulfilment.apple.hand_over import forget_registrations
from tmam.fulfilment.apple.models import AppleRegistration
from tmam.platform.event_log import drain
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_the_phones_of_a_person_and_of_nobody_else() -> None:
    emails = [f"{unique('ana')}@buyers.example" for _ in range(2)]
    event = make_event()
    for number, email in enumerate(emails):
        order = buy(event, email=email)
        ticket = Ticket.objects.filter(event_id=event.id, order_id=order.id).order_by("serial")[0]
        in_pocket(ticket, device=f"phone-{number}")
    drain()
    (part,) = (each for each in parts() if each.name == "apple_passes")
    rows = list(part.rows(Person(0, frozenset(emails[:1]))))
    assert [row["phone"] for row in rows] == ["phone-0"]
    assert rows[0].keys() == part.fields.keys()
    departed = Departed(frozenset(emails[:1]), NOW + timedelta(days=1))
    assert forget_registrations(departed, NOW)
    left = AppleRegistration.objects.filter(event_id=event.id)
    assert list(left.values_list("device", flat=True)) == ["phone-1"]
