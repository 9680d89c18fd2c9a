"""The studio: who gets in, what they see, and that it stays the same number of reads however much is sold."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import (
    Type,
    give_second_factor,
    make_event,
    make_member,
    make_organizer,
    make_seated_event,
    make_user,
)
from tests.notifications.purchases import buy
from tests.orders.buyers import hold
from tmam.accounts.models import User
from tmam.catalog.models import Event
from tmam.gates.attempts import Attempt
from tmam.gates.models import Gate
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.kernel.ids import new_uuid7
from tmam.orders.models import Order
from tmam.organizers.models import Membership, Organizer, Role
from tmam.platform.statements import run_verb
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db

OVERVIEW = "/studio/"
FIGURES = "/studio/figures/"


def signed_in(person: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def words_of(client: Client, path: str) -> str:
    """What stands on a page, tags left out."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def on_sale(**fields: object) -> Event:
    return make_event(now=timezone.now(), **fields)


def open_now(**fields: object) -> Event:
    return make_event(now=timezone.now(), starts_in=timedelta(minutes=30), **fields)


def let_in(order: Order) -> None:
    """Scan the first ticket of an order at gate 1, as if a steward had picked it from the list."""
    now = timezone.now()
    serial = Ticket.objects.filter(event_id=order.event_id, order_id=order.id).values_list(
        "serial", flat=True
    )[0]
    attempt = Attempt(new_uuid7(now), uuid4(), uuid4(), 1, now, serial=serial)
    run_verb(redeem_tickets(order.event_id, [attempt]))


def pages_of(event: Event) -> list[str]:
    """Every address of the studio that shows something of this event."""
    slug = event.organizer.slug
    return [
        f"/studio/events/{event.id}/",
        f"/studio/events/{event.id}/figures/",
        f"{OVERVIEW}?organizer={slug}",
        f"{FIGURES}?organizer={slug}",
    ]


def test_visitors_are_asked_to_sign_in_first(client: Client) -> None:
    for path in [*pages_of(on_sale()), OVERVIEW, FIGURES]:
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/?next=/studio/")


def test_only_whose_role_says_so_gets_in() -> None:
    event = on_sale()
    steward = signed_in(make_member(event.organizer, Role.GATE))
    for path in [*pages_of(event), OVERVIEW, FIGURES]:
        answer = steward.get(path)
        assert answer.status_code == 403, path
        assert "platform.forbidden" in answer.content.decode()


def test_a_person_in_no_team_learns_nothing() -> None:
    outsider = signed_in(make_user())
    event = on_sale()
    for path in pages_of(event)[:2]:
        assert outsider.get(path).status_code == 404, path
    for path in [*pages_of(event)[2:], OVERVIEW, FIGURES]:
        assert outsider.get(path).status_code == 403, path


def test_a_membership_for_chosen_events_shows_those_only() -> None:
    organizer = make_organizer()
    mine, other = on_sale(title={"en": "Alba"}, organizer=organizer), on_sale(organizer=organizer)
    buy(other, now=timezone.now())
    person = make_member(organizer, Role.MANAGER)
    Membership.objects.filter(user=person).update(all_events=False, event_ids=[mine.id])
    client = signed_in(person)
    for path in (OVERVIEW, FIGURES):
        words = words_of(client, path)
        assert "Alba" in words
        assert "Winter Lights" not in words
        assert "No orders yet" in words
    assert client.get(f"/studio/events/{mine.id}/rules/").status_code == 200
    assert client.get(f"/studio/events/{other.id}/").status_code == 404
    assert client.get(f"/studio/events/{other.id}/rules/").status_code == 404


@pytest.mark.parametrize(
    ("role", "sees_money", "sees_orders"),
    [
        (Role.MANAGER, True, True),
        (Role.FINANCE, True, True),
        (Role.READ_ONLY, True, True),
        (Role.BOX_OFFICE, False, True),
        (Role.SUPPORT, False, True),
    ],
)
def test_each_role_sees_what_is_its_business(role: Role, sees_money: bool, sees_orders: bool) -> None:
    event = on_sale()
    order = buy(event, quantities={1: 3}, now=timezone.now())
    client = signed_in(make_member(event.organizer, role))
    for path in (OVERVIEW, f"/studio/events/{event.id}/"):
        words = words_of(client, path)
        assert ("Paid by buyers" in words) is sees_money, path
        assert (order.booking_reference in words) is sees_orders, path
        assert "Tickets sold, last 24 hours 3" in words
    # With the blank: a booking reference, beside its total, may end in a 3.
    assert (" 3 €135.00" in words) is sees_money


def test_a_required_second_factor_shuts_the_studio_until_there_is_one() -> None:
    event, elsewhere = on_sale(), on_sale(title={"en": "Alba"})
    person = make_member(event.organizer, Role.OWNER)
    Organizer.objects.filter(id=event.organizer_id).update(requires_second_factor=True)
    client = signed_in(person)
    for path in [*pages_of(event), OVERVIEW]:
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert "organizers.second_factor_required" in answer.content.decode()
        assert 'href="/me/account/security/"' in answer.content.decode()
    Membership.objects.create(organizer=elsewhere.organizer, user=person, role=Role.OWNER)
    words = words_of(client, OVERVIEW)
    assert "Alba" in words
    assert "Winter Lights" not in words
    assert "Without a second factor you see nothing of: Aurora Concerts." in words
    give_second_factor(person)
    assert "Winter Lights" in words_of(client, OVERVIEW)


def test_another_organizer_s_events_are_closed_to_an_owner() -> None:
    theirs = on_sale()
    order = buy(theirs, now=timezone.now())
    owner = signed_in(make_member(make_organizer("Brisa"), Role.OWNER))
    for path, status in zip(pages_of(theirs), (404, 404, 403, 403), strict=True):
        answer = owner.get(path)
        assert answer.status_code == status, path
        assert order.booking_reference not in answer.content.decode()
    for path in (OVERVIEW, FIGURES):
        assert order.booking_reference not in words_of(owner, path)
        assert "Winter Lights" not in words_of(owner, path)


def test_events_that_do_not_exist_are_not_found() -> None:
    owner = signed_in(make_member(make_organizer(), Role.OWNER))
    for number in ("2147483647", "99999999999999999999"):
        assert owner.get(f"/studio/events/{number}/").status_code == 404


def test_nothing_is_kept_by_caches_and_nothing_can_be_posted() -> None:
    event = on_sale()
    owner = signed_in(make_member(event.organizer, Role.OWNER))
    for path in [*pages_of(event), OVERVIEW, FIGURES]:
        assert "no-store" in owner.get(path).headers["Cache-Control"]
        assert owner.post(path).status_code == 405


def test_a_sale_arrives() -> None:
    event = on_sale(capacity=10, types=(Type(price_minor=4500),))
    owner = signed_in(make_member(event.organizer, Role.OWNER))
    before = words_of(owner, FIGURES)
    assert "No orders yet" in before
    assert "0 of 10 sold 10 left" in before
    order = buy(event, quantities={1: 3}, now=timezone.now())
    for path in (FIGURES, f"/studio/events/{event.id}/figures/"):
        after = words_of(owner, path)
        assert f"3 tickets · {order.booking_reference}" in after
        assert "Maria L." in after
        assert "Maria López" not in after
        assert "€135.00" in after
        assert "3 of 10 sold 7 left" in after
        assert "just now" in after
        assert "buyers.example" not in after.lower()


def test_a_scan_arrives() -> None:
    event = open_now()
    owner = signed_in(make_member(event.organizer, Role.OWNER))
    order = buy(event, now=timezone.now())
    assert "Nobody has come in yet" in words_of(owner, FIGURES)
    let_in(order)
    let_in(order)
    words = words_of(owner, FIGURES)
    assert "Admitted" in words
    assert "Already used" in words
    assert "Main entrance" in words
    assert "Admitted, last 24 hours 1 at all gates" in words
    assert "Main entrance last just now 1 All gates 1" in words_of(
        owner, f"/studio/events/{event.id}/figures/"
    )


def test_a_reservation_shows_until_it_runs_out() -> None:
    event = on_sale(capacity=10)
    owner = signed_in(make_member(event.organizer, Role.OWNER))
    page = f"/studio/events/{event.id}/"
    assert "Nobody has tickets in a basket right now." in words_of(owner, page)
    hold(event, uuid4(), {1: 4}, now=timezone.now())
    words = words_of(owner, page)
    assert "4 reserved 6 left" in words
    assert re.search(r"4 tickets reserved just now in \d+ minutes", words)


def test_pools_that_types_share_are_not_counted_twice() -> None:
    types = (Type(name="Early bird", pools=(1, 2)), Type(name="Regular", pools=(1,)))
    event = on_sale(types=types, capacities={1: 100, 2: 20}, dates=2)
    owner = signed_in(make_member(event.organizer, Role.OWNER))
    buy(event, quantities={1: 2, 2: 3}, now=timezone.now())
    assert "5 of 200 sold 195 left" in words_of(owner, OVERVIEW)
    words = words_of(owner, f"/studio/events/{event.id}/")
    assert "5 of 200 sold 195 left" in words
    assert "5 of 100 sold 95 left" in words
    assert "Early bird €45.00 2 €90.00 Regular €45.00 3 €135.00" in words


def test_numbered_seats_count_like_any_other() -> None:
    event = make_seated_event(rows=2, seats_per_row=5, now=timezone.now())
    owner = signed_in(make_member(event.organizer, Role.OWNER))
    buy(event, quantities={1: 2}, now=timezone.now())
    assert "2 of 10 sold 8 left" in words_of(owner, f"/studio/events/{event.id}/")


def test_a_team_without_events_is_told_what_will_come() -> None:
    words = words_of(signed_in(make_member(make_organizer(), Role.OWNER)), OVERVIEW)
    assert "No events yet" in words
    assert "No orders yet" in words


def test_drafts_are_not_in_the_list() -> None:
    event = on_sale(status="draft")
    assert "No events yet" in words_of(signed_in(make_member(event.organizer, Role.OWNER)), OVERVIEW)


def test_several_organizers_can_be_looked_at_together_or_one_by_one() -> None:
    first, second = on_sale(title={"en": "Alba"}), on_sale(title={"en": "Brisa"})
    person = make_member(first.organizer, Role.OWNER)
    Membership.objects.create(organizer=second.organizer, user=person, role=Role.OWNER)
    owner = signed_in(person)
    assert {"Alba", "Brisa"} <= set(words_of(owner, OVERVIEW).split())
    only_first = words_of(owner, f"{FIGURES}?organizer={first.organizer.slug}")
    assert "Alba" in only_first
    assert "Brisa" not in only_first


def test_the_pages_name_their_own_fragments() -> None:
    event = on_sale()
    owner = signed_in(make_member(event.organizer, Role.OWNER))
    for page in (f"{OVERVIEW}?organizer={event.organizer.slug}", f"/studio/events/{event.id}/"):
        source = re.search(r'data-live-src="([^"]+)" data-live-every-s="2"', owner.get(page).content.decode())
        assert source is not None
        fragment = owner.get(source[1])
        assert fragment.status_code == 200
        assert "<html" not in fragment.content.decode()


def test_spanish_readers_read_spanish_numbers() -> None:
    event = on_sale(capacity=12_000)
    client = Client(headers={"accept-language": "es"})
    client.force_login(make_member(event.organizer, Role.OWNER))
    content = client.get(OVERVIEW).content.decode()
    assert "Luces de invierno" in content
    assert "12.000" in content


def reads(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def busy_event(organizer: Organizer, orders: int) -> Event:
    event = open_now(organizer=organizer, dates=3)
    Gate.objects.create(event_id=event.id, number=2, name="Side entrance")
    for _ in range(orders):
        let_in(buy(event, now=timezone.now()))
    return event


def test_reads_do_not_grow_with_events_orders_or_scans() -> None:
    organizer = make_organizer()
    owner = signed_in(make_member(organizer, Role.OWNER))
    event = busy_event(organizer, orders=1)
    few = {path: reads(owner, path) for path in (FIGURES, f"/studio/events/{event.id}/figures/")}
    for _ in range(3):
        busy_event(organizer, orders=2)
    for _ in range(5):
        let_in(buy(event, now=timezone.now()))
    assert all(reads(owner, path) <= few[path] for path in few)
    assert max(few.values()) <= 26
