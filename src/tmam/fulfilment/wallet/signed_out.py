"""A browser is sent away by its account: the tickets in its wallet come out of it at once, not at its next contact.

`account.browsers_forgotten` `{user_id, device_ids}` is logged whichever way it happens: from the list of devices, by
"sign out everywhere else", by "this was not me", a new password, a recovery. An account that its owner locks takes back
more than what is in its browsers: see `not_me`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils import timezone

from tmam.accounts.devices import BROWSERS_FORGOTTEN
from tmam.fulfilment.apple.jobs import ComeBackLater
from tmam.fulfilment.errors import WalletRaceError
from tmam.fulfilment.models import WalletHeld
from tmam.fulfilment.wallet.free_tickets import free_from
from tmam.fulfilment.wallet.not_me import owe_frozen_accounts
from tmam.platform.event_log import Entry, consumer
from tmam.platform.jobs import app

TICKETS_AT_A_TIME: Final = 200
_TRIES = 3


@consumer("wallet")
def free_forgotten_browsers(entries: Sequence[Entry]) -> None:
    """Consume the log: owe one job for each event whose tickets these browsers had. Owing it twice does no harm."""
    owe_frozen_accounts(entries)
    ids = {
        int(device_id)
        for entry in entries
        if entry.name == BROWSERS_FORGOTTEN
        for device_id in entry.data["device_ids"]
    }
    if not ids:
        return
    events = WalletHeld.objects.filter(browser_id__in=ids).values_list("event_id", flat=True)
    for event_id in sorted(set(events)):
        free_browsers_job.defer(event_id=event_id, device_ids=sorted(ids))


@app.task(queue="wallets", name="fulfilment.free_browsers", retry=ComeBackLater())
def free_browsers_job(event_id: int, device_ids: Sequence[int]) -> None:
    """Free what these browsers' phones still have of an event, `TICKETS_AT_A_TIME`. Others have moved on already.

    Raises:
        WalletRaceError: tickets went on changing; the job comes back.
    """
    rows = WalletHeld.objects.filter(event_id=event_id, browser_id__in=list(device_ids)).order_by("serial")
    phones = [(serial, bytes(key)) for serial, key in rows.values_list("serial", "device_key")]
    for start in range(0, len(phones), TICKETS_AT_A_TIME):
        _free(event_id, phones[start : start + TICKETS_AT_A_TIME])


def _free(event_id: int, phones: Sequence[tuple[int, bytes]]) -> None:
    for device_key in sorted({key for _, key in phones}):
        theirs = {(event_id, serial): [key] for serial, key in phones if key == device_key}
        for attempt in range(_TRIES):
            try:
                free_from(theirs, actor="system", now=timezone.now())
                break
            except WalletRaceError:
                if attempt == _TRIES - 1:
                    raise
