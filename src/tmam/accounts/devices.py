"""The browsers ("devices") of each account: known ones sign in without a mailed code, and each can be sent away.

A browser proves that it is known by the random key in its cookie (`device_cookie`), never by what it says of itself.
The key is made anew whenever the browser becomes known to one more account, so a cookie that somebody planted
beforehand is worth nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tmam.accounts.alert_snapshots import take_snapshot
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Device
from tmam.accounts.security_log import Visit, record
from tmam.accounts.sessions import end_sessions
from tmam.platform.event_log import NO_EVENT, Fact, log_facts
from tmam.platform.statements import run_verb

# Whoever was not here for so long is asked for a code again.
TRUSTED_FOR = timedelta(days=180)
KEY_BYTES = 32
# The fact that browsers are trusted no longer, in whichever way: `{user_id, device_ids}`.
BROWSERS_FORGOTTEN = "account.browsers_forgotten"


@dataclass(frozen=True)
class KnownBrowser:
    """A device just after it became known, and the key that its browser must keep from now on."""

    device: Device
    key: str


def known_device(user_id: int, key: str, *, now: datetime) -> Device | None:
    """The device with this key, if this account knows and still trusts it."""
    if not key:
        return None
    return Device.objects.filter(
        user_id=user_id, key_hash=_hash(key), forgotten_at=None, last_seen_at__gt=now - TRUSTED_FOR
    ).first()


def devices_of(user_id: int) -> list[Device]:
    """All browsers that this account knows, the one used last first."""
    return list(Device.objects.filter(user_id=user_id, forgotten_at=None).order_by("-last_seen_at", "-id"))


def useless_devices(now: datetime) -> QuerySet[Device]:
    """Browsers that are trusted no longer, sent away or not seen for long: nobody asks for them again."""
    return Device.objects.filter(Q(forgotten_at__lt=now) | Q(last_seen_at__lt=now - TRUSTED_FOR))


def add_device(
    user_id: int, *, key: str, visit: Visit, now: datetime, at_sign_up: bool = False
) -> KnownBrowser:
    """Make a browser known to an account. The news (`account.device_added`) moves the alert to its owner.

    Args:
        user_id: whose device it becomes.
        key: the key that the browser has already, from other accounts or planted; empty for none.
        visit: from where it comes.
        now: the present instant.
        at_sign_up: the account was made in this browser just now, so nobody needs to be warned.
    """
    new_key = secrets.token_urlsafe(KEY_BYTES)
    with transaction.atomic():
        if key:
            same_browser = Device.objects.filter(key_hash=_hash(key), forgotten_at=None)
            same_browser.filter(user_id=user_id).update(forgotten_at=now)
            same_browser.update(key_hash=_hash(new_key))
        device = Device.objects.create(
            user_id=user_id,
            key_hash=_hash(new_key),
            browser=visit.browser,
            network=visit.network,
            place=visit.place,
            first_seen_at=now,
            last_seen_at=now,
            trusted_at=now,
        )
        details = {"at_sign_up": at_sign_up}
        entry = record(user_id, Happening.DEVICE_ADDED, now=now, visit=visit, details=details)
        if not at_sign_up:
            take_snapshot(entry)
    return KnownBrowser(device, new_key)


def see_device(device_id: int, *, visit: Visit, now: datetime) -> bool:
    """Note that a known device is in use; False when it was forgotten meanwhile."""
    return bool(
        Device.objects.filter(id=device_id, forgotten_at=None).update(
            last_seen_at=now, network=visit.network, place=visit.place, browser=visit.browser
        )
    )


def forget_device(user_id: int, device_id: int, *, visit: Visit, now: datetime) -> Device | None:
    """Sign one device out at once and trust it no longer; None when it is not this person's or gone already."""
    device = Device.objects.filter(user_id=user_id, id=device_id).first()
    with transaction.atomic():
        if device is None or not _forget(user_id, [device_id], now=now):
            return None
        record(user_id, Happening.DEVICE_FORGOTTEN, now=now, visit=visit, details={"device_id": device_id})
        end_sessions(user_id, device_id=device_id)
    return device


def forget_other_devices(
    user_id: int, *, this_device_id: int | None, this_session_key: str, visit: Visit, now: datetime
) -> None:
    """Sign everything out but the session one is in."""
    with transaction.atomic():
        others = Device.objects.filter(user_id=user_id).exclude(id=this_device_id or 0)
        _forget(user_id, list(others.values_list("id", flat=True)), now=now)
        record(user_id, Happening.OTHERS_SIGNED_OUT, now=now, visit=visit)
        end_sessions(user_id, but_not=this_session_key)


def distrust_other_devices(user_id: int, *, this_device_id: int | None, now: datetime) -> None:
    """After a new password: whoever knew the old one may have made a browser known with it. Only this one stays."""
    others = Device.objects.filter(user_id=user_id).exclude(id=this_device_id or 0)
    _forget(user_id, list(others.values_list("id", flat=True)), now=now)


def forget_all_devices(user_id: int, *, now: datetime) -> None:
    """Trust no device of this account any longer and end all its sessions; part of the caller's transaction."""
    _forget(user_id, list(Device.objects.filter(user_id=user_id).values_list("id", flat=True)), now=now)
    end_sessions(user_id)


def _forget(user_id: int, device_ids: list[int], *, now: datetime) -> list[int]:
    """Forget those that were not yet; returns which. What lived in these browsers learns of it by the event log."""
    with transaction.atomic():
        known = Device.objects.select_for_update().filter(
            user_id=user_id, id__in=device_ids, forgotten_at=None
        )
        forgotten = list(known.order_by("id").values_list("id", flat=True))
        if forgotten:
            Device.objects.filter(id__in=forgotten).update(forgotten_at=now)
            data = {"user_id": user_id, "device_ids": forgotten}
            run_verb(log_facts(NO_EVENT, [Fact(BROWSERS_FORGOTTEN, now, "system", data)]))
    return forgotten


def _hash(key: str) -> str:
    # The key is 256 random bits: nothing to guess, so a plain hash keeps a stolen table useless.
    return hashlib.sha256(key.encode()).hexdigest()
