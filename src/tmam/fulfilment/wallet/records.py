"""What a phone keeps of a ticket: everything it needs to show it in a cellar, and nothing more."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.conf import settings

from tmam.catalog.change_design import look_of_event
from tmam.catalog.date_rules import admission
from tmam.delivery.compose_face import compose_face
from tmam.orders.order_summary import OrderSummary, TicketLine
from tmam.platform.statements import run_verb
from tmam.tickets.signing_keys import LoadedKey, load_signing_key, public_keys
from tmam.tickets.token_of import certificate_of

# A record as JSON, in all languages. A phone with a hundred tickets needs 2 MB.
LARGEST_RECORD: Final = 20_000
_VERSION_BYTES: Final = 9


def wallet_records(order: OrderSummary, lines: Sequence[TicketLine]) -> list[dict[str, Any]]:
    """The records of tickets of one order that are bound to a device.

    Each holds `event`, `serial`, `generation`; `certificate` (122 bytes, base 64) and `keys`, the public keys of the
    event by key id (base 64); `reference`; the instants `startsAt`, `endsAt`, `doorsAt` (or null), `validFrom`,
    `validUntil` in milliseconds since 1970; `hue`, the colour of the event's tickets; `faces`, the words on it by language;
    `version`, which is another as soon as anything of it is.

    Raises:
        ValueError: a ticket is bound to no device.
    """
    if not lines:
        return []
    event_id = order.event.id
    keys = {str(key_id): _text(key) for key_id, key in run_verb(public_keys(event_id)).items()}
    hue = look_of_event(order.event).design.accent_hue
    loaded: dict[int, LoadedKey] = {}
    records = []
    for line in lines:
        key_id = line.ticket.key_id
        if key_id not in loaded:
            loaded[key_id] = run_verb(load_signing_key(event_id, key_id))
        record = _record(order, line, loaded[key_id], hue) | {"keys": keys}
        records.append(record | {"version": _version(record)})
    return records


def _record(order: OrderSummary, line: TicketLine, key: LoadedKey, hue: int) -> dict[str, Any]:
    ticket, date = line.ticket, line.date
    valid_from, valid_until = admission(date, ticket.valid_from, ticket.valid_until)
    return {
        "event": ticket.event_id,
        "serial": ticket.serial,
        "generation": ticket.generation,
        "certificate": _text(certificate_of(ticket, key)),
        "reference": ticket.booking_reference,
        "startsAt": _milliseconds(date.starts_at),
        "endsAt": _milliseconds(date.ends_at),
        "doorsAt": _milliseconds(date.doors_at) if date.doors_at else None,
        "validFrom": _milliseconds(valid_from),
        "validUntil": _milliseconds(valid_until),
        "isOff": date.is_cancelled or order.event.status == "cancelled",
        "hue": hue,
        "faces": {code: _face(order, line, code) for code, _ in settings.LANGUAGES},
    }


def _face(order: OrderSummary, line: TicketLine, language: str) -> Mapping[str, Any]:
    face = compose_face(
        event=order.event,
        date=line.date,
        ticket_type=line.ticket_type,
        ticket=line.ticket,
        token="",
        language=language,
    )
    return {
        "title": face.event_title,
        "organizer": face.organizer_name,
        "day": face.day,
        "time": face.time,
        "zone": face.zone,
        "ends": face.ends,
        "doors": face.doors,
        "entrance": face.entrance,
        "dateLabel": face.date_label,
        "venue": face.venue_name,
        "address": face.venue_address,
        "place": face.place,
        "type": face.ticket_type,
        "holder": face.holder_name,
        "policy": face.transfer_policy,
    }


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _version(record: Mapping[str, Any]) -> str:
    written = msgspec.json.encode(record, order="deterministic")
    return base64.urlsafe_b64encode(hashlib.sha256(written).digest()[:_VERSION_BYTES]).decode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
