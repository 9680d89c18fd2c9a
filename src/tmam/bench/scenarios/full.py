"""What selling costs as an event fills: purchases with a million tickets sold already, beside an empty event."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime

from tmam.bench import seed
from tmam.bench.fill import multiply_purchase, settle
from tmam.bench.measure import WARM_UP_S, Bench, Run
from tmam.bench.results import Result, summarize
from tmam.bench.scenarios.buying import hold_body
from tmam.bench.scenarios.purchase import CAPACITY, QUANTITY, purchase_facts
from tmam.bench.sell import sell
from tmam.inventory.draws import Wish

NAME = "full"
TITLE = "whole purchases with 1,000,000 tickets sold already"
ORDERS, PER_ORDER = 100_000, 10


def run(bench: Bench) -> Result:
    """Both events in turns. `ops_per_s` is the full one's; `compared` tells the empty one's."""
    database_url = bench.servers.settings.database_url
    empty = seed.make_event("Nothing sold yet", capacity=CAPACITY)
    full = seed.make_event("A million sold", capacity=CAPACITY)
    sell(full, [Wish(1, 1, PER_ORDER)], datetime.now(UTC))
    bench.say(f"{NAME}: selling a million tickets …")
    sold = multiply_purchase(database_url, full.id, ORDERS - 1)
    settle(database_url)
    bodies = {event.id: [hold_body(event.id, QUANTITY)] for event in (empty, full)}

    def buy(event_id: int, seconds: float) -> Run:
        return bench.load("purchase", purchase_facts(bench, event_id, bodies[event_id]), seconds)

    others = [buy(empty.id, WARM_UP_S)]

    def in_turns(seconds: float) -> Run:
        others.append(buy(empty.id, seconds))
        return buy(full.id, seconds)

    series = bench.alternate(NAME, in_turns, None)
    result = summarize(bench, NAME, TITLE, series, [empty.id, full.id], others=others)
    beside = others[2:]  # without the two short ones before the first turn that counts
    share = statistics.median(
        one.ops_per_s / other.ops_per_s for one, other in zip(series.runs, beside, strict=True)
    )
    rate = statistics.median(run.ops_per_s for run in beside)
    result.compared = {"empty_ops_per_s": round(rate, 1), "share": round(share, 3), "sold": sold}
    result.note = f"{share:.2f} of the empty event's {rate:,.0f}/s (the median over the turns)."
    return result
