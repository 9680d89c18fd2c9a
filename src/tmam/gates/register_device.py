"""Making a browser a scanner, and taking that back. The key leaves this module once; only its hash is kept."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction

from tmam.catalog.models import Event
from tmam.gates.errors import NotYourEventError, TooManyDevicesError
from tmam.gates.known_device import key_sha256
from tmam.gates.models import Device, Gate
from tmam.gates.queries import gates_of
from tmam.kernel.ids import new_uuid7
from tmam.organizers.permissions import Action, may, require
from tmam.platform.errors import BadRequestError, ForbiddenError, NotFoundError

if TYPE_CHECKING:
    from tmam.accounts.models import User

KEY_BYTES: Final = 32
MAX_DEVICES_PER_EVENT: Final = 200


def register_device(
    *, event_id: int, gate_number: int, steward: User, name: str, now: datetime, key: str | None = None
) -> tuple[Device, str]:
    """Let a steward's browser scan for one event at one gate. Returns the device and its key (64 hex digits).

    An event without gates gets its first with its first scanner. `key` is for tests; left out, the operating system's generator is asked.

    Raises:
        NotYourEventError: the person may not scan for the event.
        SecondFactorRequiredError: they may, once they have a second factor.
        BadRequestError: the event has no such gate.
        TooManyDevicesError: the event has its most devices already.
    """
    event_to_scan(steward, event_id)
    gate = next((gate for gate in gates_of(event_id) if gate.number == gate_number), None)
    if gate is None:
        raise BadRequestError(where="gate")
    key = key or secrets.token_hex(KEY_BYTES)
    with transaction.atomic():
        # The limit only keeps the list readable, so two at once may pass it by one.
        if Device.objects.filter(event_id=event_id, revoked_at=None).count() >= MAX_DEVICES_PER_EVENT:
            raise TooManyDevicesError(limit=MAX_DEVICES_PER_EVENT)
        if gate.pk is None:
            Gate.objects.get_or_create(event_id=event_id, number=gate.number, defaults={"name": gate.name})
        device = Device.objects.create(
            id=new_uuid7(now),
            event_id=event_id,
            gate_number=gate_number,
            name=name[:100],
            key_sha256=key_sha256(key),
            steward=steward,
            made_at=now,
        )
    return device, key


def revoke_device(*, key: str, now: datetime) -> bool:
    """Take a scanner's key back, as the scanner itself asks. Says whether there was one to take."""
    changed = Device.objects.filter(key_sha256=key_sha256(key), revoked_at=None).update(revoked_at=now)
    return bool(changed)


def revoke_device_of(*, device_id: UUID, person: User, now: datetime) -> bool:
    """Take a scanner's key back, as its steward or another person of the same team asks: a lost phone.

    Says whether there was one to take.
    """
    device = Device.objects.filter(id=device_id, revoked_at=None).first()
    if device is None or not _may_scan(person, device.event_id):
        return False
    return bool(Device.objects.filter(id=device.id, revoked_at=None).update(revoked_at=now))


def event_to_scan(person: User, event_id: int) -> Event:
    """The event, with its venue, if this person may scan for it.

    Raises:
        NotYourEventError: they may not, or there is no such event; the two look the same.
        SecondFactorRequiredError: they may, once they have a second factor.
    """
    event = Event.objects.select_related("venue").filter(id=event_id).first()
    if event is None:
        raise NotYourEventError
    try:
        require(person, Action.SCAN, event)
    except (NotFoundError, ForbiddenError):
        raise NotYourEventError from None
    return event


def _may_scan(person: User, event_id: int) -> bool:
    event = Event.objects.filter(id=event_id).first()
    return event is not None and may(person, Action.SCAN, event)
