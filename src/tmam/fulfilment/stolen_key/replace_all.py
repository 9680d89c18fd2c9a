"""Replacing every ticket of a stolen key, in batches, with progress; interrupted at any point, it goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tmam.platform.statements import run_verb_retrying
from tmam.tickets.stolen_keys import (
    TICKETS_AT_ONCE,
    Waiting,
    declare_stolen,
    replace_batch,
    waiting,
)

# The hot shell signs with a key it keeps for five seconds; a sale that began before the mark ends well within this.
LAST_SIGNATURE_AFTER: Final = timedelta(seconds=15)


@dataclass(frozen=True)
class Replaced:
    """What a run did: tickets it gave new codes, and what is left with a code by the stolen key."""

    tickets: int
    left: Waiting


def replace_all(
    event_id: int,
    key_id: int,
    *,
    actor: str,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    on_progress: Callable[[int], None] = lambda _done: None,
    at_once: int = TICKETS_AT_ONCE,
) -> Replaced:
    """Declare a key stolen and replace every ticket it signed; run again, it does what is left.

    Sales that were under way may still sign with the stolen key for some seconds: it waits until they are over and
    looks again, so that no ticket is left behind. `sleep` waits so many seconds; `on_progress` hears the tickets so far.

    Raises:
        NoSigningKeyError, SigningKeysExhaustedError, KeyKeeperAwayError: see `declare_stolen`.
    """
    stolen_at = run_verb_retrying(lambda: declare_stolen(event_id, key_id, actor=actor, now=clock()))
    done = 0
    is_last_look = False
    while True:
        replaced = run_verb_retrying(
            lambda: replace_batch(event_id, key_id, actor=actor, now=clock(), limit=at_once)
        )
        done += len(replaced)
        if replaced:
            on_progress(done)
            continue
        rest = (stolen_at + LAST_SIGNATURE_AFTER - clock()).total_seconds()
        if is_last_look or rest <= 0:
            return Replaced(done, run_verb_retrying(lambda: waiting(event_id, key_id)))
        sleep(rest)
        is_last_look = True
