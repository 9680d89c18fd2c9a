"""Seal what is from before there were data keys: names in the clear, the rest under the master key.

Used by the migration that ends plain names. Safe to repeat and to interrupt: what is sealed is passed over.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from tmam.platform.data_keys import newest_data_key
from tmam.platform.rotate_keys import reseal_event
from tmam.platform.sealed_columns import HOLDER_DOCUMENT, HOLDER_NAME, LIVE_MASTER, SIGNING_KEY, DataKey
from tmam.platform.statements import run_verb

NAMES_AT_ONCE: Final = 1_000

_EVENTS: Final = """
SELECT event_id FROM tickets_serial UNION SELECT event_id FROM tickets_signing_key
UNION SELECT event_id FROM tickets_live_master ORDER BY event_id
"""
_PLAIN: Final = """
SELECT serial, holder_name FROM tickets_ticket
WHERE event_id = %s AND holder_name <> '' AND serial > %s
ORDER BY serial LIMIT %s FOR UPDATE
"""
_SEAL: Final = """
UPDATE tickets_ticket AS ticket SET holder_sealed = made.sealed, holder_name = ''
FROM unnest(%s::bigint[], %s::bytea[]) AS made (serial, sealed)
WHERE ticket.event_id = %s AND ticket.serial = made.serial
"""


def seal_plain_names(connection: BaseDatabaseWrapper) -> int:
    """Seal every plain name, a thousand in a transaction, and the documents and keys; returns how many names."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS)
        events = [event_id for (event_id,) in cursor.fetchall()]
    sealed = 0
    for event_id in events:
        sealed += _seal_event(connection, event_id)
        columns = HOLDER_DOCUMENT, SIGNING_KEY, LIVE_MASTER
        sum(reseal_event(event_id, timezone.now(), columns, takes_unsealed=True))
    return sealed


def _seal_event(connection: BaseDatabaseWrapper, event_id: int) -> int:
    key: DataKey | None = None
    sealed, last_serial = 0, 0
    while True:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(_PLAIN, [event_id, last_serial, NAMES_AT_ONCE])
            found = cursor.fetchall()
            if not found:
                return sealed
            if key is None:
                key = run_verb(newest_data_key(event_id, timezone.now()), using=connection.alias)
            serials = [serial for serial, _ in found]
            values = [HOLDER_NAME.seal(key, serial, name.encode()) for serial, name in found]
            cursor.execute(_SEAL, [serials, values, event_id])
        sealed += len(found)
        last_serial = serials[-1]
