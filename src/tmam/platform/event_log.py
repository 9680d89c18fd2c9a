"""The event log: every verb writes its facts here, in its own transaction; news travels upward only from here.

Writing: a verb does `yield from log_facts(event_id, facts)`. Reading: the dispatcher (one at a time, by a row
lock) gives committed entries a gap-free position; each consumer keeps a cursor, gets entries in order, at
least once, inside the transaction that moves its cursor, and must be idempotent. A consumer must not touch
the network: it queues a job instead.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import structlog

from tmam.kernel.ids import ID_BITS, new_uuid7
from tmam.platform.statements import Step, Verb, statement

log = structlog.get_logger("tmam.event_log")

_APPEND_LOG = statement("tmam.platform", "append_log")
NO_EVENT = 0  # the event_id of facts that belong to no single event (accounts, teams)
DISPATCH_BATCH = 2_000
CONSUME_BATCH = 200


@dataclass(frozen=True)
class Fact:
    """Something that happened. `actor` is `user:7`, `visitor:<uuid>`, `device:<uuid>`, `system`; `data` is JSON."""

    name: str
    at: datetime
    actor: str
    data: dict[str, Any] = field(default_factory=dict)
    request_id: str = ""


@dataclass(frozen=True)
class Entry:
    """A fact as consumers read it, with its place in the log."""

    position: int
    event_id: int
    id: UUID
    name: str
    at: datetime
    actor: str
    data: dict[str, Any]


Consume = Callable[[Sequence[Entry]], None]
_consumers: dict[str, Consume] = {}


def log_facts(event_id: int, facts: Sequence[Fact]) -> Verb[None]:
    """Append facts of one event, which keep their order; part of the caller's transaction."""
    if facts:
        yield log_step(event_id, facts)


def log_step(event_id: int, facts: Sequence[Fact]) -> Step:
    """The step of `log_facts`, for who merges it with others."""
    first_bits = secrets.randbits(ID_BITS)
    return (
        _APPEND_LOG,
        (
            event_id,
            [new_uuid7(fact.at, first_bits + number) for number, fact in enumerate(facts)],
            [fact.name for fact in facts],
            [fact.at for fact in facts],
            [fact.actor for fact in facts],
            [fact.request_id for fact in facts],
            [msgspec.json.encode(fact.data, enc_hook=str).decode() for fact in facts],
        ),
    )


def consumer(name: str) -> Callable[[Consume], Consume]:
    """Register a consumer under a name that never changes (its cursor is kept by it)."""

    def register(consume: Consume) -> Consume:
        if _consumers.setdefault(name, consume) is not consume:
            raise ValueError(f"two consumers are called {name}")
        return consume

    return register


def dispatch_once() -> int:
    """Give positions to committed entries that have none; returns how many. Safe to run from several workers."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM platform_log_entry WHERE position IS NULL)")
        if not cursor.fetchone()[0]:
            return 0  # an idle log costs one glance at a small index
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO platform_loghead (id, position) VALUES (1, 0) ON CONFLICT DO NOTHING")
        cursor.execute("SELECT position FROM platform_loghead WHERE id = 1 FOR UPDATE")
        (head,) = cursor.fetchone()
        cursor.execute(_GIVE_POSITIONS, [DISPATCH_BATCH, head])
        given = cursor.rowcount
        if given:
            cursor.execute("UPDATE platform_loghead SET position = %s WHERE id = 1", [head + given])
    return int(given)


def run_consumers_once() -> int:
    """Let each registered consumer read on; returns how many entries were handled in all.

    A consumer that fails keeps its cursor and is tried again next time; it never stops the others.
    """
    from tmam.platform.models import LogCursor, LogHead

    head = LogHead.objects.filter(id=1).values_list("position", flat=True).first() or 0
    cursors = dict(LogCursor.objects.values_list("consumer", "position"))
    handled = 0
    for name, consume in _consumers.items():
        if cursors.get(name, 0) >= head:
            continue
        try:
            handled += _consume_once(name, consume)
        except Exception:
            log.exception("consumer_failed", consumer=name)
    return handled


def skip_to_head(name: str) -> None:
    """Let a consumer miss everything that was logged so far: made-up history is news to nobody."""
    from tmam.platform.models import LogCursor, LogHead

    while dispatch_once():
        pass
    head = LogHead.objects.filter(id=1).values_list("position", flat=True).first() or 0
    LogCursor.objects.update_or_create(consumer=name, defaults={"position": head})


def drain() -> None:
    """Dispatch and consume until nothing is left: for tests, the demo season and commands."""
    while dispatch_once() or run_consumers_once():
        pass


def _consume_once(name: str, consume: Consume) -> int:
    from django.db import transaction

    from tmam.platform.models import LogCursor, LogEntry

    LogCursor.objects.get_or_create(consumer=name)
    with transaction.atomic():
        cursor = LogCursor.objects.select_for_update(skip_locked=True).filter(consumer=name).first()
        if cursor is None:
            return 0  # another worker is reading for this consumer
        rows = LogEntry.objects.filter(position__gt=cursor.position).order_by("position")[:CONSUME_BATCH]
        entries = [
            Entry(row.position or 0, row.event_id, row.id, row.name, row.at, row.actor, row.data)
            for row in rows
        ]
        if not entries:
            return 0
        consume(entries)
        LogCursor.objects.filter(consumer=name).update(position=entries[-1].position)
    return len(entries)


_GIVE_POSITIONS = """
WITH waiting AS (
    SELECT event_id, id, row_number() OVER (ORDER BY at, id) AS place
    FROM (
        SELECT event_id, id, at FROM platform_log_entry
        WHERE position IS NULL ORDER BY at, id LIMIT %s
    ) AS oldest
)
UPDATE platform_log_entry AS entry SET position = %s + waiting.place
FROM waiting
WHERE entry.event_id = waiting.event_id AND entry.id = waiting.id AND entry.position IS NULL
"""
