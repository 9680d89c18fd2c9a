"""Real connections at once: two checkouts of one person, or paid with one card, never pass a limit together."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.db import connection

from tests.cast import make_event
from tests.inventory.books import assert_books_right
from tests.orders.buyers import agreed, checkout_with, fill, pay, ready
from tmam.catalog.models import Event
from tmam.catalog.sales_rules import SalesLimit
from tmam.inventory.errors import LimitReachedError
from tmam.inventory.models import Counter as Counted
from tmam.orders.models import Checkout, CheckoutState, Order
from tmam.orders.progress import Step
from tmam.payments.models import SandboxCharge

pytestmark = pytest.mark.usefixtures("live_database")
AT_ONCE = 6


def limited(kind: str, most: int) -> Event:
    event = make_event()
    SalesLimit.objects.create(event=event, kind=kind, most=most)
    return event


def at_once(work: Sequence[Callable[[], str]]) -> Counter[str]:
    """Run each piece of work on a connection of its own, all starting together; counts what they answered."""
    start, answers = threading.Barrier(len(work)), []

    def run(each: Callable[[], str]) -> None:
        start.wait()
        try:
            answers.append(each())
        except LimitReachedError as error:
            answers.append(error.limit)
        except BaseException as error:
            answers.append(f"{type(error).__name__}: {error}")
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answers)


def paying(checkout: Checkout, card: str = "approve") -> Callable[[], str]:
    seen = agreed(checkout)
    return lambda: pay(checkout, card, seen=seen).step.value


def sold(event: Event, kind: str) -> list[int]:
    return sorted(
        Counted.objects.filter(event_id=event.id, kind=kind, sold__gt=0).values_list("sold", flat=True)
    )


@pytest.mark.parametrize("kind", ["card", "card_day"])
def test_one_card_in_many_checkouts_pays_as_often_as_it_may(kind: str) -> None:
    event = limited(kind, 5)  # two checkouts of two tickets
    checkouts = [ready(event) for _ in range(AT_ONCE)]
    answers = at_once([paying(checkout) for checkout in checkouts])
    assert answers == {Step.DONE.value: 2, kind: AT_ONCE - 2}
    assert sold(event, kind) == [4]
    states = Counter(Checkout.objects.get(id=checkout.id).state for checkout in checkouts)
    assert states == {CheckoutState.DONE: 2, CheckoutState.OPEN: AT_ONCE - 2}
    assert SandboxCharge.objects.filter(amount_minor=9000, state="approved").count() >= 2
    assert Order.objects.filter(event_id=event.id).count() == 2
    assert_books_right(event.id)


def test_two_cards_pressed_at_once_for_one_checkout_charge_one_and_count_that_one() -> None:
    event = limited("card", 2)
    checkout = ready(event)
    answers = at_once([paying(checkout, "approve"), paying(checkout, "approve-2")])
    assert set(answers) <= {Step.DONE.value, Step.WAIT.value}
    assert sold(event, "card") == [2]
    assert_books_right(event.id)


def test_one_address_in_many_checkouts_counts_as_often_as_it_may() -> None:
    event = limited("email", 5)
    checkouts = [checkout_with(event) for _ in range(AT_ONCE)]

    def typing(checkout: Checkout) -> Callable[[], str]:
        return lambda: fill(checkout).email

    answers = at_once([typing(checkout) for checkout in checkouts])
    assert answers == {"maria@example.org": 2, "email": AT_ONCE - 2}
    assert_books_right(event.id)


def test_baskets_over_two_events_in_both_orders_neither_pass_nor_block_each_other() -> None:
    first, second = limited("card", 4), limited("card", 4)
    checkouts = [ready(*pair) for pair in ((first, second), (second, first)) for _ in range(AT_ONCE // 2)]
    answers = at_once([paying(checkout) for checkout in checkouts])
    assert set(answers) <= {Step.DONE.value, "card"}
    assert answers[Step.DONE.value] <= 2
    for event in (first, second):
        assert sum(sold(event, "card")) == 2 * answers[Step.DONE.value]
        assert_books_right(event.id)
    # Whoever was refused counts nowhere, so what is left can still be had.
    again = [pay(ready(first, second)).step for _ in range(2 - answers[Step.DONE.value])]
    assert again == [Step.DONE] * len(again)


def test_a_second_click_on_the_details_counts_once() -> None:
    event = limited("email", 2)
    checkout = checkout_with(event)
    answers = at_once([lambda: fill(checkout).email] * AT_ONCE)
    assert answers == {"maria@example.org": AT_ONCE}
    assert list(Counted.objects.filter(event_id=event.id, kind="email").values_list("held", flat=True)) == [2]
    assert_books_right(event.id)
