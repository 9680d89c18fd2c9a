"""Which phone has or had which ticket: one cheap look-up by a phone's key or by a browser, before any event is asked.

Kept beside the tickets' own rows, which belong to events and are never searched across them. A row says only that a
ticket was put into a phone once; whether it is there still, the ticket's `device_key` says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from tmam.fulfilment.wallet.models import WalletHeld

Number = tuple[int, int]  # event, serial

# A phone that comes back a year after the event is told what became of its tickets.
KEPT_AFTER_THE_END: Final = timedelta(days=400)
SWEPT_AT_A_TIME: Final = 1_000


def note_held(
    device_key: bytes,
    numbers: Iterable[Number],
    *,
    contact_key: bytes | None,
    browser_id: int | None,
    forget_at: datetime,
) -> None:
    """Remember, before they are bound, that a phone gets these tickets; repeating it changes nothing."""
    _put(
        WalletHeld(
            device_key=device_key,
            event_id=event_id,
            serial=serial,
            contact_key=contact_key,
            browser_id=browser_id,
            forget_at=forget_at,
        )
        for event_id, serial in sorted(numbers)
    )


def _put(rows: Iterable[WalletHeld]) -> None:
    WalletHeld.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["device_key", "event_id", "serial"],
        update_fields=["contact_key", "browser_id", "forget_at"],
    )


def note_renewed(old_key: bytes, new_key: bytes, numbers: Collection[Number]) -> set[Number]:
    """Remember a phone's new key for those of the tickets that it ever had by its old one; returns which these are."""
    rows = WalletHeld.objects.filter(device_key=old_key, **_among(numbers))
    known = {(row.event_id, row.serial): row for row in rows if (row.event_id, row.serial) in numbers}
    for row in known.values():
        row.pk, row.device_key = None, new_key
    _put(known[number] for number in sorted(known))
    return set(known)


def ever_held(device_key: bytes, numbers: Collection[Number]) -> set[Number]:
    """Those of the tickets that were ever put into the phone with this key."""
    rows = WalletHeld.objects.filter(device_key=device_key, **_among(numbers))
    return set(rows.values_list("event_id", "serial")) & set(numbers)


def phones_to_leave(key: bytes, numbers: Collection[Number]) -> dict[Number, set[bytes]]:
    """By ticket, the keys of the phone that a device key or a contact key speaks for when it gives tickets back.

    There are several of a phone that changed its key (`renew_key`).
    """
    rows = WalletHeld.objects.filter(Q(device_key=key) | Q(contact_key=key), **_among(numbers))
    found: dict[Number, set[bytes]] = defaultdict(set)
    for event_id, serial, device_key in rows.values_list("event_id", "serial", "device_key"):
        found[event_id, serial].add(bytes(device_key))
    return {number: found[number] for number in numbers if number in found}


def sweep_held(now: datetime) -> int:
    """Forget phones of events that ended long ago; returns how many rows."""
    old = WalletHeld.objects.filter(forget_at__lt=now).values_list("id", flat=True)[:SWEPT_AT_A_TIME]
    return WalletHeld.objects.filter(id__in=list(old)).delete()[0]


def _among(numbers: Collection[Number]) -> dict[str, set[int]]:
    return {"event_id__in": {each for each, _ in numbers}, "serial__in": {each for _, each in numbers}}
