"""The sweeper: ends holds whose time has run out, so that their places are on sale again within seconds.

Selling does not depend on it: a hold verb reclaims by itself before it refuses anybody.
"""

from __future__ import annotations

import functools
import itertools
from datetime import datetime

import structlog
from django.db import connection

from tmam.inventory.release_hold import expire_holds
from tmam.platform.statements import run_verb_retrying, statement

log = structlog.get_logger("tmam.inventory")

SWEEP_LIMIT = 2_000


def sweep_expired(now: datetime, limit: int = SWEEP_LIMIT) -> int:
    """End up to `limit` expired holds, one transaction per event; returns how many were ended.

    An event whose holds cannot be ended is logged and does not stop the others.
    """
    import psycopg

    connection.ensure_connection()
    with psycopg.RawCursor(connection.connection) as cursor:
        cursor.execute(statement("tmam.inventory", "expired_holds").text.encode(), (now, limit))
        rows = sorted(cursor.fetchall(), key=lambda row: int(row[0]))
    ended = 0
    for event_id, group in itertools.groupby(rows, key=lambda row: int(row[0])):
        expired = list(group)
        counter_ids = sorted({counter_id for _, _, ids in expired for counter_id in ids})
        sweep = functools.partial(expire_holds, event_id, counter_ids, now, len(expired))
        try:
            ended += run_verb_retrying(sweep)
        except Exception:
            log.exception("sweep_failed", event_id=event_id)
    return ended
