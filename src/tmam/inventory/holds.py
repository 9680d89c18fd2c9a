"""A hold as every verb and page sees it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from tmam.platform.statements import Row, Verb, statement


class HoldLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """Some tickets of one type for one date, at the price of the moment they were held.

    `seats` are numbers in the seat plan, one per ticket, empty where places are not numbered. `from_stop` and
    `to_stop` (ordinals of the stop pattern) are there on trips only; `code` is the sales code that was used.
    """

    date: int
    ticket_type: int
    quantity: int
    price_minor: int
    fee_minor: int = 0
    tax_basis_points: int = 0
    seats: tuple[int, ...] = ()
    from_stop: int | None = None
    to_stop: int | None = None
    code: int | None = None

    @property
    def segments(self) -> range:
        """The segments it takes places on: one for a date that is no trip."""
        if self.from_stop is None or self.to_stop is None:
            return range(1)
        return range(self.from_stop, self.to_stop)


class Hold(msgspec.Struct, frozen=True):
    """Places reserved for a visitor until `expires_at`. `state`: held, converted, released or expired."""

    event_id: int
    id: UUID
    visitor_id: UUID
    state: str
    lines: tuple[HoldLine, ...]
    counter_ids: tuple[int, ...]
    counter_quantities: tuple[int, ...]
    held_at: datetime
    expires_at: datetime
    extensions: int = 0
    idempotency_key: str | None = None
    channel: str = "web"

    @property
    def total_minor(self) -> int:
        """What the buyer pays for all of it, in minor units of the event's currency."""
        return sum(line.price_minor * line.quantity for line in self.lines)

    @property
    def quantity(self) -> int:
        """How many tickets are held."""
        return sum(line.quantity for line in self.lines)

    def is_live(self, now: datetime) -> bool:
        """Whether the places are still reserved."""
        return self.state == "held" and self.expires_at > now


_LINES = msgspec.json.Decoder(tuple[HoldLine, ...])


def decode_hold(event_id: int, row: Row) -> Hold:
    """A hold from a row of `read_holds` (and of every statement that returns holds)."""
    (
        id_,
        visitor_id,
        state,
        lines,
        counter_ids,
        counter_quantities,
        held_at,
        expires_at,
        extensions,
        key,
        channel,
    ) = row
    return Hold(
        event_id,
        UUID(int=id_.int),
        UUID(int=visitor_id.int),
        state,
        _LINES.decode(lines),
        tuple(counter_ids),
        tuple(counter_quantities),
        held_at,
        expires_at,
        extensions,
        key,
        channel,
    )


def read_holds(event_id: int, hold_ids: list[UUID]) -> Verb[dict[UUID, Hold]]:
    """The holds of an event by id; unknown ids are absent."""
    rows = yield statement("tmam.inventory", "read_holds"), (event_id, hold_ids)
    holds = [decode_hold(event_id, row) for row in rows]
    return {hold.id: hold for hold in holds}
