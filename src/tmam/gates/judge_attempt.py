"""From attempts to opinions: which ticket it is and whether the rules would admit it. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tmam.gates.attempts import Attempt, AttemptKey, Outcome
from tmam.gates.errors import AlreadyUsedError, KeyStolenError, NotOnRecordError, TicketReplacedError
from tmam.gates.known_tickets import FoundTickets, find_tickets, find_uses
from tmam.gates.liveness import STILL, Liveness, is_about_moment, judge_liveness
from tmam.gates.read_code import ReadCode, read_code, verify_unknown
from tmam.gates.rules import ADMITTED, KnownTicket, explain, is_about_ticket, refusal_code, withdrawal_code
from tmam.kernel.errors import TmamError
from tmam.kernel.token_errors import TokenForgedError
from tmam.platform.statements import Verb, statement

_FIND_SCANS = statement("tmam.gates", "find_scans")


def judge_attempts(event_id: int, attempts: Sequence[Attempt]) -> Verb[list[Outcome]]:
    """What the rules say of each attempt, as if it were alone; locks the tickets FOR SHARE."""
    codes = [_read(attempt) for attempt in attempts]
    hashes = [code.sha256 for code in codes if code.sha256 is not None]
    serials = [attempt.serial for attempt in attempts if attempt.serial is not None]
    serials += [code.decoded.body.serial for code in codes if code.decoded is not None]
    claimed = any(code.claims_moment for code in codes)
    found = yield from find_tickets(event_id, hashes, serials, with_master=claimed)
    outcomes = []
    for attempt, code in zip(attempts, codes, strict=True):
        ticket, error = yield from _identify(event_id, attempt, code, found)
        live = STILL
        if ticket is not None and error is None:
            live = _liveness(attempt, code, ticket, found, attempt.at)
            use = found.uses.get(ticket.serial)
            reason = refusal_code(ticket, expected_date=attempt.expected_date, use=use, now=attempt.at)
            error = explain(reason, ticket, use) if reason else live.error
            if isinstance(
                live.error, TokenForgedError
            ):  # a stranger with a copied certificate: shown nothing
                ticket, error = None, live.error
        outcomes.append(Outcome(attempt.id, attempt.at, ticket, error, is_live=live.is_live))
    return outcomes


def repeat_answers(event_id: int, attempts: Mapping[AttemptKey, Attempt]) -> Verb[dict[AttemptKey, Outcome]]:
    """The outcomes of those attempts that were answered before: an admission stays an admission."""
    keys = sorted(attempts)
    rows = yield _FIND_SCANS, (event_id, [device for device, _ in keys], [nonce for _, nonce in keys])
    if not rows:
        return {}
    read = {(row[0], row[1]): _read(attempts[row[0], row[1]]) for row in rows}
    serials = [row[5] for row in rows if row[5] is not None]
    claimed = any(code.claims_moment for code in read.values())
    found = yield from find_tickets(event_id, [], serials, with_master=claimed)
    outcomes = {}
    for device_id, nonce, scan_id, _verdict, code, serial, at in rows:
        attempt, ticket = attempts[device_id, nonce], found.by_serial.get(serial)
        live = _liveness(attempt, read[device_id, nonce], ticket, found, at) if ticket is not None else STILL
        error: TmamError | None = None
        if ticket is not None and is_about_ticket(code):
            error = explain(code, ticket, found.uses.get(serial))
        elif ticket is not None and is_about_moment(code):
            error = live.error or NotOnRecordError()
        elif code != ADMITTED:
            # Not about a ticket of this event: the same code read again gives the same answer.
            (again,) = yield from judge_attempts(event_id, [replace(attempt, at=at)])
            error = again.error or NotOnRecordError()
        outcomes[device_id, nonce] = Outcome(scan_id, at, ticket, error, is_repeat=True, is_live=live.is_live)
    return outcomes


def tell_second(event_id: int, tickets: Sequence[KnownTicket]) -> Verb[dict[int, AlreadyUsedError]]:
    """For tickets that somebody else just used: where and when, by serial."""
    uses = yield from find_uses(event_id, tickets)
    return {serial: AlreadyUsedError(gate=use.gate, at=use.at) for serial, use in uses.items()}


def _identify(
    event_id: int, attempt: Attempt, code: ReadCode, found: FoundTickets
) -> Verb[tuple[KnownTicket | None, TmamError | None]]:
    """Which ticket of this event this is; an error if it is none, or no longer the live code of one."""
    if attempt.serial is not None:
        chosen = found.by_serial.get(attempt.serial)
        return chosen, None if chosen else NotOnRecordError()
    if code.decoded is None or code.sha256 is None:
        return None, code.error
    ticket = found.by_sha256.get(code.sha256)
    if ticket is not None:
        # Signing is deterministic: who has the key can make the very code that is on record.
        return (None, KeyStolenError()) if ticket.is_key_stolen else (ticket, None)
    error = yield from verify_unknown(event_id, code.decoded)
    if error is not None:
        return None, error
    replaced = found.by_serial.get(code.decoded.body.serial)
    if replaced is None:
        return None, NotOnRecordError()
    return replaced, _why_replaced(replaced, code.sha256)


def _why_replaced(ticket: KnownTicket, shown_sha256: bytes) -> TmamError | None:
    """Why a genuine code that is not the ticket's present one admits nobody; None where its phone may not know of it yet."""
    if ticket.former_sha256 == shown_sha256:
        return None
    withdrawn = withdrawal_code(ticket)
    return explain(withdrawn, ticket, None) if withdrawn else TicketReplacedError()


def _read(attempt: Attempt) -> ReadCode:
    return read_code(attempt.code) if attempt.serial is None else ReadCode()


def _liveness(
    attempt: Attempt, code: ReadCode, ticket: KnownTicket, found: FoundTickets, at: datetime
) -> Liveness:
    """What the code says of the moment `at`; a ticket that a steward chose from a list says nothing."""
    if attempt.serial is not None:
        return STILL
    return judge_liveness(
        code,
        generation=ticket.generation,
        master=found.live_master,
        at=at,
        is_demanded=ticket.demands_live,
    )
