"""A phone changes its key: because its lock covers the new one, as it cannot cover one that it made before it was chosen.

The old key asks and the new one agrees. Each event is one transaction; a phone that is interrupted between two of them,
or whose answer is lost, has usable tickets all the time: those bound to the new key admit by their old code as well,
until the phone was heard of by its new key (`tickets.former_codes`). Asking again gives the same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import msgspec

from tmam.fulfilment.errors import WalletRaceError
from tmam.fulfilment.wallet.contact import Held, News, check_held, hear_of_phone
from tmam.fulfilment.wallet.held import note_renewed
from tmam.platform.statements import Verb, run_verb_retrying, statement
from tmam.tickets.errors import TicketChangedError
from tmam.tickets.models import Ticket
from tmam.tickets.replace_tickets import Replacement, replace_tickets
from tmam.tickets.signing_keys import load_signing_key

_RENEW = statement("tmam.fulfilment", "renew_wallet_tickets")


def renew_key(old_key: bytes, new_key: bytes, held: Sequence[Held], *, now: datetime) -> News:
    """Bind the tickets that are in a phone to its new key; tells everything about them as to a phone that has none.

    Raises:
        BadRequestError: see `check_held`.
        WalletRaceError: one of them changed at this very moment; what was bound is bound, and asking again goes on.
    """
    check_held(held)
    known = note_renewed(old_key, new_key, {(each.event, each.serial) for each in held})
    by_event: dict[int, list[int]] = defaultdict(list)
    for event_id, serial in sorted(known):
        by_event[event_id].append(serial)
    for event_id, serials in by_event.items():
        tickets = Ticket.objects.filter(
            event_id=event_id, serial__in=serials, state="valid", device_key=old_key
        )
        wanted = [Replacement(ticket.serial, ticket.generation, new_key) for ticket in tickets]
        try:
            run_verb_retrying(lambda e=event_id, w=wanted: _renew(e, w, old_key, new_key, now))  # type: ignore[misc]
        except TicketChangedError:
            raise WalletRaceError from None
    # Without a version each comes whole, and none of them counts as known to the phone yet.
    return hear_of_phone(new_key, [msgspec.structs.replace(each, version="") for each in held], now=now)


def _renew(
    event_id: int, wanted: Sequence[Replacement], old_key: bytes, new_key: bytes, now: datetime
) -> Verb[None]:
    if wanted:
        key = yield from load_signing_key(event_id)
        yield from replace_tickets(
            event_id, wanted, key, reason="renewed", actor="wallet", now=now, keeps_former=True
        )
        yield _RENEW, (event_id, [each.serial for each in wanted], old_key, new_key)
