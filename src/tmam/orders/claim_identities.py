"""Count a checkout's reservations for who buys and for the card that pays: at every event, or at none.

Orders count for as long as they stand. Nothing cancels or refunds an order yet; when something does, it must give
its counters back with its places.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from tmam.catalog.offers import load_offer
from tmam.inventory.claim_limits import claim_limits
from tmam.inventory.errors import HoldEndedError, InventoryError, LimitReachedError
from tmam.inventory.holds import Hold
from tmam.inventory.release_hold import end_lapsed_holds
from tmam.platform.statements import Verb, run_verb_retrying

ATTEMPTS: Final = 3


def claim_identities(
    holds: Collection[Hold], identities: Mapping[str, str], now: datetime, *, before: Mapping[str, str]
) -> None:
    """Count holds for `identities` (by kind of limit, empty: nobody) and no longer for others of those kinds.

    One transaction per event. Refused at one event, all of them count for `before` again, so nothing has changed.
    Safe to repeat.

    Raises:
        LimitReachedError: more than somebody may have. HoldNotFoundError, HoldExpiredError, HoldEndedError.
    """
    in_order = sorted(holds, key=lambda hold: (hold.event_id, hold.id))
    try:
        for hold in in_order:
            _claim_past_lapsed(hold, identities, now)
    except InventoryError:
        restore_identities(in_order, before, now)
        raise


def restore_identities(holds: Collection[Hold], before: Mapping[str, str], now: datetime) -> None:
    """Count holds for who they counted for before; for nobody where others used that up in the meantime."""
    for hold in holds:
        with contextlib.suppress(InventoryError):  # a hold that has ended counts for nobody
            try:
                _claim(hold, before, now)
            except LimitReachedError:
                _claim(hold, dict.fromkeys(before, ""), now)


def _claim_past_lapsed(hold: Hold, identities: Mapping[str, str], now: datetime) -> None:
    """Claim; if a limit refuses, once more without the holds that have lapsed and still count for it."""
    try:
        _claim(hold, identities, now)
    except LimitReachedError:
        if not run_verb_retrying(lambda: end_lapsed_holds(hold.event_id, now)):
            raise
        _claim(hold, identities, now)


def _claim(hold: Hold, identities: Mapping[str, str], now: datetime) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            run_verb_retrying(lambda: _load_and_claim(hold, identities, now))
        except HoldEndedError as error:
            if error.state != "held" or attempt == ATTEMPTS:
                raise  # else: a second click counted it this very moment
        else:
            return


def _load_and_claim(hold: Hold, identities: Mapping[str, str], now: datetime) -> Verb[None]:
    offer = yield from load_offer(hold.event_id, {line.date for line in hold.lines})
    if offer is not None:
        yield from claim_limits(offer, hold.id, hold.visitor_id, identities, now)
