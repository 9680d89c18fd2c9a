"""News of the log, as phones hear of it: which passes, once each, and never somebody else's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import NOW, make_event, unique
from tests.fulfilment.apple.cast import date_changed, in_pocket, number_of, pushing_to, renew, tell
from tests.notifications.purchases import buy
from tmam.catalog.models import Event
from tmam.fulfilment.apple.changes import note_changes
from tmam.fulfilment.apple.held import first_generation, last_change, ticket_changes
from tmam.fulfilment.apple.models import AppleChange, AppleRegistration
from tmam.fulfilment.apple.registrations import (
    MOST_DEVICES_OF_A_PASS,
    changed_passes,
    forget_old_registrations,
    unregister,
)
from tmam.platform.event_log import NO_EVENT, Entry, drain
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def tickets(**fields: object) -> list[Ticket]:
    """The two tickets of a fresh order."""
    order = buy(make_event(), email=f"{unique('ana')}@buyers.example", **fields)
    drain()
    return list(Ticket.objects.filter(event_id=order.event_id, order_id=order.id).order_by("serial"))


def changed(device: str, since: str = "") -> tuple[list[str], str] | None:
    listed = changed_passes(device=device, since=since)
    return None if listed is None else (list(listed.numbers), listed.tag)


def entry(position: int, name: str, event_id: int, **data: object) -> Entry:
    return Entry(position, event_id, uuid4(), name, NOW, "system", data)


def test_a_moved_date_changes_every_pass_of_it_and_each_only_once() -> None:
    one, other = tickets()
    phone = in_pocket(one, device="phone-1").device
    in_pocket(other, device="phone-1")
    whole = changed(phone)
    assert whole is not None
    assert sorted(whole[0]) == sorted([number_of(one), number_of(other)])
    assert changed(phone, whole[1]) is None
    date_changed(one.event_id)
    date_changed(one.event_id, 2)
    drain()
    moved = changed(phone, whole[1])
    assert moved is not None
    assert sorted(moved[0]) == sorted(whole[0])
    assert changed(phone, moved[1]) is None
    assert int(moved[1]) > int(whole[1])


def test_another_date_and_another_ticket_are_no_news() -> None:
    one, other = tickets()
    phone = in_pocket(one).device
    _, tag = changed(phone) or ([], "")
    date_changed(one.event_id, 2)
    renew(other, "lost")
    drain()
    assert changed(phone, tag) is None
    tell(one.event_id, "design.changed", organizer=0)
    drain()
    _, tag = changed(phone, tag) or ([], "nothing")
    tell(NO_EVENT, "design.changed", organizer=Event.objects.get(id=one.event_id).organizer_id)
    drain()
    assert changed(phone, tag) is not None


def test_a_tag_that_is_not_ours_lists_everything() -> None:
    one, _ = tickets()
    phone = in_pocket(one).device
    for tag in ("", "x", "-1", "9" * 40, "²", "0x10"):
        assert changed(phone, tag) == ([number_of(one)], "0"), tag
    assert changed("nobody", "") is None


def test_a_replaced_ticket_has_a_new_holder_unless_the_log_says_the_same() -> None:
    ticket, _ = tickets()
    renew(ticket, "key_stolen")
    assert first_generation(ticket, ticket_changes(ticket.event_id, [ticket.serial])) == 1, "not told yet"
    drain()
    assert first_generation(ticket, ticket_changes(ticket.event_id, [ticket.serial])) == 0
    renew(ticket, "lost")
    renew(ticket, "key_rotated")
    drain()
    assert first_generation(ticket, ticket_changes(ticket.event_id, [ticket.serial])) == 2
    renew(ticket, "a reason nobody has thought of")
    drain()
    assert first_generation(ticket, ticket_changes(ticket.event_id, [ticket.serial])) == 4


def test_several_replacements_in_one_batch_count_the_unsafe_one() -> None:
    ticket, _ = tickets()
    for reason in ("key_stolen", "transferred", "key_stolen"):
        renew(ticket, reason)
    drain()
    changes = ticket_changes(ticket.event_id, [ticket.serial])
    assert first_generation(ticket, changes) == 2, "who had it before the transfer has it no more"


def test_reading_an_entry_again_changes_nothing() -> None:
    ticket, _ = tickets()
    news = [
        entry(
            10_000_001, "ticket.replaced", ticket.event_id, serial=ticket.serial, generation=1, reason="lost"
        ),
        entry(10_000_002, "date.changed", ticket.event_id, date=1),
    ]
    note_changes(news)
    once = list(AppleChange.objects.filter(event_id=ticket.event_id).order_by("serial").values())
    note_changes(news)
    note_changes(news[:1])
    assert list(AppleChange.objects.filter(event_id=ticket.event_id).order_by("serial").values()) == once


def test_last_modified_grows_by_a_second_for_each_change() -> None:
    ticket, _ = tickets()
    seen = []
    for number in range(3):
        note_changes([entry(20_000_000 + number, "date.changed", ticket.event_id, date=1)])
        change = last_change(ticket.event_id, 1, ticket.serial)
        assert change is not None
        seen.append(change.changed_at)
    assert seen == [NOW + timedelta(seconds=number) for number in (1, 2, 3)]


def test_many_changes_owe_one_push_and_passes_of_nobody_none() -> None:
    one, other = tickets()

    def waiting() -> int:
        return ProcrastinateJob.objects.filter(
            task_name="fulfilment.push_apple_passes", args={"event_id": one.event_id}
        ).count()

    with pushing_to("https://127.0.0.1:1"):
        date_changed(one.event_id)
        drain()
        assert waiting() == 0
        in_pocket(one, now=NOW + timedelta(days=1))
        for _ in range(3):
            date_changed(one.event_id)
            tell(one.event_id, "ticket.revoked", serial=other.serial)
            drain()
    assert waiting() == 1


def test_a_self_made_certificate_pushes_to_nobody() -> None:
    one, _ = tickets()
    in_pocket(one)
    date_changed(one.event_id)
    drain()
    assert not ProcrastinateJob.objects.filter(args={"event_id": one.event_id}).exists()


def test_a_change_on_the_way_of_a_pass_is_pushed_after_it() -> None:
    one, _ = tickets()
    date_changed(one.event_id)
    drain()
    assert in_pocket(one, now=NOW + timedelta(minutes=5)).told == 0
    late = in_pocket(one, now=NOW + timedelta(hours=2))
    assert late.told > 0


def test_an_order_that_ended_ends_all_its_passes() -> None:
    one, other = tickets()
    phones = [in_pocket(each).device for each in (one, other)]
    tags = [(changed(phone) or ([], ""))[1] for phone in phones]
    tell(one.event_id, "order.cancelled", order_id=str(one.order_id))
    drain()
    assert [changed(phone, tag) is not None for phone, tag in zip(phones, tags, strict=True)] == [True, True]


def test_registering_is_idempotent_and_names_without_end_push_out_no_holder() -> None:
    ticket, _ = tickets()
    first = in_pocket(ticket, device="one", push_token="ab" * 32)
    assert in_pocket(ticket, device="one", push_token="ab" * 32).pk == first.pk
    later = NOW + timedelta(hours=1)
    assert in_pocket(ticket, device="one", push_token="cd" * 32, now=later).push_token == "cd" * 32
    for number in range(MOST_DEVICES_OF_A_PASS + 3):
        in_pocket(ticket, device=f"name-{number}", now=NOW + timedelta(seconds=number + 1))
    kept = AppleRegistration.objects.filter(number=number_of(ticket))
    assert kept.count() == MOST_DEVICES_OF_A_PASS
    first.refresh_from_db()
    assert first.registered_at == NOW, "a new push token does not make a phone a newcomer"
    names = set(kept.values_list("device", flat=True))
    assert {"one", "name-0", f"name-{MOST_DEVICES_OF_A_PASS + 2}"} <= names, "the newest goes for a newer one"
    assert f"name-{MOST_DEVICES_OF_A_PASS + 1}" not in names
    unregister(device="name-10", number=number_of(ticket))
    unregister(device="name-10", number=number_of(ticket))
    assert kept.count() == MOST_DEVICES_OF_A_PASS - 1


def test_phones_are_forgotten_a_month_after_the_date() -> None:
    ticket, _ = tickets()
    in_pocket(ticket)
    ends = NOW + timedelta(days=10, hours=3)
    assert forget_old_registrations(ends + timedelta(days=29)) == 0
    assert forget_old_registrations(ends + timedelta(days=31)) == 1
