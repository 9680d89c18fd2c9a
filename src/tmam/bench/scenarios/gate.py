"""Tickets at the gate: each is admitted once, by one steward's scanner that many hands use at the same time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import uuid4

from tmam.bench import seed
from tmam.bench.baseline.pgbench import CLIENT_NUMBERS
from tmam.bench.baseline.recording import Ask, Conversation, record
from tmam.bench.baseline.script import Script, make_script
from tmam.bench.fill import multiply_purchase, sign_tickets
from tmam.bench.measure import WARM_UP_S, Bench, Run
from tmam.bench.results import Result, summarize
from tmam.bench.sell import sell
from tmam.catalog.models import Event
from tmam.inventory.draws import Wish
from tmam.kernel.token import token_sha256

NAME = "gate"
TITLE = "tickets admitted at the gate"
PER_ORDER = 10
CAPACITY = 10_000_000
# A run that uses up its tickets ends early and is measured to that moment.
TICKETS_PER_S = 5_000
SCANS_RECORDED = 3
_SERIAL = "(:first::bigint + :client_id::bigint * :stripe::bigint + :n::bigint)"
_SHA256 = "(SELECT token_sha256 FROM tickets_ticket WHERE event_id = {event_id} AND serial = {serial})"


def run(bench: Bench) -> Result:
    """Scans over HTTP, each run with tickets of its own, and in turns the same statements by pgbench."""
    options = bench.options
    turns = [WARM_UP_S, *[options.seconds] * options.alternations]
    wanted = [int((seconds + options.warm_up_s) * TICKETS_PER_S) for seconds in turns]
    event, tokens = _guests(bench, "Doors are open", sum(wanted), sum(wanted))
    parts = iter(deal_out(tokens, wanted))
    device = seed.make_scanner(event)
    yardstick, script = baseline(bench)

    def scan(seconds: float) -> Run:
        return bench.load("scan", {"tokens": str(next(parts)), "device": device}, seconds)

    series = bench.alternate(NAME, scan, script)
    return summarize(bench, NAME, TITLE, series, [event.id, yardstick])


def baseline(bench: Bench) -> tuple[int, Script]:
    """An event for pgbench, and the script of one scan there: each transaction admits a ticket of its own."""
    options = bench.options
    runs = options.alternations * len(CLIENT_NUMBERS)
    tickets = int((WARM_UP_S + runs * options.seconds) * TICKETS_PER_S)
    event, tokens = _guests(bench, "Doors are open for pgbench", tickets, PER_ORDER)
    device = seed.make_scanner(event)
    codes = tokens.read_text(encoding="ascii").split()[:SCANS_RECORDED]
    first, second = record(bench.servers.settings, _scanning(device, codes))
    sha256 = _SHA256.format(event_id=event.id, serial=_SERIAL)
    recorded = 2  # the serial of the first recording; the one before filled the caches
    given = {token_sha256(codes[recorded - 1]): sha256, recorded: _SERIAL}
    script = make_script(first, second, given)
    script.of_run = _deal_to_clients()
    return event.id, script


def deal_out(tokens: Path, sizes: list[int]) -> list[Path]:
    """The lines of a file, dealt out into files of their own."""
    parts = []
    with tokens.open("r", encoding="ascii") as lines:
        for number, size in enumerate(sizes):
            part = tokens.with_name(f"{tokens.name}-{number}")
            part.write_text("".join(islice(lines, size)), encoding="ascii")
            parts.append(part)
    return parts


def _guests(bench: Bench, title: str, tickets: int, signed: int) -> tuple[Event, Path]:
    """An event whose doors are open, with so many tickets, and a file with the tokens of the first of them."""
    event = seed.make_event(title, capacity=CAPACITY, starts_in=timedelta(minutes=30))
    sell(event, [Wish(1, 1, PER_ORDER)], datetime.now(UTC))
    url = bench.servers.settings.database_url
    multiply_purchase(url, event.id, tickets // PER_ORDER)
    path = bench.folder / f"tokens-{event.id}"
    sign_tickets(url, event.id, path, last_serial=signed)
    return event, path


def _scanning(device: str, codes: list[str]) -> Conversation:
    """Each time it is asked, the next ticket is scanned."""
    left = iter(codes)

    async def conversation(ask: Ask) -> None:
        body = json.dumps({"nonce": str(uuid4()), "code": next(left)}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Device {device}"}
        await ask("POST", "/hot/scans", body, headers)

    return conversation


def _deal_to_clients() -> Callable[[int, float], Mapping[str, str]]:
    """For each run of pgbench its own tickets, in one stripe for each client."""
    first = PER_ORDER

    def of_run(clients: int, seconds: float) -> Mapping[str, str]:
        nonlocal first
        stripe = int(seconds * TICKETS_PER_S) // clients
        variables = {"first": str(first), "stripe": str(stripe)}
        first += stripe * clients
        return variables

    return of_run
