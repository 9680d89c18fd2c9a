"""Holds on one hot pool: everybody wants two places of the same date in the same second."""

from __future__ import annotations

from tmam.bench import seed
from tmam.bench.baseline.recording import record
from tmam.bench.baseline.script import Script, make_script
from tmam.bench.measure import Bench
from tmam.bench.results import Result, summarize
from tmam.bench.scenarios.buying import hold_body, holding

NAME = "pool"
TITLE = "holds on one hot pool"
CAPACITY = 100_000_000
QUANTITY = 2


def run(bench: Bench) -> Result:
    """Holds over HTTP and, in turns, the same statements by pgbench on an event of their own."""
    event = seed.make_event("Hot pool", capacity=CAPACITY)
    facts = {"bodies": [hold_body(event.id, QUANTITY)], "secret": bench.secret}
    yardstick, script = baseline(bench)
    series = bench.alternate(NAME, lambda seconds: bench.load("hold", facts, seconds), script)
    others, compared = bench.through_front(
        lambda front: bench.load("hold", facts, bench.options.seconds, to=front)
    )
    return summarize(bench, NAME, TITLE, series, [event.id, yardstick], others=others, compared=compared)


def baseline(bench: Bench) -> tuple[int, Script]:
    """An event for pgbench, and the script of one hold on it."""
    event_id = seed.make_event("Hot pool of pgbench", capacity=CAPACITY).id
    body = hold_body(event_id, QUANTITY)
    first, second = record(bench.servers.settings, holding(bench.secret, body))
    return event_id, make_script(first, second)
