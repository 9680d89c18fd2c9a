"""Many gates at once: one ticket lets one person in, whoever asks, retries or comes late."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.gates.guests import attempt, issue, make_event_tonight
from tmam.catalog.models import Event
from tmam.gates.attempts import Attempt, Outcome
from tmam.gates.models import Redemption, Scan
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.gates.rules import Verdict
from tmam.platform.models import LogEntry
from tmam.platform.statements import run_verb_async
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("live_database")
CONNECTIONS = 32


async def at_once(dsn: str, event: Event, batches: list[list[Attempt]]) -> list[list[Outcome]]:
    """Each batch through a connection of its own, all starting together."""
    connections = await asyncio.gather(*(asyncpg.connect(dsn) for _ in batches))
    try:
        return await asyncio.gather(
            *(
                run_verb_async(redeem_tickets(event.id, batch), connection)
                for batch, connection in zip(batches, connections, strict=True)
            )
        )
    finally:
        await asyncio.gather(*(connection.close() for connection in connections))


def assert_admitted_once(event: Event, admitted: int) -> None:
    assert Redemption.objects.filter(event_id=event.id).count() == admitted
    assert Scan.objects.filter(event_id=event.id, verdict="admit").count() == admitted
    assert LogEntry.objects.filter(event_id=event.id, name="ticket.redeemed").count() == admitted
    scans = set(Scan.objects.filter(event_id=event.id, verdict="admit").values_list("id", flat=True))
    assert set(Redemption.objects.filter(event_id=event.id).values_list("scan_id", flat=True)) == scans


def test_one_ticket_at_32_gates_admits_once(dsn: str) -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)
    batches = [[attempt(ticket.token, device_id=UUID(int=gate))] for gate in range(CONNECTIONS)]
    outcomes = [outcome for (outcome,) in asyncio.run(at_once(dsn, event, batches))]
    verdicts = Counter(outcome.verdict for outcome in outcomes)
    assert verdicts == {Verdict.ADMIT: 1, Verdict.ALREADY_USED: CONNECTIONS - 1}
    assert_admitted_once(event, 1)


def test_the_same_request_32_times_at_once_is_green_each_time(dsn: str) -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)
    request = attempt(ticket.token)
    batches = [[replace(request, id=uuid4())] for _ in range(CONNECTIONS)]
    outcomes = [outcome for (outcome,) in asyncio.run(at_once(dsn, event, batches))]
    assert {outcome.verdict for outcome in outcomes} == {Verdict.ADMIT}
    assert len({outcome.scan_id for outcome in outcomes}) == 1
    assert Scan.objects.filter(event_id=event.id).count() == 1
    assert_admitted_once(event, 1)


def test_batches_in_every_order_neither_deadlock_nor_admit_twice(dsn: str) -> None:
    event = make_event_tonight()
    tickets = issue(event, *(f"Guest {number}" for number in range(20)))
    batches = []
    for gate in range(12):
        turned = tickets[gate:] + tickets[:gate]
        order = turned if gate % 2 else turned[::-1]
        batches.append([attempt(each.token, device_id=UUID(int=gate)) for each in order])
    answers = asyncio.run(at_once(dsn, event, batches))
    verdicts = Counter(outcome.verdict for answer in answers for outcome in answer)
    assert verdicts == {Verdict.ADMIT: 20, Verdict.ALREADY_USED: 20 * 11}
    assert_admitted_once(event, 20)


def test_a_nonce_misused_for_two_tickets_admits_one_of_them(dsn: str) -> None:
    event = make_event_tonight()
    ana, bea = issue(event, "Ana", "Bea")
    nonce = uuid4()
    batches = [[attempt(each.token, nonce=nonce)] for each in (ana, bea) * 8]
    answers = asyncio.run(at_once(dsn, event, batches))
    serials = {outcome.ticket.serial for (outcome,) in answers if outcome.ticket}
    assert len(serials) == 1
    assert_admitted_once(event, 1)


def test_a_cancellation_and_a_scan_exclude_each_other(dsn: str) -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)

    async def scan_while_cancelling() -> list[Outcome]:
        cancelling, scanning = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
        try:
            async with cancelling.transaction():
                await cancelling.execute(
                    "UPDATE tickets_ticket SET state = 'cancelled' WHERE event_id = $1 AND serial = $2",
                    event.id,
                    ticket.serial,
                )
                scan = asyncio.create_task(
                    run_verb_async(redeem_tickets(event.id, [attempt(ticket.token)]), scanning)
                )
                done, _ = await asyncio.wait([scan], timeout=0.2)
                assert not done, "the scan did not wait for the cancellation"
            return await scan
        finally:
            await cancelling.close()
            await scanning.close()

    (outcome,) = asyncio.run(scan_while_cancelling())
    assert outcome.error is not None
    assert outcome.error.code == "gates.cancelled"
    assert Ticket.objects.get(event_id=event.id, serial=ticket.serial).state == "cancelled"
    assert_admitted_once(event, 0)
