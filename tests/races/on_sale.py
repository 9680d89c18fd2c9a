"""An on-sale played over HTTP: many buyers hold, extend, give back and buy, hang up, ask again, and note it all."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from tests.cast import Type, make_seated_event
from tests.races.history import Operation
from tests.races.shell_process import Client, HungUpError
from tmam.catalog.models import Event
from tmam.inventory.open_counters import open_counters
from tmam.platform.statements import run_verb

SEATS, CAPACITIES = 200, {1: 200, 2: 25, 3: 80}
POOLS_OF_TYPE = {1: (1,), 2: (2, 3), 3: (3,)}
STATES = {"converted": "sold", "released": "released", "held": "held"}
# What says neither that something was done nor that it was not.
UNCERTAIN = {500, 502, 503, 504}


def make_on_sale() -> Event:
    """200 numbered seats, an early-bird pool inside of a hall, and the rest of the hall; limits out of the way."""
    types = (
        Type(name="Stalls", is_seated=True),
        Type(3000, "Early bird", pools=(2, 3)),
        Type(4500, "Regular", pools=(3,)),
    )
    event = make_seated_event(
        now=datetime.now(UTC),
        rows=10,
        seats_per_row=20,
        types=types,
        max_per_order=1_000,
        hold_minutes=60,
        avoid_single_seats=False,
    )
    run_verb(open_counters(event.id, [(1, pool, size) for pool, size in CAPACITIES.items()]))
    return event


@dataclass
class OwnHold:
    """What a buyer knows of a hold of theirs."""

    id: str
    visitor: UUID
    ticket_type: int
    quantity: int
    seats: list[int]
    total_minor: int

    @property
    def keys(self) -> list[str]:
        """Everything that changes with it."""
        pools = [f"pool:{pool}" for pool in POOLS_OF_TYPE[self.ticket_type]]
        return [f"hold:{self.id}", *pools, *(f"seat:{seat}" for seat in self.seats)]


@dataclass
class OnSale:
    """One race: who takes part notes what happens in `history`."""

    event_id: int
    port: int
    seed: int
    until: float
    history: list[Operation] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)


class Buyer:
    """One process of the history. Knows its holds; asks again after most lost answers, never after some."""

    def __init__(self, sale: OnSale, number: int) -> None:
        self.sale, self.number = sale, number
        self.chance = random.Random(f"{sale.seed}-{number}")  # noqa: S311 -- a repeatable script, no secret
        self.client, self.other = Client(sale.port), Client(sale.port)
        self.visitor = uuid4()
        self.holds: list[OwnHold] = []

    async def play(self) -> None:
        """Until the time is over."""
        while time.monotonic() < self.sale.until:
            if self.holds and (len(self.holds) > 3 or self.chance.random() < 0.6):
                await self.act()
            else:
                await self.hold()
        self.client.hang_up()
        self.other.hang_up()

    async def hold(self) -> None:
        """Ask for seats picked or chosen, or for places in the pools."""
        if self.chance.random() < 0.1:
            self.visitor = uuid4()
        type_ = self.chance.choice((1, 1, 1, 2, 3))
        quantity = self.chance.randint(1, 3)
        line: dict[str, Any] = {"date": 1, "ticket_type": type_, "quantity": quantity}
        picked: list[int] = []
        if type_ == 1 and self.chance.random() < 0.7:
            among = SEATS if self.chance.random() < 0.5 else 20
            picked = self.chance.sample(range(1, among + 1), quantity)
            line["seats"] = picked
        body = {"event": self.sale.event_id, "lines": [line], "idempotency_key": uuid4().hex}
        # Which seats would have been chosen nobody can tell from a lost answer, so that one is always asked for again.
        call, answer = await self.ask("/hot/holds", body, may_give_up=bool(picked) or type_ != 1)
        if answer is None:
            pools = [f"pool:{pool}" for pool in POOLS_OF_TYPE[type_]]
            self.note("hold", call, None, [*pools, *(f"seat:{seat}" for seat in picked)], quantity=quantity)
            return
        status, told = answer
        if status == 201:
            seats = told["lines"][0].get("seats", [])
            own = OwnHold(told["hold"], self.visitor, type_, quantity, seats, told["total_minor"])
            self.holds.append(own)
            self.note("hold", call, "ok", own.keys, hold=own.id, quantity=quantity)
        elif told["code"] == "inventory.seats_taken":
            self.note("hold", call, "refused", [f"seat:{seat}" for seat in told["taken"]])
        elif told["code"] == "inventory.sold_out" and len(POOLS_OF_TYPE[type_]) == 1:
            pool = f"pool:{POOLS_OF_TYPE[type_][0]}"
            self.note("hold", call, "refused", [pool], quantity=quantity, value=str(told["left"]))
        else:  # of two pools nobody says which was short
            assert told["code"] == "inventory.sold_out", told

    async def act(self) -> None:
        """Extend, give back or buy one of the holds; or two of these at once."""
        own = self.chance.choice(self.holds)
        kind = self.chance.random()
        if kind < 0.2:
            await self.extend(own, self.client)
            return
        self.holds.remove(own)
        if kind < 0.3:
            await asyncio.gather(self.buy(own, self.client), self.release(own, self.other))
        elif kind < 0.4:
            await self.buy(own, self.client)
            await self.release(own, self.client)
        else:
            await self.release(own, self.client)

    async def extend(self, own: OwnHold, client: Client) -> None:
        path = f"/hot/holds/{self.sale.event_id}/{own.id}/extend"
        call, answer = await self.ask(path, {}, own=own, client=client)
        if answer is not None and answer[0] == 200:
            self.note("extend", call, "ok", own.keys[:1], hold=own.id)
        elif answer is not None:
            assert answer[1]["code"] == "inventory.already_extended", answer
            self.note("extend", call, "refused", own.keys[:1], hold=own.id, value="held")

    async def release(self, own: OwnHold, client: Client) -> None:
        path = f"/hot/holds/{self.sale.event_id}/{own.id}/release"
        call, answer = await self.ask(path, {}, own=own, client=client)
        self.note_end("release", call, answer, own, 204)

    async def buy(self, own: OwnHold, client: Client) -> None:
        body = {
            "event": self.sale.event_id,
            "hold": own.id,
            "email": "ana@example.org",
            "name": "Ana García",
            "total_minor": own.total_minor,
            "accepts_terms": True,
            "payment": {"gateway": "sandbox", "method": "approve"},
        }
        call, answer = await self.ask("/hot/orders", body, own=own, client=client)
        if answer is not None and answer[0] == 201:
            assert len(answer[1]["tickets"]) == own.quantity
            assert sorted(each["seat"] for each in answer[1]["tickets"] if each["seat"]) == sorted(own.seats)
        self.note_end("buy", call, answer, own, 201)

    def note_end(self, op: str, call: int, answer: tuple[int, Any] | None, own: OwnHold, done: int) -> None:
        if answer is None:
            self.note(op, call, None, own.keys, hold=own.id, quantity=own.quantity)
        elif answer[0] == done:
            self.note(op, call, "ok", own.keys, hold=own.id, quantity=own.quantity)
        else:
            assert answer[1]["code"] == "inventory.hold_ended", answer
            state = STATES[answer[1]["state"]]
            self.note(op, call, "refused", own.keys[:1], hold=own.id, value=state)

    async def ask(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        own: OwnHold | None = None,
        client: Client | None = None,
        may_give_up: bool = True,
    ) -> tuple[int, tuple[int, Any] | None]:
        """Ask until there is an answer: when it was first asked, and the answer; None: it was never learnt."""
        call = time.monotonic_ns()
        gives_up = may_give_up and self.chance.random() < 0.3
        while True:
            patience_s = self.chance.uniform(0, 0.05) if self.chance.random() < 0.15 else None
            try:
                answer = await (client or self.client).post(
                    path, body, own.visitor if own else self.visitor, patience_s
                )
            except HungUpError as lost:
                self.sale.told["hung up"] += 1
                if gives_up and not isinstance(lost.__cause__, ConnectionRefusedError):
                    return call, None
                await asyncio.sleep(0.01)
                continue
            if answer[0] in UNCERTAIN:
                self.sale.told[str(answer[0])] += 1
                if gives_up:
                    return call, None
                await asyncio.sleep(0.01)
                continue
            self.sale.told[str(answer[0])] += 1
            return call, answer

    def note(
        self,
        op: str,
        call: int,
        outcome: str | None,
        keys: list[str],
        *,
        hold: str | None = None,
        quantity: int = 0,
        value: str | None = None,
    ) -> None:
        """Write down an operation on each of its keys; without an outcome it is unknown for good."""
        returned = None if outcome is None else time.monotonic_ns()
        self.sale.history += [
            Operation(self.number, op, key, call, returned, outcome or "unknown", hold, quantity, value)
            for key in keys
        ]


async def play(event_id: int, port: int, *, buyers: int, seconds: float, seed: int) -> OnSale:
    """So many buyers at once for so long."""
    sale = OnSale(event_id, port, seed, time.monotonic() + seconds)
    await asyncio.gather(*(Buyer(sale, number).play() for number in range(buyers)))
    return sale
