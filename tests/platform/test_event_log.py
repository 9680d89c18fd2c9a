"""Facts get gap-free positions after commit; consumers see each of them, in order, at least once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.cast import NOW, unique
from tmam.platform import event_log
from tmam.platform.event_log import Entry, Fact, consumer, dispatch_once, log_facts, run_consumers_once
from tmam.platform.models import LogCursor, LogEntry, LogHead
from tmam.platform.statements import run_verb

pytestmark = pytest.mark.usefixtures("live_database")
EVENT = 4_000_001


def log(*names: str) -> None:
    run_verb(log_facts(EVENT, [Fact(name, NOW, "system", {"name": name}) for name in names]))


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """What a consumer of its own, registered for this test, has been told."""
    names: list[str] = []
    name = unique("test")

    @consumer(name)
    def listen(entries: Sequence[Entry]) -> None:
        names.extend(entry.name for entry in entries if entry.event_id == EVENT)

    event_log.drain()
    names.clear()
    yield names
    event_log._consumers.pop(name)


def test_positions_are_gap_free_and_never_given_twice() -> None:
    log("a", "b")
    log("c")
    while dispatch_once():
        pass
    positions = list(
        LogEntry.objects.filter(position__isnull=False)
        .order_by("position")
        .values_list("position", flat=True)
    )
    assert positions == list(range(1, len(positions) + 1))
    assert LogHead.objects.get().position == len(positions)
    assert not LogEntry.objects.filter(position=None).exists()


def test_consumers_hear_in_order_and_once_when_all_goes_well(heard: list[str]) -> None:
    log("first", "second")
    run_verb(log_facts(EVENT, [Fact("third", NOW + timedelta(seconds=1), "system")]))
    event_log.drain()
    event_log.drain()
    assert heard == ["first", "second", "third"]


def test_a_failing_consumer_is_asked_again_and_stops_nobody_else(heard: list[str]) -> None:
    name, attempts = unique("broken"), []

    @consumer(name)
    def fail_once(entries: Sequence[Entry]) -> None:
        attempts.append([entry.position for entry in entries])
        if len(attempts) == 1:
            raise ValueError("out of order")

    try:
        log("news")
        dispatch_once()
        run_consumers_once()
        assert heard == ["news"]
        assert not LogCursor.objects.filter(consumer=name, position__gt=0).exists()
        run_consumers_once()
        assert attempts[0] == attempts[1]
        assert LogCursor.objects.get(consumer=name).position >= attempts[1][-1]
    finally:
        event_log._consumers.pop(name)


def test_a_late_commit_is_heard_too(heard: list[str]) -> None:
    """The fact is older than what was dispatched meanwhile, but nobody could see it then."""
    written, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        try:
            with transaction.atomic():
                log("late")
                written.set()
                assert may_commit.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    assert written.wait(20)
    log("early")
    event_log.drain()
    assert heard == ["early"]
    may_commit.set()
    writer.join()
    event_log.drain()
    assert heard == ["early", "late"]


def test_what_is_rolled_back_never_happened(heard: list[str]) -> None:
    with transaction.atomic():
        log("undone")
        transaction.set_rollback(True)
    event_log.drain()
    assert heard == []
