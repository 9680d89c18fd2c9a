"""Rights to kept files that are asked about again by the hundred: never for longer than each alone would stand."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic as clock
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from tests.cast import make_user
from tests.web.test_downloads import address, pool, text_form, ticket_of, visitor_of
from tests.web.test_files_at_door import Door
from tests.web.test_me import bought, signed_in
from tmam.catalog.models import Event
from tmam.delivery.renderers import Renderers
from tmam.fulfilment import kept_files
from tmam.fulfilment.kept_files import FileAddress
from tmam.fulfilment.links.stop_links import stop_links
from tmam.fulfilment.models import KeptFile
from tmam.kernel.ids import parse_booking_reference
from tmam.orders.models import Order
from tmam.platform.brief_cache import clear_brief_caches
from tmam.platform.renewed_cache import RenewedCache
from tmam.tickets.models import Ticket
from tmam.web.me import download_door
from tmam.web.me.access import grant_order
from tmam.web.me.file_waits import Wait
from tmam.web.me.files_at_door import Allowance, kept_file, still_allowed

__all__ = ["pool", "text_form"]  # the fixtures
pytestmark = pytest.mark.django_db


def drawn(order: Order, door: Door) -> Allowance | None:
    """The right of that browser to the ticket's file, which is there."""
    assert door.ask(address(order, "text")) != b"django"
    parsed = parse_booking_reference(order.booking_reference)
    assert parsed
    where = FileAddress(*parsed, ticket_of(order).serial, "text", "en")
    return kept_file(door.client.cookies[settings.SESSION_COOKIE_NAME].value, where)


def stop(order: Order, _: Door) -> None:
    stop_links(order, "buyer", timezone.now())


def sign_out(_: Order, door: Door) -> None:
    door.client.session.flush()


def let_the_session_end(_: Order, door: Door) -> None:
    Session.objects.filter(session_key=door.client.session.session_key).update(expire_date=timezone.now())


def take_the_grant(_: Order, door: Door) -> None:
    session = door.client.session
    del session["order_grants"]
    session.save()


def give_it_to_another(order: Order, _: Door) -> None:
    Order.objects.filter(event_id=order.event_id, id=order.id).update(email="bea@buyers.example")


def void_the_ticket(order: Order, _: Door) -> None:
    Ticket.objects.filter(event_id=order.event_id, order_id=order.id).update(state="cancelled")


def replace_the_ticket(order: Order, _: Door) -> None:
    Ticket.objects.filter(event_id=order.event_id, order_id=order.id).update(generation=1)


def admit_only_codes_that_move(order: Order, _: Door) -> None:
    Event.objects.filter(id=order.event_id).update(live_codes_only=True)


def tell_another_title(order: Order, _: Door) -> None:
    Event.objects.filter(id=order.event_id).update(title={"en": "Another evening"})
    kept_files._facts_cache.clear()  # a second later


def throw_the_file_out(order: Order, _: Door) -> None:
    KeptFile.objects.filter(event_id=order.event_id).delete()


@pytest.mark.parametrize(
    "change",
    [
        stop,
        sign_out,
        let_the_session_end,
        take_the_grant,
        give_it_to_another,
        void_the_ticket,
        replace_the_ticket,
        admit_only_codes_that_move,
        tell_another_title,
        throw_the_file_out,
    ],
)
def test_whatever_ends_a_right_ends_it_here(
    pool: Renderers, text_form: SimpleNamespace, change: Callable[[Order, Door], None]
) -> None:
    text_form.gate = None
    orders = [bought(), bought()]
    doors = [Door(visitor_of(order)) for order in orders]
    allowances = [drawn(order, door) for order, door in zip(orders, doors, strict=True)]
    grounds = [each.grounds for each in allowances if each and each.grounds]
    assert len(grounds) == 2
    assert still_allowed(grounds) == [True, True]
    change(orders[0], doors[0])
    assert still_allowed(grounds) == [False, True]


def test_a_right_that_comes_with_an_account_is_asked_about_alone(
    pool: Renderers, text_form: SimpleNamespace
) -> None:
    text_form.gate = None
    user = make_user()
    order = bought(user.email)
    client = signed_in(user.email)
    theirs = drawn(order, Door(client))
    assert theirs
    assert theirs.grounds is None
    request = SimpleNamespace(session=client.session)
    grant_order(request, order)  # type: ignore[arg-type]  # all it looks at
    request.session.save()
    let_in = drawn(order, Door(client))
    assert let_in
    assert let_in.grounds is None, "the account may be locked meanwhile, which no session tells"


class Pressed:
    """The door with a cache whose clock is ahead by `ahead`, and a list of those who were asked about alone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead, self.alone = 0.0, list[str]()
        self.takes_s = 0.0
        self.cache: RenewedCache[tuple[str, str, str], Allowance] = RenewedCache(
            1.0, 10, download_door._still_stand, asked_within_s=3.0, clock=self.clock
        )
        find = download_door._find

        def counted(session_key: str, *given: Any, **also: Any) -> Allowance | Wait | None:
            self.alone.append(session_key)
            found = find(session_key, *given, **also)
            self.ahead += self.takes_s
            return found

        monkeypatch.setattr(download_door, "standing_allowances", self.cache)
        monkeypatch.setattr(download_door, "_find", counted)
        monkeypatch.setattr("time.monotonic", self.clock)  # of the whole process: it only ever runs ahead

    def clock(self) -> float:
        return clock() + self.ahead

    def later(self, seconds: float) -> None:
        self.ahead += seconds
        self.cache.renew_due()

    def browser(self, order: Order, client: Client) -> tuple[Door, str]:
        """A browser at the door and the address of its file, which is there: what is just drawn is no kept file yet."""
        door, path = Door(client), address(order, "text")
        door.ask(path)
        clear_brief_caches()
        self.alone.clear()
        return door, path


def test_who_presses_on_is_answered_without_a_question_of_their_own(
    pool: Renderers, text_form: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    text_form.gate = None
    pressed, order = Pressed(monkeypatch), bought()
    door, path = pressed.browser(order, visitor_of(order))
    whole = door.ask(path)
    assert door.ask(path) == whole
    for _ in range(6):
        pressed.later(0.7)
        assert door.ask(path) == whole
    assert len(pressed.alone) == 1
    stop(order, door)
    pressed.later(0.7)
    assert door.ask(path) == b"django"


def test_a_right_is_as_old_as_the_question(
    pool: Renderers, text_form: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    text_form.gate = None
    pressed, order = Pressed(monkeypatch), bought()
    door, path = pressed.browser(order, visitor_of(order))
    pressed.takes_s = 0.8
    assert door.ask(path) != b"django"
    pressed.takes_s = 0.0
    pressed.ahead += 0.3
    assert door.ask(path) != b"django"
    assert len(pressed.alone) == 2


def test_a_right_with_an_account_is_found_alone_each_second(
    pool: Renderers, text_form: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    text_form.gate = None
    pressed, user = Pressed(monkeypatch), make_user()
    order = bought(user.email)
    door, path = pressed.browser(order, signed_in(user.email))
    assert door.ask(path) == door.ask(path) != b"django"
    assert (len(pressed.alone), pressed.cache._known) == (1, {})


def test_a_database_that_is_away_costs_the_rights_and_nothing_else(
    pool: Renderers, text_form: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> list[bool]:
        raise OperationalError

    text_form.gate = None
    order, closed = bought(), list[str]()
    allowance = drawn(order, Door(visitor_of(order)))
    monkeypatch.setattr(download_door, "still_allowed", away)
    monkeypatch.setattr(download_door, "close_old_connections", lambda: closed.append("closed"))
    assert allowance
    assert download_door._still_stand([allowance, allowance]) == [False, False]
    assert closed == ["closed"], "the thread's next look begins on a new connection"


def test_entries_without_grounds_shift_nobody_s_verdict(pool: Renderers, text_form: SimpleNamespace) -> None:
    text_form.gate = None
    order = bought()
    allowance = drawn(order, Door(visitor_of(order)))
    assert allowance
    assert still_allowed([None, allowance.grounds, None]) == [False, True, False]
    assert still_allowed([None]) == [False]
