"""The invariants of the design, each asked as SQL of its own that shares nothing with the code it watches.

A query in `sql/` returns one row per violation: an event and a text that names it. No rows: the invariant holds.
`$1` is the present moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import psycopg

from tmam.cli.doctor.findings import Check, Finding, Patient, fine, wrong

SHOWN = 3


@dataclass(frozen=True)
class Invariant:
    """`name` is also the SQL file's name; `holds` and `broken` are sentences, `advice` what to do when broken."""

    name: str
    holds: str
    broken: str
    advice: str

    def ask(self, patient: Patient) -> Finding:
        """Run the query."""
        text = (
            resources.files("tmam.cli.doctor").joinpath("sql", f"{self.name}.sql").read_text(encoding="utf-8")
        )
        with psycopg.RawCursor(patient.connection) as cursor:
            cursor.execute(text.encode(), [patient.now] if "$1" in text else None)
            rows = cursor.fetchall()
        if not rows:
            return fine(self.name, self.holds)
        examples = "; ".join(f"event {event_id}: {what}" for event_id, what in rows[:SHOWN])
        return wrong(self.name, f"{self.broken} {len(rows)} found: {examples}.", self.advice)


_STOP_SELLING = "Stop selling these events, keep the log files, and compare with the event log before you change anything."

INVARIANTS = (
    Invariant(
        "guards_in_place",
        "Every database constraint that guards an invariant is in place.",
        "A constraint that guards an invariant is missing or not validated.",
        "Run `tmam migrate`; if it stays, restore the constraint from the migration files before selling on.",
    ),
    Invariant(
        "held_places",
        "Every counter's held places are those of its live holds.",
        "A counter says another number of held places than its live holds.",
        _STOP_SELLING,
    ),
    Invariant(
        "sold_places",
        "Every pool's sold places are its valid tickets.",
        "A pool says another number of sold places than there are valid tickets.",
        _STOP_SELLING,
    ),
    Invariant(
        "claims_of_holds",
        "Every claimed seat belongs to a live hold or an order, and every held or sold seat is claimed.",
        "Seats and holds disagree.",
        _STOP_SELLING,
    ),
    Invariant(
        "seat_maps",
        "Every seat map marks exactly the claimed seats.",
        "A seat map and the claims disagree.",
        "Delete the map's rows (inventory_seat_map) of that date: they are made again from the claims at the next hold.",
    ),
    Invariant(
        "limits_counted",
        "Every limit, contingent and code counts exactly the tickets that were sold under it.",
        "A limit says another number of sold tickets than its orders.",
        _STOP_SELLING,
    ),
    Invariant(
        "seats_once",
        "No seat is on two valid tickets of one date or stretch.",
        "A seat was given out twice.",
        "Move one of the buyers to another seat now, and keep the log files: this must never happen.",
    ),
    Invariant(
        "expired_holds",
        "No hold lies around long after its time.",
        "Holds ran out and their places were not given back.",
        "See that the worker runs (`tmam worker`); its log says why the sweep fails.",
    ),
    Invariant(
        "paid_means_tickets",
        "Every payment became orders or its refund was instructed within two minutes.",
        "Money was taken for which there are neither tickets nor a refund.",
        "See that the worker runs; its log names these payments. Tell the buyers if it takes longer.",
    ),
    Invariant(
        "refunds_done",
        "Every refund was carried out within ten minutes.",
        "Money that must go back has not gone.",
        "See that the worker runs; its log says whether the gateway refuses (then give it back by hand) or is silent.",
    ),
    Invariant(
        "orders_have_tickets",
        "Every confirmed order has the tickets it sold.",
        "A confirmed order has another number of tickets than it sold.",
        _STOP_SELLING,
    ),
    Invariant(
        "books_balance",
        "Ledger, allocations and orders agree on every amount.",
        "The books disagree with an order.",
        "Do not pay out these organizers until the entries are explained; the event log says what happened.",
    ),
    Invariant(
        "serials_dense",
        "Every event's ticket serials run from 1 without a gap.",
        "Serials of an event have a gap or a surplus.",
        "Compare with the event log: a ticket row was deleted or made outside the program.",
    ),
    Invariant(
        "one_live_generation",
        "Every ticket has exactly one live generation, and no two tickets share a code.",
        "A ticket lives in two generations or shares its code.",
        "Revoke both and issue new ones; keep the log files.",
    ),
    Invariant(
        "redeemed_once",
        "Every redemption is one scan that admitted, and every admission is one redemption.",
        "Redemptions and scans disagree.",
        "Compare the gate's scans of these tickets; keep the log files.",
    ),
    Invariant(
        "log_gap_free",
        "The event log's positions run from 1 to its head without a gap.",
        "The event log has a gap, or its head is elsewhere.",
        "Consumers may have missed news: keep the log files and rebuild the summaries.",
    ),
    Invariant(
        "orders_are_logged",
        "Every confirmed order is in the event log.",
        "An order is missing from the event log.",
        "Its mail and summaries were never made: send the tickets again from support.",
    ),
)


def invariant_checks() -> list[Check]:
    """One check per invariant."""
    return [Check(invariant.name, invariant.ask) for invariant in INVARIANTS]
