"""The renderers of this process: a few other processes that draw files, started when there is something to draw.

Threads were no faster than one (typst and Python's lock); processes scale with the cores, and a file that breaks one
breaks nothing else. One thread looks after each: it hands over the next file, waits no longer than the limit, and
replaces a renderer that died. What is drawn lies in the store; only how it went comes back, so ten thousand files
leave nothing behind here.

Bounds: `render_queue` files wait, in at most 64 MB; each renderer may use 2 GB (130 MB is usual) and is replaced after
1,000 files; one that nobody needed for five minutes ends.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tmam.delivery.drawings import Drawing
from tmam.delivery.errors import RenderBusyError, RenderFailedError, StoreAwayError
from tmam.delivery.people_waiting import PeopleWaiting
from tmam.delivery.render_queue import Entry, Place, RenderQueue, Urgency
from tmam.delivery.renderer_frames import BROKEN, DRAWN, KNOWN, REFUSED, Answer, RendererConfig, pack
from tmam.delivery.renderer_process import RendererDiedError, RendererProcess
from tmam.delivery.store import FileStore, open_store, store_config
from tmam.platform.metrics import FILES, FILES_WAITING
from tmam.platform.settings import Settings, current_settings

WAIT_S = 30.0
IDLE_S = 300.0
FILES_BEFORE_REPLACED = 1_000
TRIES = 2
LOCKS, PEOPLE = "drawing.lock", "people.lock"


class Renderers:
    """The queue and the processes behind it. Safe to be asked by many threads."""

    def __init__(
        self,
        config: RendererConfig,
        *,
        processes: int,
        waiting_max: int,
        limit_s: float,
        idle_s: float = IDLE_S,
    ) -> None:
        self.store: FileStore = open_store(config.store)
        self._config = config
        self._processes, self._limit_s, self._idle_s = processes, limit_s, idle_s
        self._queue = RenderQueue(renderers=processes, entries_max=waiting_max)
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._is_closed = False
        self._people = PeopleWaiting(config.lock.with_name(PEOPLE))

    def ask(self, drawing: Drawing, urgency: Urgency = Urgency.PEOPLE) -> Place:
        """Where a file is; one that is nowhere is put in line. Asking again keeps the place and draws nothing twice.

        Raises:
            RenderBusyError: the queue is full.
            RenderFailedError: it failed within the last minute.
            StoreAwayError: the store does not answer.
        """
        if self.store.size(drawing.name) is not None:
            return Place("ready")
        with self._changed:
            return self._queue.place_of(self._join(drawing, urgency))

    def ask_unless_failed(self, drawing: Drawing, urgency: Urgency) -> None:
        """Put a file in line; one that failed a moment ago is left to `draw`, which says so.

        Raises:
            RenderBusyError, StoreAwayError: see `ask`.
        """
        with contextlib.suppress(RenderFailedError):
            self.ask(drawing, urgency)

    def draw(self, drawing: Drawing, urgency: Urgency = Urgency.PEOPLE, wait_s: float = WAIT_S) -> None:
        """Have a file in the store, waiting for it.

        Raises:
            RenderBusyError: the queue is full, or it took longer than `wait_s`; the file keeps its place.
            RenderFailedError, StoreAwayError: it cannot be drawn, or not be kept.
        """
        if self.store.size(drawing.name) is not None:
            return
        with self._changed:
            entry = self._join(drawing, urgency)
            if not self._changed.wait_for(lambda: entry.is_over, wait_s):
                estimate_s = self._queue.place_of(entry).estimate_s
                raise RenderBusyError(retry_after_s=max(1, min(600, round(estimate_s))))
        if entry.error is not None:
            raise entry.error

    def place_of(self, name: str) -> Place | None:
        """The place of a file that waits or is being drawn."""
        with self._changed:
            entry = self._queue.find(name)
            return self._queue.place_of(entry) if entry else None

    @property
    def people_wait(self) -> bool:
        """Whether files of people wait, here or in another process of this machine: warming makes room then."""
        return self._people.elsewhere_or_here()

    def expected_wait_s(self) -> float:
        """How long a file that joined the queue of people now would take, as things are."""
        with self._changed:
            return self._queue.expected_wait_s()

    def close(self) -> None:
        """End the processes; who waits hears that it is busy."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(self._limit_s)

    def _join(self, drawing: Drawing, urgency: Urgency) -> Entry:
        now = time.monotonic()
        self._queue.check(drawing.name, now)
        known = self._queue.find(drawing.name)
        entry = self._queue.join(drawing.name, drawing.kind, known.frame if known else pack(drawing), urgency)
        self._note_waiting()
        if self._queue.waiting > self._idle and len(self._threads) < self._processes and not self._is_closed:
            thread = threading.Thread(target=self._look_after, name="renderer", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._changed.notify_all()
        return entry

    def _look_after(self) -> None:
        """The life of one thread: files as they come, a process while there are any."""
        process: RendererProcess | None = None
        while True:
            entry = self._next(is_patient=process is None)
            if entry is None:
                if process is not None:
                    process.close()
                    process = None
                if self._is_closed:
                    return
                continue
            process = self._draw_one(process, entry)

    def _next(self, *, is_patient: bool) -> Entry | None:
        """The next file; None after a while without any, or when we close."""
        with self._changed:
            deadline = None if is_patient else time.monotonic() + self._idle_s
            while not self._is_closed:
                entry = self._queue.next()
                if entry is not None:
                    self._note_waiting()
                    return entry
                left_s = None if deadline is None else deadline - time.monotonic()
                if left_s is not None and left_s <= 0:
                    return None
                self._idle += 1
                try:
                    self._changed.wait(left_s)
                finally:
                    self._idle -= 1
            return None

    def _draw_one(self, process: RendererProcess | None, entry: Entry) -> RendererProcess | None:
        """Have one file drawn; returns the process that is good for the next one."""
        is_new = process is None
        started_at = time.monotonic()
        try:
            process = process or RendererProcess(self._config)
            answer = process.ask(entry.frame, self._limit_s)
        except RendererDiedError as death:
            if process is not None:
                process.close()
            self._note_death(entry, is_out_of_time=death.is_out_of_time)
            return None
        # The first file of a process waited for it to be up, which says nothing about those behind it.
        self._end(entry, answer, None if is_new else time.monotonic() - started_at)
        if process.files >= FILES_BEFORE_REPLACED:
            process.close()
            return None
        return process

    def _note_death(self, entry: Entry, *, is_out_of_time: bool) -> None:
        """A renderer died over a file. Once may be chance; twice, or out of time, is the file's fault."""
        with self._changed:
            if not is_out_of_time and entry.tries < TRIES and not self._is_closed:
                self._queue.put_back(entry)
            else:
                FILES.labels("broken").inc()
                self._queue.end(entry, RenderFailedError(entry.name.rpartition(".")[2]), time.monotonic())
            self._changed.notify_all()

    def _end(self, entry: Entry, answer: Answer, seconds: float | None) -> None:
        error: Exception | None = None
        if answer.outcome in {REFUSED, BROKEN}:
            error = RenderFailedError(entry.name.rpartition(".")[2])
        elif answer.outcome not in {DRAWN, KNOWN}:
            error = StoreAwayError()
        FILES.labels(answer.outcome).inc()
        with self._changed:
            self._queue.end(entry, error, time.monotonic(), seconds if answer.outcome == DRAWN else None)
            self._changed.notify_all()

    def _note_waiting(self) -> None:
        waiting = self._queue.people_waiting
        FILES_WAITING.set(waiting)
        self._people.note(is_waiting=waiting > 0)


def open_renderers(settings: Settings, *, niceness: int = 0) -> Renderers:
    """Renderers as the settings say; no process is started yet."""
    config = RendererConfig(
        store=store_config(settings),
        lock=settings.state / "renderers" / LOCKS,
        niceness=niceness,
        log_format=settings.log_format,
        parent=os.getpid(),
    )
    return Renderers(
        config,
        processes=settings.renderers or max(1, (os.cpu_count() or 2) - 1),
        waiting_max=settings.render_queue,
        limit_s=float(settings.render_seconds),
    )


@functools.cache
def renderers() -> Renderers:
    """The renderers of this process, for people: pages, holds and gates go first."""
    return _closed_at_exit(open_renderers(current_settings(), niceness=10))


@functools.cache
def patient_renderers() -> Renderers:
    """Renderers that let everybody else on the machine go first: for what is made ahead."""
    return _closed_at_exit(open_renderers(current_settings(), niceness=15))


def _closed_at_exit(made: Renderers) -> Renderers:
    atexit.register(made.close)
    return made


@contextmanager
def renderers_of(settings: Settings) -> Iterator[Renderers]:
    """Renderers for the length of a block."""
    with contextlib.closing(open_renderers(settings)) as opened:
        yield opened
