"""The inventory beside a naive one: whatever is done in whatever order, both agree after every step.

`make soak` plays many more and longer games than `make test`, and makes the one that fails shorter.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.cast import NOW, Type, make_seated_event, make_trip_event
from tests.house.second_run import BRIEF_VARIABLE
from tests.inventory.books import assert_books_right
from tests.inventory.naive import Key, Naive, NaiveHold, NaiveType
from tmam.catalog.models import Contingent, Event, SalesCode, SalesLimit
from tmam.catalog.offers import load_offer
from tmam.inventory import errors
from tmam.inventory.claim_limits import claim_limits
from tmam.inventory.counter_keys import (
    code_counter_id,
    contingent_counter_id,
    limit_counter_id,
    pool_counter_id,
)
from tmam.inventory.draws import HoldRequest, Wish
from tmam.inventory.extend_hold import extend_hold
from tmam.inventory.hold_places import hold_places
from tmam.inventory.holds import Hold
from tmam.inventory.open_counters import open_counters
from tmam.inventory.queries import places_by_pool
from tmam.inventory.release_hold import convert_holds, release_hold
from tmam.inventory.seat_plans import load_plan
from tmam.inventory.sweep import sweep_expired
from tmam.platform.statements import run_verb

pytestmark = pytest.mark.usefixtures("live_database")
HOLD_MINUTES, EXTENSION_MINUTES = 10, 5
VISITORS = [UUID(int=number) for number in (1, 2, 3)]
NETWORKS = ["192.0.2.1", "192.0.2.2"]
EMAILS = ["ana@example.org", "bea@example.org"]
CODE = "WINTER"
STATES = "SELECT id, state, expires_at FROM inventory_hold WHERE event_id = %s"
COUNTERS = "SELECT id, held, sold FROM inventory_counter WHERE event_id = %s"
CLAIMS = "SELECT date_ordinal, segment, seat, hold_id FROM inventory_claim WHERE event_id = %s"


class Inventory(RuleBasedStateMachine):
    """What visitors, the sweeper and the clock may do to one event."""

    event: Event
    naive: Naive
    wishes: ClassVar[st.SearchStrategy[Wish]]

    def begin(self, event: Event, naive: Naive) -> None:
        Event.objects.filter(id=event.id).update(
            hold_minutes=HOLD_MINUTES, extension_minutes=EXTENSION_MINUTES, avoid_single_seats=False
        )
        self.event, self.naive, self.now = event, naive, NOW
        self.offer = run_verb(load_offer(event.id))
        self.plan = run_verb(load_plan(event.seat_plan_id or 0))
        self.by_key: dict[tuple[UUID, str], UUID] = {}

    @rule(data=st.data(), requests=st.integers(1, 3), takes_less=st.booleans(), has_key=st.booleans())
    def hold(self, data: st.DataObject, requests: int, takes_less: bool, has_key: bool) -> None:
        """One batch of requests, decided in their order."""
        batch = [self.request(data, takes_less=takes_less, has_key=has_key) for _ in range(requests)]
        answers = run_verb(hold_places(self.offer, self.plan, batch, self.now))
        self.note_reclaimed()
        first_of: dict[tuple[UUID, str], Hold | errors.InventoryError] = {}
        for request, answer in zip(batch, answers, strict=True):
            key = (request.visitor_id, request.idempotency_key or str(request.hold_id))
            if key in first_of:  # the same question twice in one batch
                assert answer == first_of[key]
            else:
                first_of[key] = answer
                self.judge(request, answer)

    def request(self, data: st.DataObject, *, takes_less: bool, has_key: bool) -> HoldRequest:
        wishes = data.draw(st.lists(self.wishes, min_size=1, max_size=2, unique_by=self.of_its_own))
        return HoldRequest(
            uuid4(),
            data.draw(st.sampled_from(VISITORS)),
            tuple(wishes),
            idempotency_key=data.draw(st.sampled_from("abcdefgh")) if has_key else None,
            takes_less=takes_less,
            identities={"network": data.draw(st.sampled_from(NETWORKS))} if self.naive.limits else {},
            code=CODE if self.naive.limits and data.draw(st.booleans()) else "",
        )

    def of_its_own(self, wish: Wish) -> object:
        """Two wishes of one request are not about the same seats."""
        return self.naive.types[wish.ticket_type].pools

    def judge(self, request: HoldRequest, answer: Hold | errors.InventoryError) -> None:
        """Compare an answer with what the naive one would do, and do the same there."""
        key = (request.visitor_id, request.idempotency_key or "")
        if request.idempotency_key and key in self.by_key:
            assert isinstance(answer, Hold)
            assert answer.id == self.by_key[key]
            return
        had = self.naive.can_have(request, self.now)
        asked = [len(wish.seats) or wish.quantity for wish in request.wishes]
        if isinstance(answer, errors.InventoryError):
            assert had != asked if not request.takes_less else not any(had), (request, answer)
            self.check_refusal(request, answer)
            return
        got = [(wish, quantity) for wish, quantity in zip(request.wishes, had, strict=True) if quantity]
        assert request.takes_less or had == asked, (request, answer)
        assert [(line.date, line.ticket_type, line.quantity) for line in answer.lines] == [
            (wish.date, wish.ticket_type, quantity) for wish, quantity in got
        ]
        taken = self.naive.taken_seats(self.now)
        parts = []
        for (wish, quantity), line in zip(got, answer.lines, strict=True):
            self.check_seats(wish, quantity, line.seats, taken)
            parts.append((wish, quantity, line.seats))
        assert answer.expires_at == self.now + timedelta(minutes=HOLD_MINUTES)
        self.naive.add(request, parts, answer.expires_at)
        if request.idempotency_key:
            self.by_key[key] = answer.id

    def check_seats(
        self, wish: Wish, quantity: int, seats: Sequence[int], taken: set[tuple[int, int, int]]
    ) -> None:
        if not self.naive.types[wish.ticket_type].is_seated:
            assert seats == ()
            return
        free = self.naive.free_seats(wish, taken)
        assert len(set(seats)) == len(seats) == quantity
        assert set(seats) <= free
        if wish.seats:
            assert set(seats) <= set(wish.seats)
        taken |= {(wish.date, segment, seat) for segment in self.naive.segments(wish) for seat in seats}

    def check_refusal(self, request: HoldRequest, answer: errors.InventoryError) -> None:
        if len(request.wishes) > 1:
            return
        (wish,) = request.wishes
        used, taken = self.naive.used(self.now), self.naive.taken_seats(self.now)
        if isinstance(answer, errors.SeatsTakenError):
            gone = [seat for seat in wish.seats if seat not in self.naive.free_seats(wish, taken)]
            assert list(answer.taken) == gone
            assert set(answer.alternative) <= self.naive.free_seats(wish, taken)
        elif isinstance(answer, errors.SoldOutError):
            places = [key for key in self.naive.keys(request, wish) if key[0] in {"pool", "contingent"}]
            assert answer.left >= max(
                0, min(self.naive.left(key, used) for key in self.naive.keys(request, wish))
            )
            assert answer.left in {max(0, self.naive.left(key, used)) for key in places}

    def note_reclaimed(self) -> None:
        """Which lapsed holds are ended, and when before somebody is refused, is the inventory's own affair."""
        for id_, state, _ in self.rows(STATES):
            hold = self.naive.holds.get(id_)
            if hold is not None and state == "expired" and hold.state == "held":
                assert hold.expires_at <= self.now
                hold.state = "expired"

    @precondition(lambda self: self.naive.holds)
    @rule(data=st.data())
    def extend(self, data: st.DataObject) -> None:
        """More time, once, for a hold that lives."""
        hold = self.one_hold(data)
        may = hold.state == "held" and hold.expires_at > self.now and not hold.is_extended
        extension = extend_hold(self.event.id, hold.id, hold.visitor, EXTENSION_MINUTES, self.now)
        if may:
            hold.expires_at += timedelta(minutes=EXTENSION_MINUTES)
            hold.is_extended = True
            assert run_verb(extension).expires_at == hold.expires_at
        else:
            with pytest.raises(errors.InventoryError):
                run_verb(extension)

    @precondition(lambda self: self.naive.holds)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """A visitor gives places back, twice for all we know."""
        hold = self.one_hold(data)
        release = release_hold(self.event.id, hold.id, hold.visitor, self.now)
        if hold.state == "converted":
            with pytest.raises(errors.HoldEndedError):
                run_verb(release)
            return
        run_verb(release)
        if hold.state == "held":
            hold.state = "released"

    @precondition(lambda self: self.naive.holds)
    @rule(data=st.data(), several=st.integers(1, 3))
    def convert(self, data: st.DataObject, several: int) -> None:
        """A batch of purchases; a hold past its time still converts unless somebody has ended it."""
        holds = {hold.id: hold for hold in (self.one_hold(data) for _ in range(several))}
        answers = run_verb(convert_holds(self.event.id, list(holds), self.now))
        for hold in holds.values():
            answer = answers[hold.id]
            if hold.state == "held":
                assert isinstance(answer, Hold)
                hold.state = "converted"
            elif hold.state == "expired":
                assert isinstance(answer, errors.HoldExpiredError)
            else:
                assert answer == errors.HoldEndedError(state=hold.state)

    @precondition(lambda self: self.naive.holds and self.naive.limits)
    @rule(data=st.data(), email=st.sampled_from(EMAILS))
    def become_known(self, data: st.DataObject, email: str) -> None:
        """A buyer says who they are; another address frees the first."""
        hold = self.one_hold(data)
        claim = claim_limits(self.offer, hold.id, hold.visitor, {"email": email}, self.now)
        quantity = sum(quantity for _, _, quantity in hold.lines)
        key: Key = ("email", email)
        old = [each for each in hold.takes if each[0] == "email"]
        fits = key in old or self.naive.left(key, self.naive.used(None)) >= quantity
        if hold.state != "held" or not fits:
            with pytest.raises(errors.InventoryError):
                run_verb(claim)
            return
        run_verb(claim)
        for each in old:
            del hold.takes[each]
        hold.takes[key] = quantity

    @rule(minutes=st.sampled_from([1, 4, 6, 11, 30]))
    def let_time_pass(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(minutes=st.sampled_from([1, 5, 20]))
    def set_the_clock_back(self, minutes: int) -> None:
        self.now -= timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        """Only this event's: others of the same database are nobody's business here."""
        sweep_expired(self.now)
        for hold in self.naive.lapsed(self.now):
            hold.state = "expired"

    def one_hold(self, data: st.DataObject) -> NaiveHold:
        return data.draw(st.sampled_from(list(self.naive.holds.values())))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query, [self.event.id])
            return cursor.fetchall()

    @invariant()
    def the_database_agrees(self) -> None:
        naive = self.naive
        assert {id_: (state, expires) for id_, state, expires in self.rows(STATES)} == {
            hold.id: (hold.state, hold.expires_at) for hold in naive.holds.values()
        }
        held: dict[int, list[int]] = {counter_id(key): [0, 0] for key in naive.most if key[0] == "pool"}
        for hold in naive.occupying(None):
            for key, quantity in hold.takes.items():
                if not (key[0] == "order" and hold.state == "converted"):
                    held.setdefault(counter_id(key), [0, 0])[hold.state == "converted"] += quantity
        real = {id_: [held_, sold] for id_, held_, sold in self.rows(COUNTERS)}
        assert {id_: used for id_, used in real.items() if any(used)} == {
            id_: used for id_, used in held.items() if any(used)
        }
        assert {tuple(row[:3]): row[3] for row in self.rows(CLAIMS)} == {
            seat: hold.id for hold in naive.occupying(None) for seat in hold.seats
        }

    @invariant()
    def the_figures_agree(self) -> None:
        used = self.naive.used(None)
        free: dict[tuple[int, int], int] = {}
        for key in self.naive.most:
            if key[0] == "pool":
                _, date, _, pool = key
                free[date, pool] = min(free.get((date, pool), 1 << 30), self.naive.left(key, used))  # type: ignore[index]
        assert {key: places.free for key, places in run_verb(places_by_pool(self.event.id)).items()} == free

    def teardown(self) -> None:
        if hasattr(self, "naive"):
            assert_books_right(self.event.id)
            for hold in self.naive.holds.values():  # leave nothing for another game's sweeper
                run_verb(release_or_nothing(self.event.id, hold))


def release_or_nothing(event_id: int, hold: NaiveHold) -> Any:
    return convert_holds(event_id, [hold.id], NOW)


def counter_id(key: Key) -> int:
    """The number that the inventory gives a key."""
    kind, *rest = key
    match kind:
        case "pool":
            return pool_counter_id(*rest)  # type: ignore[arg-type]
        case "contingent":
            return contingent_counter_id(*rest, "web")  # type: ignore[arg-type]
        case "code":
            return code_counter_id(1)
        case "order":
            return limit_counter_id("order", rest[0].hex)  # type: ignore[attr-defined]
        case _:
            return limit_counter_id(str(kind), str(rest[0]))


class Hall(Inventory):
    """Numbered stalls and two standing pools that one type shares, on two dates, with limits, a code, a contingent."""

    seats: ClassVar = st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True).map(tuple)
    wishes = st.one_of(
        st.builds(
            Wish,
            date=st.sampled_from([1, 2]),
            ticket_type=st.sampled_from([1, 2, 3]),
            quantity=st.integers(1, 4),
        ),
        st.builds(Wish, date=st.just(1), ticket_type=st.just(1), quantity=st.just(0), seats=seats),
    )

    @initialize()
    def open_the_hall(self) -> None:
        types = (
            Type(name="Stalls", is_seated=True),
            Type(3000, "Early bird", pools=(2, 3)),
            Type(4500, "Regular", pools=(3,)),
        )
        event = make_seated_event(rows=3, seats_per_row=4, types=types, dates=2, max_per_order=8)
        sizes = {1: 12, 2: 3, 3: 9}
        run_verb(
            open_counters(event.id, [(date, pool, size) for date in (1, 2) for pool, size in sizes.items()])
        )
        SalesLimit.objects.create(event=event, kind="network", most=11)
        SalesLimit.objects.create(event=event, kind="email", most=5)
        SalesCode.objects.create(
            event=event, ordinal=1, code=CODE, kind="voucher", uses=5, off_basis_points=1000
        )
        Contingent.objects.create(event=event, pool=3, channel="web", places=7)
        most: dict[Key, int] = {
            ("pool", date, 0, pool): size for date in (1, 2) for pool, size in sizes.items()
        }
        most |= {("contingent", date, 0, 3): 7 for date in (1, 2)} | {("code", CODE): 5}
        self.begin(
            event,
            Naive(
                {1: NaiveType((1,), is_seated=True), 2: NaiveType((2, 3)), 3: NaiveType((3,))},
                most,
                {1: frozenset(range(1, 13))},
                limits={"network": 11, "email": 5},
                order_most=8,
            ),
        )


class Train(Inventory):
    """A trip of four segments with six seats, and six standing places on each segment."""

    stretches: ClassVar = st.tuples(st.integers(0, 3), st.integers(1, 4)).filter(
        lambda pair: pair[0] < pair[1]
    )
    seats: ClassVar = st.lists(st.integers(1, 6), min_size=1, max_size=2, unique=True).map(tuple)
    wishes = st.one_of(
        st.builds(
            lambda stretch, type_, quantity: Wish(1, type_, quantity, *stretch),
            stretches,
            st.sampled_from([1, 2]),
            st.integers(1, 3),
        ),
        st.builds(lambda stretch, seats: Wish(1, 1, 0, *stretch, seats=seats), stretches, seats),
    )

    @initialize()
    def open_the_train(self) -> None:
        types = (
            Type(name="Seat", is_seated=True, fee_minor=0),
            Type(name="Standing", pools=(2,), fee_minor=0),
        )
        event = make_trip_event(stops=5, coaches=2, seats_per_coach=3, types=types, max_per_order=9)
        most: dict[Key, int] = {("pool", 1, segment, pool): 6 for segment in range(4) for pool in (1, 2)}
        self.begin(
            event,
            Naive(
                {1: NaiveType((1,), is_seated=True), 2: NaiveType((2,))},
                most,
                {1: frozenset(range(1, 7))},
                last_stop=4,
                order_most=9,
            ),
        )


def play(
    machine: type[Inventory], games: int, steps: int, phases: tuple[Phase, ...] = (Phase.generate,)
) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=games,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=phases,
        ),
    )


@pytest.mark.parametrize("machine", [Hall, Train])
def test_the_inventory_does_as_the_naive_one(machine: type[Inventory]) -> None:
    play(machine, games=5 if BRIEF_VARIABLE in os.environ else 40, steps=30)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("machine", [Hall, Train])
def test_the_inventory_does_as_the_naive_one_for_long(machine: type[Inventory]) -> None:
    play(machine, games=300, steps=60, phases=(Phase.generate, Phase.shrink))
