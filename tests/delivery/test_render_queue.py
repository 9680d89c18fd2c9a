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


def test_the_estimate_follows_what_files_take_and_how_many_renderers_there_are() -> None:
    one, four = queue_of(*map(str, range(40))), queue_of(*map(str, range(40)), renderers=4)
    for queue in (one, four):
        for _ in range(200):
            entry = queue.next() or queue.join("more", "pdf", b"", Urgency.PEOPLE)
            queue.end(entry, None, now=0.0, seconds=0.5)
    assert one.mean_s == pytest.approx(0.5, rel=0.01)
    assert one.estimate_s(21) == pytest.approx(10.5, rel=0.01)
    assert four.estimate_s(21) == pytest.approx(3.0, rel=0.01)


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
