"""What the load generator is told, and what it tells afterwards. It is a process of its own, so these are files."""

from __future__ import annotations

import msgspec

STARTED, ENDED = "measuring", "measured"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One run of load: `connections` clients, each asking again as soon as it was answered (a closed loop).

    `flow` names what a client does (see `flows.py`) and `facts` is what that flow must know.
    """

    host: str
    port: int
    flow: str
    facts: dict[str, object]
    connections: int
    warm_up_s: float
    seconds: float


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `latencies_us` and `operations` are of the measured seconds, `acknowledged` of all of them.

    `errors` counts by reason ("409 inventory.sold_out", "connection lost"); `acknowledged` lists by kind the ids
    that the server said were done, which the books are asked for later.
    """

    seconds: float
    operations: int
    latencies_us: bytes
    errors: dict[str, int]
    acknowledged: dict[str, list[str]]
    cpu_s: float
