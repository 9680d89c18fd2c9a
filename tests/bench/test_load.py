"""The load generator against small servers of our own."""

from __future__ import annotations

import asyncio
import json
from array import array
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from tmam.bench.load.client import Operation
from tmam.bench.load.driver import Driver
from tmam.bench.load.flows import FLOWS, Flow
from tmam.bench.load.plan import Outcome, Plan
from tmam.bench.load.requests import reason, text_after
from tmam.platform.visitors import COOKIE, read_visitor

Answer = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
SECRET = "s"


def ok(body: bytes, status: str = "200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status.encode(), len(body), body)


def drive(
    flow: str, facts: dict[str, Any], answer: Answer, *, connections: int = 2, seconds: float = 0.2
) -> Outcome:
    """A run of load against a server that answers every request (head and body) with `answer`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(text_of(head, "Content-Length") or 0)
                await answer(head + await reader.readexactly(length), writer)
        writer.close()

    async def run() -> Outcome:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        plan = Plan(
            host="127.0.0.1",
            port=port,
            flow=flow,
            facts=facts,
            connections=connections,
            warm_up_s=0.05,
            seconds=seconds,
        )
        async with server:
            return await Driver(plan, FLOWS[flow](plan)).run()

    return asyncio.run(run())


def text_of(head: bytes, name: str) -> str:
    for line in head.decode("latin-1").split("\r\n"):
        found, _, value = line.partition(": ")
        if found.lower() == name.lower():
            return value
    return ""


def test_answers_in_pieces_and_in_chunks_are_understood() -> None:
    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        if b"GET /chunked " in request:
            writer.write(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n3\r\nabc\r\n"
            )
            await writer.drain()
            writer.write(b"0\r\n\r\n")
        else:
            for piece in (b"HTTP/1.1 200 OK\r\ncontent-", b"length: 6\r\n\r", b"\nabc", b"def"):
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)

    outcome = drive("get", {"paths": ["/pieces", "/chunked"]}, answer)
    assert outcome.errors == {}
    latencies = array("I")
    latencies.frombytes(outcome.latencies_us)
    assert outcome.operations == len(latencies) > 0


def test_errors_are_counted_by_their_code_and_cut_connections_too() -> None:
    async def refuse(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(ok(b'{"type":"x","code":"inventory.sold_out"}', "409 Conflict"))

    outcome = drive("hold", {"bodies": ["{}"], "secret": SECRET}, refuse)
    assert outcome.operations == 0
    assert set(outcome.errors) == {"409 inventory.sold_out"}

    async def cut(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.close()

    assert set(drive("get", {"paths": ["/"]}, cut).errors) == {"connection lost"}


def test_every_hold_is_of_a_visitor_of_its_own_and_acknowledged_ids_are_kept() -> None:
    visitors: list[UUID | None] = []

    async def hold(request: bytes, writer: asyncio.StreamWriter) -> None:
        cookie = text_of(request, "Cookie").removeprefix(f"{COOKIE}=")
        visitors.append(read_visitor(cookie, SECRET))
        writer.write(ok(b'{"event":1,"hold":"hold-%d","total_minor":5}' % len(visitors), "201 Created"))

    outcome = drive("hold", {"bodies": ['{"event":1}'], "secret": SECRET}, hold)
    assert None not in visitors
    assert len(set(visitors)) == len(visitors) == len(outcome.acknowledged["holds"])
    assert outcome.acknowledged["holds"][0] == "hold-1"


def test_a_purchase_pays_what_the_hold_costs() -> None:
    orders: list[dict[str, Any]] = []

    async def sell(request: bytes, writer: asyncio.StreamWriter) -> None:
        if b"POST /hot/holds " in request:
            writer.write(ok(b'{"event":1,"hold":"h1","total_minor":9000,"lines":[]}', "201 Created"))
        else:
            orders.append(json.loads(request.partition(b"\r\n\r\n")[2]))
            tickets = b'[{"serial":1,"token":"T1"}]' if len(orders) > 1 else b"[]"
            writer.write(ok(b'{"order":"o%d","tickets":%b}' % (len(orders), tickets), "201 Created"))

    facts = {"bodies": ["{}"], "secret": SECRET, "event": 1}
    outcome = drive("purchase", facts, sell, connections=1)
    assert orders[0] == {
        "event": 1,
        "hold": "h1",
        "email": "buyer1@buyers.example",
        "name": "Buyer 1",
        "language": "en",
        "total_minor": 9000,
        "accepts_terms": True,
        "payment": {"gateway": "sandbox", "method": "approve"},
    }
    assert outcome.acknowledged["orders"][0] == "o2"


def test_a_pair_is_given_back_uncounted() -> None:
    asked: list[str] = []

    async def serve(request: bytes, writer: asyncio.StreamWriter) -> None:
        asked.append(request.split(b" ", 2)[1].decode())
        is_hold = asked[-1] == "/hot/holds"
        writer.write(ok(b'{"hold":"h"}', "201 Created") if is_hold else b"HTTP/1.1 204 No Content\r\n\r\n")

    outcome = drive(
        "hold_and_release", {"event": 3, "bodies": ["{}"], "secret": SECRET}, serve, connections=1
    )
    assert asked[:4] == ["/hot/holds", "/hot/holds/3/h/release"] * 2
    assert outcome.errors == {}
    assert 0 < outcome.operations <= len(outcome.acknowledged["holds"])


def test_each_ticket_is_scanned_once_and_then_it_is_over(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("T1A\nT1B\nT1C\n", encoding="ascii")
    codes: list[str] = []

    async def gate(request: bytes, writer: asyncio.StreamWriter) -> None:
        assert text_of(request, "Authorization") == "Device k"
        codes.append(json.loads(request.partition(b"\r\n\r\n")[2])["code"])
        verdict = b"refuse" if codes[-1] == "T1B" else b"admit"
        writer.write(ok(b'{"verdict":"%b","code":"gates.%b"}' % (verdict, verdict)))

    outcome = drive("scan", {"tokens": str(tokens), "device": "k"}, gate, seconds=5)
    assert sorted(codes) == ["T1A", "T1B", "T1C"]
    assert len(outcome.acknowledged["scans"]) == 2


def test_a_server_that_is_away_is_said() -> None:
    class Never(Flow):
        def operation(self) -> Operation | None:
            raise AssertionError

    plan = Plan(host="127.0.0.1", port=1, flow="get", facts={}, connections=1, warm_up_s=0.05, seconds=0.1)
    outcome = asyncio.run(Driver(plan, Never(plan)).run())
    assert outcome.operations == 0
    assert list(outcome.errors) == ["no connection: Connect call failed ('127.0.0.1', 1)"]


def test_reasons() -> None:
    assert (
        reason(409, b'{"type":"x","code":"inventory.limit_reached","left":0}')
        == "409 inventory.limit_reached"
    )
    assert reason(502, b"<html>") == "502"
    assert text_after(b'"hold":"', b'{"hold":"abc","x":1}') == b"abc"
