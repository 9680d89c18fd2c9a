"""Redeeming tickets at a gate: many scans of one event in one transaction, each with its own answer.

At most once is kept by the primary key of `gates_redemption`, whoever scans and however often: the second
insert does nothing. A repeated request (same device, same nonce) gets the answer that was given first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from tmam.gates.attempts import Attempt, AttemptKey, Outcome
from tmam.gates.judge_attempt import judge_attempts, repeat_answers, tell_second
from tmam.gates.rules import ADMITTED
from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import Verb, statement

_REDEEM = statement("tmam.gates", "redeem")
_GIVE_BACK = statement("tmam.gates", "give_back")
_LOG_SCANS = statement("tmam.gates", "log_scans")


def redeem_tickets(event_id: int, attempts: Sequence[Attempt]) -> Verb[list[Outcome]]:
    """Answer attempts of one event, in their order: the first valid one of each ticket is admitted.

    Locks the tickets FOR SHARE. Writes the redemptions, one scan each, and `ticket.redeemed` facts.
    """
    by_key: dict[AttemptKey, Attempt] = {}
    for attempt in attempts:
        by_key.setdefault(attempt.key, attempt)
    outcomes = yield from repeat_answers(event_id, by_key)
    fresh = {key: attempt for key, attempt in by_key.items() if key not in outcomes}
    if fresh:
        judged = yield from judge_attempts(event_id, list(fresh.values()))
        decided = yield from _redeem(event_id, dict(zip(fresh, judged, strict=True)), fresh)
        late = yield from _log(event_id, decided, fresh)
        outcomes |= decided
        if late:
            # The same request came twice at the same moment, and the other one was first: answer as it did.
            outcomes |= yield from repeat_answers(event_id, {key: fresh[key] for key in late})
        yield from log_facts(
            event_id, [_fact(outcomes[key], fresh[key]) for key in fresh if _is_new(outcomes[key])]
        )
    return [outcomes[attempt.key] for attempt in attempts]


def _redeem(
    event_id: int, judged: Mapping[AttemptKey, Outcome], attempts: Mapping[AttemptKey, Attempt]
) -> Verb[dict[AttemptKey, Outcome]]:
    """Use the rights of those judged good, and turn the answer of whoever came second into "already used"."""
    first: dict[int, tuple[Outcome, int]] = {}
    for key, outcome in judged.items():
        if outcome.error is None and outcome.ticket is not None:
            first.setdefault(outcome.ticket.serial, (outcome, attempts[key].gate_number))
    won: set[UUID] = set()
    if first:
        rights = [
            (serial, outcome.ticket.date_ordinal, outcome.scan_id, gate_number, outcome.at)
            for serial, (outcome, gate_number) in sorted(first.items())
            if outcome.ticket is not None
        ]
        rows = yield _REDEEM, (event_id, *(list(column) for column in zip(*rights, strict=True)))
        won = {row[0] for row in rows}
    lost = [
        outcome.ticket
        for outcome in judged.values()
        if outcome.error is None and outcome.ticket is not None and outcome.scan_id not in won
    ]
    used = yield from tell_second(event_id, lost)
    return {
        key: outcome
        if outcome.error is not None or outcome.ticket is None or outcome.scan_id in won
        else replace(outcome, error=used[outcome.ticket.serial])
        for key, outcome in judged.items()
    }


def _log(
    event_id: int, decided: Mapping[AttemptKey, Outcome], attempts: Mapping[AttemptKey, Attempt]
) -> Verb[list[AttemptKey]]:
    """Write the scans down. Returns the attempts that another transaction answered first, their rights given back."""
    scans = []
    for key in sorted(decided):
        outcome, attempt = decided[key], attempts[key]
        ticket = outcome.ticket
        date, serial = (ticket.date_ordinal, ticket.serial) if ticket else (None, None)
        code = outcome.error.code if outcome.error else ADMITTED
        scans.append(
            (
                outcome.scan_id,
                *key,
                attempt.gate_number,
                date,
                serial,
                outcome.verdict.value,
                code,
                outcome.at,
            )
        )
    rows = yield _LOG_SCANS, (event_id, *(list(column) for column in zip(*scans, strict=True)))
    logged = {row[0] for row in rows}
    late = [key for key, outcome in decided.items() if outcome.scan_id not in logged]
    if late:
        gone = [decided[key] for key in late]
        serials = [outcome.ticket.serial for outcome in gone if outcome.ticket is not None]
        yield _GIVE_BACK, (event_id, serials, [outcome.scan_id for outcome in gone])
    return late


def _is_new(outcome: Outcome) -> bool:
    return outcome.error is None and not outcome.is_repeat


def _fact(outcome: Outcome, attempt: Attempt) -> Fact:
    if outcome.ticket is None:
        raise ValueError("only a ticket is admitted")
    return Fact(
        name="ticket.redeemed",
        at=outcome.at,
        actor=f"device:{attempt.device_id}",
        data={
            "serial": outcome.ticket.serial,
            "date_ordinal": outcome.ticket.date_ordinal,
            "gate_number": attempt.gate_number,
            "scan_id": str(outcome.scan_id),
            "at": outcome.at.isoformat(),
            "from_list": attempt.serial is not None,
        },
        request_id=attempt.request_id,
    )
