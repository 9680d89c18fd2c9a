"""The loaded season: whole, consistent, on sale, and with a past made by real sales."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.signing_in import sign_in
from tmam.accounts.models import User
from tmam.catalog.models import Date, DateSummary, Event, EventSummary, Seat, TicketType
from tmam.catalog.search import search
from tmam.catalog.search_query import SearchQuery
from tmam.cli.doctor.findings import Patient, Severity
from tmam.cli.doctor.invariants import INVARIANTS, Invariant
from tmam.demo.cast import DEMO_PASSWORDS, DemoCast
from tmam.demo.load import is_loaded, load_demo
from tmam.gates.models import Device, Gate, Scan
from tmam.inventory.models import Counter as Pool
from tmam.orders.models import Checkout, Order
from tmam.organizers.models import Membership, Organizer
from tmam.payments.models import Allocation, Payment, SandboxCharge
from tmam.platform.settings import current_settings
from tmam.platform.statements import run_verb
from tmam.tickets.models import SigningKey, Ticket

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[DemoCast]:
    """The season, loaded once for this file and taken back after it."""
    del django_db_setup
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        before = is_loaded()
        loaded = load_demo(now=NOW)
        assert (before, is_loaded()) == (False, True)
        yield loaded
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def loaded(cast: DemoCast, db: None) -> None:
    """Each test sees the season."""
    del cast, db


def demo_events() -> list[Event]:
    return list(Event.objects.filter(organizer__in=Organizer.objects.filter(website__endswith=".example")))


def test_every_event_can_be_attended_and_has_prices() -> None:
    for event in demo_events():
        assert event.dates.filter(ends_at__gt=NOW, is_cancelled=False).exists(), event
        assert event.ticket_types.exists(), event
    for type_ in TicketType.objects.all():
        assert 0 <= type_.fee_minor <= type_.price_minor
        assert not type_.asks_document or type_.asks_name
        assert 1 <= type_.max_per_order <= type_.event.max_per_order


def test_every_pool_of_every_date_is_counted() -> None:
    for event in demo_events():
        pools = {pool for type_ in event.ticket_types.all() for pool in type_.pools}
        wanted = {(date.ordinal, pool) for date in event.dates.all() for pool in pools}
        counted = set(Pool.objects.filter(event_id=event.id, kind="pool").values_list("date_ordinal", "pool"))
        assert counted == wanted, event


def test_numbered_halls_sell_as_many_places_as_they_have_seats() -> None:
    seated = [event for event in demo_events() if event.seat_plan_id]
    assert len(seated) >= 2
    for event in seated:
        seats = Counter(Seat.objects.filter(plan=event.seat_plan).values_list("pool", flat=True))
        for pool in Pool.objects.filter(event_id=event.id):
            assert pool.capacity == seats[pool.pool]
        assert all(type_.is_seated for type_ in event.ticket_types.all())


def test_every_event_has_a_key_gates_a_poster_and_can_be_found() -> None:
    ids = {event.id for event in demo_events()}
    assert set(SigningKey.objects.filter(event_id__in=ids).values_list("event_id", flat=True)) == ids
    gates = Counter(Gate.objects.filter(event_id__in=ids).values_list("event_id", flat=True))
    trips = set(
        Date.objects.filter(event_id__in=ids, pattern__isnull=False).values_list("event_id", flat=True)
    )
    assert gates == {event_id: 1 if event_id in trips else 2 for event_id in ids}
    assert len({event.poster_seed for event in demo_events()}) == len(ids)
    assert set(EventSummary.objects.filter(event_id__in=ids).values_list("event_id", flat=True)) == ids
    assert (
        DateSummary.objects.filter(event_id__in=ids).count()
        == Date.objects.filter(event_id__in=ids, ends_at__gt=NOW).count()  # the day's first trains have left
    )


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("ballenas Samaná", "ballenas-en-la-bahia-de-samana"),
        ("tempest", "the-tempest"),
        ("jazz Madrid", "quinteto-almendral"),
    ],
)
def test_people_find_what_they_look_for(typed: str, slug: str) -> None:
    page = run_verb(search(SearchQuery(text=typed), NOW))
    assert slug in {found.slug for found in page.found}


def test_one_is_sold_out_one_nearly_and_one_not_yet_on_sale() -> None:
    def first_pool(slug: str) -> Pool:
        return Pool.objects.get(event_id=Event.objects.get(slug=slug).id, date_ordinal=1, pool=1)

    sold_out, nearly = first_pool("vega-olmedo-en-voz-baja"), first_pool("quinteto-almendral")
    assert sold_out.sold == sold_out.capacity
    assert 0 < nearly.capacity - nearly.sold <= 5
    waiting = Event.objects.get(slug="ferrocarril-nocturno")
    assert waiting.status == "on_sale"
    assert waiting.dates.get().sales_start_at > NOW


def test_the_past_was_made_by_real_sales() -> None:
    orders = Order.objects.count()
    assert orders >= 40
    assert (
        Ticket.objects.count()
        == sum(Pool.objects.filter(pool=1).values_list("sold", flat=True)) + _other_pools()
    )
    assert Checkout.objects.filter(state="done").count() == orders
    paid = sum(Payment.objects.values_list("amount_minor", flat=True))
    assert paid == sum(Allocation.objects.values_list("amount_minor", flat=True))
    assert paid == sum(SandboxCharge.objects.values_list("amount_minor", flat=True))
    assert all(order.confirmed_at < NOW for order in Order.objects.all())
    assert Order.objects.filter(confirmed_at__gt=NOW - timedelta(days=1)).exists()


def _other_pools() -> int:
    """Places sold in pools that are not part of pool 1 too ("early bird" is; "balcony" is not)."""
    return sum(
        pool.sold
        for pool in Pool.objects.filter(pool__gt=1)
        if TicketType.objects.filter(event_id=pool.event_id, pools=[pool.pool]).exists()
    )


def test_names_are_on_the_tickets_that_ask_for_them() -> None:
    event = Event.objects.get(slug="vega-olmedo-en-voz-baja")
    assert all(ticket.holder_name for ticket in Ticket.objects.filter(event_id=event.id))


def test_people_have_come_in_and_no_scanner_was_left_open(cast: DemoCast) -> None:
    scans = Counter(Scan.objects.filter(event_id=cast.event_open_now_id).values_list("verdict", flat=True))
    assert scans["admit"] >= 10
    assert scans["already_used"] == 1
    assert not Device.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda each: each.name)
def test_the_invariants_hold(invariant: Invariant) -> None:
    raw: psycopg.Connection = connection.connection
    finding = invariant.ask(Patient(current_settings(), raw, NOW))
    assert finding.severity == Severity.FINE, finding


def test_the_cast_can_sign_in_and_is_where_it_belongs(cast: DemoCast) -> None:
    for login in cast.logins:
        assert login.password == DEMO_PASSWORDS[login.part]
        user = User.objects.get(email=login.email)
        validate_password(login.password, user)
        assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()
        client = Client()
        sign_in(client, login.email, login.password)
        assert client.get("/me/account/").status_code == 200, login.part
    organizers = Organizer.objects.filter(website__endswith=".example").count()
    assert Membership.objects.filter(user__email=cast.organizer.email, role="owner").count() == organizers
    assert Membership.objects.filter(user__email=cast.steward.email, role="gate").count() == organizers
    assert not Membership.objects.filter(user__email=cast.buyer.email).exists()


def test_trains_and_flights_run_for_four_weeks() -> None:
    trips = Date.objects.filter(event__in=demo_events(), pattern__isnull=False)
    trains = Counter(trips.filter(event__kind="train").values_list("trip_key", flat=True))
    by_day = Counter(key.partition("|")[0] for key in trains)
    assert len(by_day) == 28
    assert min(by_day.values()) >= 30
    night = trips.get(trip_key="2026-12-01|R2-Estrella")
    assert (night.starts_at.day, night.ends_at.day) == (1, 2)
    seated = Event.objects.get(import_key="tren-de-la-costa:R2")
    assert seated.seat_plan is not None
    assert seated.seat_plan.seats.count() == 192
    assert Event.objects.get(import_key="tren-de-la-costa:C1").seat_plan is None
    ocean = trips.filter(event__import_key="clara-transit:CT 101").order_by("starts_at")[0]
    assert ocean.ends_at - ocean.starts_at == timedelta(hours=9, minutes=5)
