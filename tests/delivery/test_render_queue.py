"""Places and estimates, by hand."""

from __future__ import annotations

import pytest

from tmam.delivery.errors import RenderBusyError, RenderFailedError, StoreAwayError
from tmam.delivery.render_queue import FAILURE_KEPT_S, RenderQueue, Urgency


def queue_of(*names: str, renderers: int = 1, **fields: int) -> RenderQueue:
    queue = RenderQueue(renderers=renderers, **{"entries_max": 100, **fields})
    for name in names:
        queue.join(name, "pdf", b"frame", Urgency.PEOPLE)
    return queue


def place(queue: RenderQueue, name: str) -> int:
    entry = queue.find(name)
    assert entry is not None
    return queue.place_of(entry).place


def test_places_move_up_and_asking_again_keeps_them() -> None:
    queue = queue_of("a", "b", "c")
    queue.join("a", "pdf", b"again", Urgency.PEOPLE)
    assert [place(queue, name) for name in "abc"] == [1, 2, 3]
    first = queue.next()
    assert first is not None
    assert first.name == "a"
    assert [place(queue, name) for name in "abc"] == [0, 1, 2]
    queue.end(first, None, now=0.0, seconds=0.2)
    assert queue.find("a") is None
    assert len(queue) == 2


def estimate_s(queue: RenderQueue, name: str) -> float:
    entry = queue.find(name)
    assert entry is not None
    return queue.place_of(entry).estimate_s


def drawn(queue: RenderQueue, files: int, kind: str, *seconds: float) -> None:
    """So many files of a kind come and go, taking these seconds in turns."""
    for number in range(files):
        queue.join(f"{kind} {number}", kind, b"", Urgency.PEOPLE)
        entry = queue.next()
        assert entry is not None
        queue.end(entry, None, now=0.0, seconds=seconds[number % len(seconds)])


def test_the_estimate_follows_what_files_take_and_how_many_renderers_there_are() -> None:
    for renderers, expected in ((1, 10.5), (4, 3.0)):
        queue = queue_of(renderers=renderers)
        drawn(queue, 200, "pdf", 0.5)
        for name in map(str, range(1, 22)):
            queue.join(name, "pdf", b"", Urgency.PEOPLE)
        assert estimate_s(queue, "21") == pytest.approx(expected, rel=0.01)
        assert queue.expected_wait_s() == pytest.approx(21 * 0.5 / renderers, rel=0.01)


def test_each_kind_before_counts_with_its_own_time() -> None:
    queue = queue_of()
    drawn(queue, 100, "pdf", 0.1)
    drawn(queue, 100, "png", 1.0)
    for name, kind in (("a", "png"), ("b", "pdf"), ("c", "png"), ("d", "pdf")):
        queue.join(name, kind, b"", Urgency.PEOPLE)
    assert estimate_s(queue, "d") == pytest.approx(1.0 + 0.1 + 1.0 + 0.1, rel=0.01)
    queue.join("later", "png", b"", Urgency.AHEAD)
    assert estimate_s(queue, "later") == pytest.approx(2 * 1.0 + 2 * 0.1 + 1.0, rel=0.01)
    queue.next()
    assert estimate_s(queue, "d") == pytest.approx(0.1 + 1.0 + 0.1, rel=0.01)
    queue.join("new", "never seen", b"", Urgency.PEOPLE)
    assert estimate_s(queue, "new") > estimate_s(queue, "d")


def test_a_promise_is_longer_where_files_take_now_this_long_and_now_that() -> None:
    steady, moody = queue_of(), queue_of()
    drawn(steady, 100, "pdf", 0.5)
    drawn(moody, 100, "pdf", 0.1, 0.9)
    moody.join("a", "pdf", b"", Urgency.PEOPLE)
    steady.join("a", "pdf", b"", Urgency.AHEAD)
    assert estimate_s(moody, "a") > 1.5 * estimate_s(steady, "a")
    drawn(steady, 30, "pdf", 2.0)
    assert estimate_s(steady, "a") > 1.9, "under load, a promise of before does not last"


def test_people_pass_what_is_made_ahead_and_may_take_it_over() -> None:
    queue = queue_of()
    for name in ("x", "y"):
        queue.join(name, "pdf", b"", Urgency.AHEAD)
    queue.join("person", "pdf", b"", Urgency.PEOPLE)
    assert (place(queue, "person"), place(queue, "x"), place(queue, "y")) == (1, 2, 3)
    queue.join("y", "pdf", b"", Urgency.PEOPLE)
    assert (queue.people_waiting, queue.waiting) == (2, 3)
    assert [each.name for each in iter(queue.next, None)] == ["person", "y", "x"]
    assert queue.waiting == 0


def test_a_file_whose_renderer_died_is_next_again() -> None:
    queue = queue_of("a", "b")
    entry = queue.next()
    assert entry is not None
    queue.put_back(entry)
    assert queue.people_waiting == 2
    again = queue.next()
    assert again is entry
    assert again.tries == 2


def test_it_is_bounded_by_number_and_by_bytes() -> None:
    queue = queue_of("a", "b", entries_max=2)
    with pytest.raises(RenderBusyError):
        queue.join("c", "pdf", b"", Urgency.PEOPLE)
    heavy = RenderQueue(renderers=1, entries_max=100, bytes_max=10)
    entry = heavy.join("a", "pdf", bytes(8), Urgency.PEOPLE)
    with pytest.raises(RenderBusyError):
        heavy.join("b", "pdf", bytes(8), Urgency.PEOPLE)
    heavy.next()
    heavy.end(entry, None, now=0.0)
    heavy.join("b", "pdf", bytes(8), Urgency.PEOPLE)


def test_a_failure_of_its_own_is_remembered_for_a_minute_one_of_the_store_is_not() -> None:
    queue = queue_of("poison", "unlucky")
    for error in (RenderFailedError("pdf"), StoreAwayError()):
        entry = queue.next()
        assert entry is not None
        queue.end(entry, error, now=100.0)
    queue.check("unlucky", now=100.0)
    with pytest.raises(RenderFailedError):
        queue.check("poison", now=100.0 + FAILURE_KEPT_S - 1)
    queue.check("poison", now=100.0 + FAILURE_KEPT_S + 1)


def test_failures_are_bounded() -> None:
    queue = queue_of()
    for number in range(1_500):
        entry = queue.join(str(number), "pdf", b"", Urgency.PEOPLE)
        queue.next()
        queue.end(entry, RenderFailedError("pdf"), now=0.0)
    assert len(queue._failures) == 1_000
