from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.cast import NOW, make_event
from tests.orders.buyers import hold
from tmam.inventory.models import Counter
from tmam.inventory.sweep import sweep_expired

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=11)


def test_an_event_whose_books_are_damaged_does_not_stop_the_others() -> None:
    damaged, sound = make_event(), make_event()
    for event in (damaged, sound):
        hold(event, uuid4())
    Counter.objects.filter(event_id=damaged.id).update(held=0)  # less cannot be: giving back will be refused
    assert sweep_expired(LATER) >= 1
    assert Counter.objects.get(event_id=sound.id).held == 0
