"""Keeps "My tickets" up to the event log: new orders, and those that follow a person from a lost mailbox to a new one.

One consumer for both, because their order matters: what was bought before the recovery follows, what somebody buys
with the old address afterwards does not. A crash loses nothing: the log is read again.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from tmam.accounts.happenings import Happening
from tmam.accounts.models import RecoveryKind, RecoveryRequest, RecoveryState
from tmam.orders.move_orders import move_orders
from tmam.orders.person_orders import remember_orders
from tmam.platform.event_log import Entry, consumer


@consumer("person_orders")
def keep_person_orders(entries: Sequence[Entry]) -> None:
    """Consume `order.confirmed` and `account.recovered`, in their order."""
    for is_recovery, some in itertools.groupby(entries, lambda entry: entry.name == Happening.RECOVERED):
        if is_recovery:
            for entry in some:
                _follow(entry)
        else:
            remember_orders(list(some))


def _follow(entry: Entry) -> None:
    # The log names no addresses: the request knows them, unless the account was erased meanwhile.
    mailboxes = RecoveryRequest.objects.filter(kind=RecoveryKind.EMAIL, state=RecoveryState.COMPLETED)
    found = mailboxes.filter(pk=entry.data["request_id"]).first()
    if found is not None:
        move_orders(from_address=found.old_email, to_address=found.new_email)
