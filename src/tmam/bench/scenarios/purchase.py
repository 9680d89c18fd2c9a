"""Whole purchases: hold, order, pay at the sandbox, tickets with signed tokens; two requests each."""

from __future__ import annotations

from tmam.bench import seed
from tmam.bench.baseline.recording import record
from tmam.bench.baseline.script import Script, make_script
from tmam.bench.measure import Bench
from tmam.bench.results import Result, summarize
from tmam.bench.scenarios.buying import buying, hold_body

NAME = "purchase"
TITLE = "whole purchases on one hot pool"
CAPACITY = 100_000_000
QUANTITY = 2


def run(bench: Bench) -> Result:
    """Purchases over HTTP and, in turns, the same statements in one transaction of pgbench."""
    event = seed.make_event("Everybody buys", capacity=CAPACITY)
    yardstick, script = baseline(bench)
    facts = purchase_facts(bench, event.id, [hold_body(event.id, QUANTITY)])
    series = bench.alternate(NAME, lambda seconds: bench.load("purchase", facts, seconds), script)
    others, compared = bench.through_front(
        lambda front: bench.load("purchase", facts, bench.options.seconds, to=front)
    )
    return summarize(bench, NAME, TITLE, series, [event.id, yardstick], others=others, compared=compared)


def purchase_facts(bench: Bench, event_id: int, bodies: list[str]) -> dict[str, object]:
    """What the load generator must know to buy."""
    return {"bodies": bodies, "secret": bench.secret, "event": event_id}


def baseline(bench: Bench) -> tuple[int, Script]:
    """An event for pgbench, and the script of one purchase of it: all its statements in one transaction."""
    event_id = seed.make_event("Everybody buys, by pgbench", capacity=CAPACITY).id
    body = hold_body(event_id, QUANTITY)
    first, second = record(bench.servers.settings, buying(bench.secret, event_id, body))
    return event_id, make_script(first, second)
