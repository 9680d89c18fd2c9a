"""Who is scanning: a device proves itself by its key."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from uuid import UUID

from tmam.accounts.sms.senders import is_sms_offered
from tmam.gates.errors import DeviceUnknownError
from tmam.organizers.errors import SecondFactorRequiredError
from tmam.organizers.permissions import Action, roles_that_may
from tmam.platform.settings import current_settings
from tmam.platform.statements import Verb, statement

_FIND_DEVICE = statement("tmam.gates", "find_device")
_AUTHORIZATION = re.compile(r"Device ([0-9a-f]{64})")


@dataclass(frozen=True)
class KnownDevice:
    """A scanner whose key is live. `event_title` is by language."""

    id: UUID
    event_id: int
    gate_number: int
    gate: str
    event_title: dict[str, str]
    time_zone: str


def find_device(key: str) -> Verb[KnownDevice]:
    """The device with this key.

    Raises:
        DeviceUnknownError: no such key, it was taken back, or its steward left the team, may no longer scan for this event, closed the account or locked it.
        SecondFactorRequiredError: the organizer asks its team for a second factor, and the steward has none.
    """
    rows = yield (
        _FIND_DEVICE,
        (key_sha256(key), roles_that_may(Action.SCAN), is_sms_offered(current_settings())),
    )
    if not rows:
        raise DeviceUnknownError
    ((device_id, event_id, gate_number, gate, title, time_zone, organizer, is_asleep),) = rows
    if is_asleep:
        raise SecondFactorRequiredError(organizer=organizer)
    return KnownDevice(
        device_id, event_id, gate_number, gate or str(gate_number), json.loads(title), time_zone
    )


def key_in_header(authorization: str) -> str:
    """The key of an `Authorization: Device <64 hex digits>` header.

    Raises:
        DeviceUnknownError: there is none.
    """
    match = _AUTHORIZATION.fullmatch(authorization.strip())
    if match is None:
        raise DeviceUnknownError
    return match[1]


def key_sha256(key: str) -> bytes:
    """What is kept of a device key."""
    return hashlib.sha256(key.encode()).digest()
