"""The requests of buyers, as JSON texts for the load generator and as conversations to record."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tmam.bench.baseline.recording import Ask, Conversation
from tmam.kernel.ids import new_uuid7
from tmam.platform.visitors import COOKIE, sign_visitor


def hold_body(event_id: int, quantity: int, *, date: int = 1, stops: tuple[int, int] | None = None) -> str:
    """The JSON of a hold of so many places of ticket type 1; `stops` are from and to of a trip."""
    line = {"date": date, "ticket_type": 1, "quantity": quantity}
    if stops is not None:
        line |= {"from_stop": stops[0], "to_stop": stops[1]}
    return json.dumps({"event": event_id, "lines": [line]}, separators=(",", ":"))


def order_body(event_id: int, hold_id: str, total_minor: int) -> str:
    """The JSON of an order that the sandbox gateway approves."""
    body = {
        "event": event_id,
        "hold": hold_id,
        "email": "buyer@buyers.example",
        "name": "Buyer",
        "language": "en",
        "total_minor": total_minor,
        "accepts_terms": True,
        "payment": {"gateway": "sandbox", "method": "approve"},
    }
    return json.dumps(body, separators=(",", ":"))


def holding(secret: str, body: str) -> Conversation:
    """A new visitor holds places."""

    async def conversation(ask: Ask) -> None:
        await ask("POST", "/hot/holds", body.encode(), _headers(secret))

    return conversation


def buying(secret: str, event_id: int, body: str) -> Conversation:
    """A new visitor holds places and buys them."""

    async def conversation(ask: Ask) -> None:
        headers = _headers(secret)
        _, answer = await ask("POST", "/hot/holds", body.encode(), headers)
        held = json.loads(answer)
        order = order_body(event_id, held["hold"], held["total_minor"])
        await ask("POST", "/hot/orders", order.encode(), headers)

    return conversation


def _headers(secret: str) -> dict[str, str]:
    visitor = sign_visitor(new_uuid7(datetime.now(UTC)), secret)
    return {"Content-Type": "application/json", "Host": "localhost", "Cookie": f"{COOKIE}={visitor}"}
