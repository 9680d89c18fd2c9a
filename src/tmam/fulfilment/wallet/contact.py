"""A phone with tickets is heard of: what changed for it, what it must forget, what it has to report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from tmam.accounts.devices import TRUSTED_FOR
from tmam.accounts.models import Device
from tmam.fulfilment.wallet.free_tickets import free_tickets
from tmam.fulfilment.wallet.held import ever_held
from tmam.fulfilment.wallet.records import wallet_records
from tmam.orders.order_summary import load_orders, summarize_orders
from tmam.platform.errors import BadRequestError
from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import Verb, run_verb, statement
from tmam.tickets.former_codes import forget_former
from tmam.tickets.mark_tickets import WALLET_TAMPERED, mark_tickets
from tmam.tickets.models import Ticket

MOST_TICKETS: Final = 200
# Each event is a transaction and a few reads; wallets with more say it in several messages.
MOST_EVENTS: Final = 50
_WALLET_TICKETS = statement("tmam.fulfilment", "wallet_tickets")
_NOTE_CONTACT = statement("tmam.fulfilment", "note_wallet_contact")


class Held(msgspec.Struct, frozen=True):
    """A ticket as the phone has it. `version` is empty for one that it cannot read any more.

    `shown` counts how often it was shown without a connection since the last contact; `tampered` says that the
    phone found its copy changed.
    """

    event: int
    serial: int
    version: str = ""
    shown: int = 0
    tampered: bool = False


@dataclass(frozen=True)
class News:
    """The answer: `changed` are whole new records, `gone` is why a ticket must be wiped (event, serial → reason).

    Reasons: `freed` (taken out of the phone, or never in it: a stranger's key learns nothing of any ticket), `moved`
    (another phone has it), `ended` (cancelled, paid back or withdrawn), `signed_out` (the browser was signed out of the
    account from elsewhere).
    """

    changed: Sequence[Mapping[str, Any]]
    gone: Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class _Kept:
    """What is on record of a ticket in this phone."""

    bound_at: datetime
    browser_id: int | None
    tampered_at: datetime | None


def check_held(held: Sequence[Held]) -> None:
    """Refuse a report that is too long or speaks of what no ticket can be.

    Raises:
        BadRequestError: more than `MOST_TICKETS`, of more than `MOST_EVENTS`, or numbers that no ticket has.
    """
    if (
        len(held) > MOST_TICKETS
        or len({each.event for each in held}) > MOST_EVENTS
        or any(
            not (0 < each.event < 2**31 and 0 < each.serial < 2**32 and 0 <= each.shown < 10**6)
            for each in held
        )
    ):
        raise BadRequestError(where="have")


def hear_of_phone(device_key: bytes, held: Sequence[Held], *, now: datetime) -> News:
    """Take a phone's report and tell it what is new. Doing it twice is the same, but for the counts of `shown`.

    One look-up says what this key ever had; no event is asked about anything else.

    Raises:
        BadRequestError: see `check_held`.
    """
    check_held(held)
    numbers = {(each.event, each.serial) for each in held}
    known = ever_held(device_key, numbers)
    by_event: dict[int, dict[int, Held]] = defaultdict(dict)
    for each in held:
        if (each.event, each.serial) in known:
            by_event[each.event][each.serial] = each
    changed: list[Mapping[str, Any]] = []
    gone = dict.fromkeys(sorted(numbers - known), "freed")
    for event_id, by_serial in sorted(by_event.items()):
        kept = run_verb(_note(event_id, by_serial, device_key, now))
        found, lost = _sorted_out(event_id, by_serial, kept, device_key, now)
        gone |= {(event_id, serial): reason for serial, reason in lost.items()}
        changed += _records(found, by_serial)
    return News(changed, gone)


def _note(
    event_id: int, held: Mapping[int, Held], device_key: bytes, now: datetime
) -> Verb[dict[int, _Kept]]:
    """Write down that the phone was heard of. A changed copy becomes a mark on the ticket and a fact, once."""
    serials = sorted(held)
    rows = yield _WALLET_TICKETS, (event_id, serials, device_key)
    kept = {row[0]: _Kept(row[1], row[2], row[3]) for row in rows}
    known = sorted(kept)
    if known:
        shown = [held[serial].shown for serial in known]
        tampered = [held[serial].tampered for serial in known]
        yield _NOTE_CONTACT, (event_id, known, device_key, shown, tampered, now)
    reported = [serial for serial in known if held[serial].tampered and kept[serial].tampered_at is None]
    if reported:
        yield from mark_tickets(event_id, reported, device_key, WALLET_TAMPERED)
        facts = [Fact("wallet.tampered", now, "wallet", {"serial": serial}) for serial in reported]
        yield from log_facts(event_id, facts)
    return kept


def _sorted_out(
    event_id: int, held: Mapping[int, Held], kept: Mapping[int, _Kept], device_key: bytes, now: datetime
) -> tuple[list[Ticket], dict[int, str]]:
    """The tickets that are this phone's still, and why the others are not, by serial."""
    tickets = {
        ticket.serial: ticket for ticket in Ticket.objects.filter(event_id=event_id, serial__in=list(held))
    }
    signed_out = _signed_out(kept, now)
    gone: dict[int, str] = {}
    leaving, arrived = [], []
    for serial in held:
        ticket = tickets.get(serial)
        if ticket is None or bytes(ticket.device_key or b"") != device_key:
            gone[serial] = "freed" if ticket is None or ticket.device_key is None else "moved"
        elif ticket.state != "valid":
            gone[serial] = "ended"
        elif serial in signed_out:
            gone[serial] = "signed_out"
            leaving.append(ticket)
        elif ticket.former_sha256 is not None and held[serial].version:
            arrived.append(serial)
    free_tickets(event_id, leaving, actor="system", now=now)
    if arrived:  # a new key that the phone has for certain
        run_verb(forget_former(event_id, arrived, device_key))
    return [ticket for serial, ticket in tickets.items() if serial not in gone], gone


def _signed_out(kept: Mapping[int, _Kept], now: datetime) -> set[int]:
    """The tickets whose browser the account has sent away since they were put into it.

    A browser's row goes when it was sent away, or when nobody saw it for `TRUSTED_FOR`: one that was put in later
    than that can only have been sent away.
    """
    ids = {each.browser_id for each in kept.values() if each.browser_id is not None}
    known = set(Device.objects.filter(id__in=ids, forgotten_at=None).values_list("id", flat=True))
    return {
        serial
        for serial, each in kept.items()
        if each.browser_id is not None and each.browser_id not in known and now - each.bound_at < TRUSTED_FOR
    }


def _records(tickets: Sequence[Ticket], held: Mapping[int, Held]) -> list[Mapping[str, Any]]:
    """The records of those tickets of which the phone has another version, or none that it can read."""
    serials = {ticket.serial for ticket in tickets}
    records: list[Mapping[str, Any]] = []
    keys = sorted({(ticket.event_id, ticket.order_id) for ticket in tickets})
    for order in summarize_orders(load_orders(keys)):
        lines = [line for line in order.valid_lines if line.ticket.serial in serials]
        records += wallet_records(order, [line for line in lines if line.ticket.device_key is not None])
    return [record for record in records if record["version"] != held[record["serial"]].version]
