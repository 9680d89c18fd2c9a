"""The hot shell's addresses with another organizer's or another visitor's numbers: as if there were nothing.

A new address there makes the first test fail until it is asked about here.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.hot.conftest import Talk
from tests.web.tenants import ABSENT, Tenant, everything, make_tenant
from tmam.gates.models import Scan
from tmam.hot import app
from tmam.tickets.models import Ticket

ADDRESSES = {
    "/hot/holds",
    "/hot/baskets",
    "/hot/orders",
    "/hot/scans",
    "/hot/events",
    "/hot/healthz",
}
Asking = Callable[[httpx.AsyncClient, int, UUID], Awaitable[httpx.Response]]


def test_every_address_is_asked_about() -> None:
    assert set(re.findall(r"/hot/[a-z]+", inspect.getsource(app))) == ADDRESSES


@pytest.fixture
def theirs(live_database: None) -> Tenant:
    del live_database
    return make_tenant("Brisa Secreta", "Hidden Sonata", "zoraida")


def at(path: str) -> Asking:
    method = "GET" if path.endswith(("}", "availability")) else "POST"
    return lambda client, event, hold: client.request(method, path.format(event=event, hold=hold))


def order(client: httpx.AsyncClient, event: int, hold: UUID) -> Awaitable[httpx.Response]:
    body = {
        "event": event,
        "hold": str(hold),
        "email": "eve@evil.example",
        "name": "Eve",
        "language": "en",
        "total_minor": 9000,
        "accepts_terms": True,
        "payment": {"gateway": "sandbox", "method": "approve"},
    }
    return client.post("/hot/orders", json=body)


async def told(client: httpx.AsyncClient, ask: Asking, event: int, hold: UUID) -> tuple[int, str]:
    answer = await ask(client, event, hold)
    return answer.status_code, answer.text.replace(str(event), "…").replace(str(hold), "…")


@pytest.mark.parametrize(
    "ask",
    [
        at("/hot/holds/{event}/{hold}"),
        at("/hot/holds/{event}/{hold}/extend"),
        at("/hot/holds/{event}/{hold}/release"),
        order,
    ],
    ids=["show", "extend", "release", "buy"],
)
def test_another_visitor_s_hold_is_as_if_there_were_none(
    talk: Talk[Any], theirs: Tenant, ask: Asking
) -> None:
    before = everything()

    async def both(client: httpx.AsyncClient) -> list[tuple[int, str]]:
        body = {"event": theirs.event.id, "date": 1, "quantities": {"1": 1}}
        own = (await client.post("/hot/holds", json=body)).json()  # so that this is a visitor we know
        await client.post(f"/hot/holds/{theirs.event.id}/{own['hold']}/release")
        return [
            await told(client, ask, theirs.event.id, theirs.hold_id),
            await told(client, ask, theirs.event.id, uuid4()),
        ]

    foreign, absent = talk(both)
    assert foreign == absent
    assert foreign[0] in {403, 404, 409, 410}
    changed = {table for table, digest in everything().items() if digest != before[table]}
    assert changed <= {"inventory_hold", "inventory_counter"}  # one's own hold, taken and given back


def hold_one(client: httpx.AsyncClient, event: int, hold: UUID) -> Awaitable[httpx.Response]:
    del hold
    return client.post("/hot/holds", json={"event": event, "date": 1, "quantities": {"1": 1}})


def hold_basket(client: httpx.AsyncClient, event: int, hold: UUID) -> Awaitable[httpx.Response]:
    del hold
    return client.post("/hot/baskets", json={"holds": [{"event": event, "date": 1, "quantities": {"1": 1}}]})


@pytest.mark.parametrize(
    "ask",
    [at("/hot/events/{event}/dates/1/availability"), hold_one, hold_basket],
    ids=["see", "hold", "basket"],
)
def test_an_event_that_is_not_announced_is_as_if_there_were_none(
    talk: Talk[Any], theirs: Tenant, ask: Asking
) -> None:
    before = everything()

    async def both(client: httpx.AsyncClient) -> list[tuple[int, str]]:
        return [
            await told(client, ask, theirs.draft.id, ABSENT["checkout_id"]),
            await told(client, ask, ABSENT["event_id"], ABSENT["checkout_id"]),
        ]

    foreign, absent = talk(both)
    assert foreign == absent
    assert everything() == before


def test_a_scanner_lets_nobody_into_another_organizer_s_event(talk: Talk[Any], theirs: Tenant) -> None:
    ours = make_tenant("Aurora Concerts", "Winter Lights", "maria")
    ticket = Ticket.objects.filter(event_id=theirs.event.id).first()
    assert ticket is not None

    def scan(client: httpx.AsyncClient) -> Awaitable[httpx.Response]:
        headers = {"Authorization": f"Device {ours.device_key}"}
        body = {"nonce": str(uuid4()), "serial": 60_000}
        return client.post("/hot/scans", json=body, headers=headers)

    answer = talk(scan)
    assert answer.json()["verdict"] == "refuse"
    assert [mark for mark in theirs.marks if mark in answer.text] == []
    assert not Scan.objects.filter(event_id=theirs.event.id).exists()
