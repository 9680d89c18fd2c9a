"""The link in a mail opens one order, for one address, for a time."""

from datetime import timedelta

import pytest

from tests.cast import NOW, make_event
from tests.notifications.purchases import buy
from tmam.orders.order_links import LINK_DAYS, has_link_ended, read_open_link, sign_open_link

pytestmark = pytest.mark.django_db


def test_a_link_names_its_order_and_nothing_readable() -> None:
    order = buy(make_event())
    secret = sign_open_link(order)
    link = read_open_link(secret)
    assert link is not None
    assert (link.event_id, link.order_id) == (order.event_id, order.id)
    assert link.is_for(order)
    assert "maria" not in secret.lower()
    assert len(secret) < 100


def test_a_link_dies_with_the_orders_old_address() -> None:
    order = buy(make_event())
    link = read_open_link(sign_open_link(order))
    order.email = "someone.else@buyers.example"
    assert link is not None
    assert not link.is_for(order)


@pytest.mark.parametrize(
    "change", [lambda text: text[:-1], lambda text: "B" + text[1:], lambda text: text + "x"]
)
def test_a_changed_link_is_no_link(change) -> None:  # noqa: ANN001 - three small lambdas
    secret = sign_open_link(buy(make_event()))
    assert read_open_link(change(secret)) is None


@pytest.mark.parametrize("text", ["", "x", "~~", "a" * 10_000, "ñ~ñ~ñ", "\x00"])
def test_garbage_is_no_link(text: str) -> None:
    assert read_open_link(text) is None


def test_links_end_half_a_year_after_the_event() -> None:
    assert not has_link_ended(NOW, NOW + timedelta(days=LINK_DAYS))
    assert has_link_ended(NOW, NOW + timedelta(days=LINK_DAYS, seconds=1))
