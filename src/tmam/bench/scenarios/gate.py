"""Tickets at the gate: each is admitted once, by one steward's scanner that many hands use at the same time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tmam.bench import seed
from tmam.bench.fill import multiply_purchase, sign_tickets
from tmam.bench.measure import WARM_UP_S, Bench, Run
from tmam.bench.results import Result, summarize
from tmam.bench.sell import sell
from tmam.inventory.draws import Wish

NAME = "gate"
TITLE = "tickets admitted at the gate"
PER_ORDER = 10
# More than one process can admit: a run that uses up its tickets ends early and is measured to that moment.
TICKETS_PER_S = 5_000


def run(bench: Bench) -> Result:
    """Scans over HTTP; each run has tickets of its own."""
    event = seed.make_event("Doors are open", capacity=10_000_000, starts_in=timedelta(minutes=30))
    sell(event, [Wish(1, 1, PER_ORDER)], datetime.now(UTC))
    turns = [WARM_UP_S, *[bench.options.seconds] * bench.options.alternations]
    wanted = [int((seconds + bench.options.warm_up_s) * TICKETS_PER_S) for seconds in turns]
    multiply_purchase(bench.servers.settings.database_url, event.id, sum(wanted) // PER_ORDER)
    tokens = bench.folder / "tokens"
    sign_tickets(bench.servers.settings.database_url, event.id, tokens)
    parts = iter(_parts(tokens, wanted))
    device = seed.make_scanner(event)

    def scan(seconds: float) -> Run:
        return bench.load("scan", {"tokens": str(next(parts)), "device": device}, seconds)

    return summarize(bench, NAME, TITLE, bench.alternate(NAME, scan, None), [event.id])


def _parts(tokens: Path, sizes: list[int]) -> list[Path]:
    """The file's lines, dealt out into files of their own."""
    parts = []
    with tokens.open("r", encoding="ascii") as lines:
        for number, size in enumerate(sizes):
            part = tokens.with_name(f"tokens-{number}")
            part.write_text(
                "".join(line for _, line in zip(range(size), lines, strict=False)), encoding="ascii"
            )
            parts.append(part)
    return parts
