"""The drill: a theft played through on the real event, checked at the gate's own judgement, and taken back.

Everything happens in one transaction that is rolled back, on some hundreds of tickets at most: nobody gets a mail, no
code changes. While it lasts (a second or so) a gate that reads one of those tickets waits.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from tmam.fulfilment.stolen_key.affected import affected_orders
from tmam.gates.attempts import Attempt, Outcome
from tmam.gates.errors import KeyStolenError, NotOnRecordError, TicketReplacedError
from tmam.gates.judge_attempt import judge_attempts
from tmam.kernel.ids import new_uuid7
from tmam.kernel.live_digits import live_digits, live_secret, live_step
from tmam.kernel.token import encode_token
from tmam.kernel.token_errors import TokenForgedError
from tmam.platform.statements import run_verb
from tmam.tickets.live_masters import live_master
from tmam.tickets.queries import ticket
from tmam.tickets.rows import TicketRow
from tmam.tickets.signing_keys import LoadedKey, load_signing_key
from tmam.tickets.stolen_keys import declare_stolen, replace_batch, waiting
from tmam.tickets.token_of import body_of, token_of

TICKETS_TRIED: Final = 200
SEED_BYTES: Final = 32
# Refusals that say the code itself is bad. Everything else (too early, used before) is about the ticket.
BAD_CODE: Final = (KeyStolenError, TicketReplacedError, NotOnRecordError, TokenForgedError)


@dataclass(frozen=True)
class DrillReport:
    """What the drill saw. `tickets` and `orders` would be affected; `tried` got new codes in `seconds`.

    Five times "all": old codes refused, the thief's next generations refused, new codes good; live digits by the old
    secret refused (beside a code that is good), those by the new one live. `in_phones` were replaced too, but only their
    phones can show a code, so none was tried. `surprises` counts by error code what the gate said where it had to say
    something else ("admitted": nothing against the code).
    """

    key_id: int
    tickets: int
    tried: int
    orders_tried: int
    seconds: float
    old_refused: int
    forged_refused: int
    new_good: int
    old_digits_refused: int
    new_digits_live: int
    in_phones: int = 0
    surprises: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether everything went as it must."""
        counted = (
            self.old_refused,
            self.forged_refused,
            self.new_good,
            self.old_digits_refused,
            self.new_digits_live,
        )
        return all(number == self.tried for number in counted)

    @property
    def whole_s(self) -> float:
        """How long all tickets would take, about."""
        return self.seconds / self.tried * self.tickets if self.tried else 0.0


def drill(event_id: int, key_id: int | None, *, now: datetime) -> DrillReport:
    """Play a theft of a key (None: the one that signs now) through and take everything back.

    Raises:
        NoSigningKeyError: the event has no such key.
        SigningKeysExhaustedError: there is no room for the new key a theft would need.
    """
    with transaction.atomic():
        thief = run_verb(load_signing_key(event_id, key_id))
        report = _play(event_id, thief, now)
        transaction.set_rollback(True)
    return report


def _play(event_id: int, thief: LoadedKey, now: datetime) -> DrillReport:
    count = run_verb(waiting(event_id, thief.key_id)).replaceable
    old_master = run_verb(live_master(event_id, now))
    # The new key is thrown away with the rest: it goes to no hardware module, which could not take it back.
    spare = secrets.token_bytes(SEED_BYTES)
    run_verb(declare_stolen(event_id, thief.key_id, actor="drill", now=now, private_key=spare))
    begun = time.perf_counter()
    replaced = run_verb(replace_batch(event_id, thief.key_id, actor="drill", now=now, limit=TICKETS_TRIED))
    seconds = time.perf_counter() - begun
    fresh = run_verb(load_signing_key(event_id))
    # Of a ticket that is bound to a phone only the phone can show a code.
    loose = [row for row in replaced if row.device_key is None]
    rows = [run_verb(ticket(event_id, row.serial)) for row in loose]
    old = [encode_token(body_of(row, thief.key_id, row.generation - 1), thief.private_key) for row in rows]
    forged = [encode_token(body_of(row, thief.key_id), thief.private_key) for row in rows]
    good = [token_of(row, fresh) for row in rows]
    new_master = run_verb(live_master(event_id, now))
    refused_old, refused_forged = _judged(event_id, old, now), _judged(event_id, forged, now)
    fresh_ones = _judged(event_id, good, now)
    surprises = Counter(
        each.error.code if each.error else "admitted"
        for each in (*refused_old, *refused_forged)
        if not isinstance(each.error, KeyStolenError)
    )
    surprises.update(each.error.code for each in fresh_ones if isinstance(each.error, BAD_CODE))
    return DrillReport(
        key_id=thief.key_id,
        tickets=count,
        tried=len(rows),
        orders_tried=sum(1 for _ in affected_orders(event_id, thief.key_id)),
        seconds=seconds,
        old_refused=sum(isinstance(each.error, KeyStolenError) for each in refused_old),
        forged_refused=sum(isinstance(each.error, KeyStolenError) for each in refused_forged),
        new_good=sum(not isinstance(each.error, BAD_CODE) for each in fresh_ones),
        old_digits_refused=len(rows) - _count_live(rows, good, old_master, now),
        new_digits_live=_count_live(rows, good, new_master, now),
        in_phones=len(replaced) - len(rows),
        surprises=surprises,
    )


def _count_live(rows: Sequence[TicketRow], tokens: Sequence[str], master: bytes, now: datetime) -> int:
    """How many of one event's codes are live with the digits that a pass would show at this moment."""
    shown = [
        token + live_digits(live_secret(master, row.event_id, row.serial, row.generation), live_step(now))
        for row, token in zip(rows, tokens, strict=True)
    ]
    return sum(each.is_live for each in _judged(rows[0].event_id, shown, now)) if rows else 0


def _judged(event_id: int, codes: Sequence[str], now: datetime) -> list[Outcome]:
    attempts = [
        Attempt(new_uuid7(now), UUID(int=0), new_uuid7(now), gate_number=1, at=now, code=code)
        for code in codes
    ]
    return run_verb(judge_attempts(event_id, attempts))
