"""Who is next at the renderers: people first, warming after them; each file once, however many ask. Pure bookkeeping.

A place in the queue is a fact: the number of files of people that will be begun before. What it means in time is an
estimate from how long files of the kinds before it took here of late (`render_pace`).
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from tmam.delivery.errors import RenderBusyError, RenderFailedError
from tmam.delivery.render_pace import Paces, Work

# Documents wait packed, about 4 kB each; this bounds them whatever is in them.
QUEUE_BYTES_MAX = 64 * 1024 * 1024
FAILURES_MAX = 1_000
# A file that broke its renderer is not tried again at once, however often the button is pressed.
FAILURE_KEPT_S = 60.0


class Urgency(Enum):
    """Somebody waits for it, or it is made ahead."""

    PEOPLE = "people"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Place:
    """Where a file is: drawn, or `place` files of people come before it and it takes about `estimate_s` seconds."""

    state: Literal["ready", "queued"]
    place: int = 0
    estimate_s: float = 0.0


@dataclass
class Entry:
    """A file that waits or is being drawn. `number` counts up within its urgency, `joined` counts those before it by kind.

    `error` is how it ended badly.
    """

    name: str
    kind: str
    frame: bytes
    urgency: Urgency
    number: int
    joined: Counter[str] = field(default_factory=Counter)
    tries: int = 0
    is_begun: bool = False
    is_over: bool = False
    error: Exception | None = None


@dataclass
class _Line:
    entries: deque[Entry] = field(default_factory=deque)
    joined: int = 0
    begun: int = 0
    work: Work = field(default_factory=Work)

    def leave(self, kind: str, files: int = 1) -> None:
        """One of this kind is begun, or passed over; -1: it is back in front of everybody."""
        self.begun += files
        self.work.begun[kind] += files


class RenderQueue:
    """Not thread-safe: its owner holds a lock. `now` is any clock that only goes forward, in seconds."""

    def __init__(self, *, renderers: int, entries_max: int, bytes_max: int = QUEUE_BYTES_MAX) -> None:
        self._renderers = renderers
        self._entries_max, self._bytes_max = entries_max, bytes_max
        self._bytes = 0
        self._lines = {urgency: _Line() for urgency in Urgency}
        self._by_name: dict[str, Entry] = {}
        self._failures: OrderedDict[str, tuple[float, Exception]] = OrderedDict()
        self._paces = Paces()

    def __len__(self) -> int:
        """Files that wait or are being drawn."""
        return len(self._by_name)

    @property
    def people_waiting(self) -> int:
        """Files of people that are not begun."""
        line = self._lines[Urgency.PEOPLE]
        return line.joined - line.begun

    @property
    def waiting(self) -> int:
        """Files that are not begun."""
        return sum(line.joined - line.begun for line in self._lines.values())

    def find(self, name: str) -> Entry | None:
        """The entry of a file that waits or is being drawn."""
        return self._by_name.get(name)

    def check(self, name: str, now: float) -> None:
        """Raise how a file failed a moment ago.

        Raises:
            RenderFailedError: it did, within the last minute.
        """
        failure = self._failures.get(name)
        if failure is not None:
            if now - failure[0] < FAILURE_KEPT_S:
                raise failure[1]
            del self._failures[name]

    def join(self, name: str, kind: str, frame: bytes, urgency: Urgency) -> Entry:
        """Stand in line; a file that waits already keeps its place, or moves to that of people.

        Raises:
            RenderBusyError: too many wait.
        """
        known = self._by_name.get(name)
        if known is not None:
            if urgency is Urgency.PEOPLE and known.urgency is Urgency.AHEAD and not known.is_begun:
                self._lines[Urgency.AHEAD].leave(known.kind)  # the place it leaves is passed over
                self._stand(known, Urgency.PEOPLE)
            return known
        if len(self) >= self._entries_max or self._bytes + len(frame) > self._bytes_max:
            raise RenderBusyError(retry_after_s=max(1, min(600, math.ceil(self.expected_wait_s()))))
        entry = Entry(name, kind, frame, urgency, 0)
        self._by_name[name] = entry
        self._bytes += len(frame)
        self._stand(entry, urgency)
        return entry

    def next(self) -> Entry | None:
        """Begin the next file."""
        for urgency in Urgency:
            line = self._lines[urgency]
            while line.entries:
                entry = line.entries.popleft()
                if entry.urgency is urgency and not entry.is_begun:
                    line.leave(entry.kind)
                    entry.is_begun = True
                    entry.tries += 1
                    return entry
        return None

    def put_back(self, entry: Entry) -> None:
        """Its renderer died: it is the next one again, in front of everybody."""
        entry.is_begun = False
        line = self._lines[entry.urgency]
        line.leave(entry.kind, -1)
        line.entries.appendleft(entry)

    def end(self, entry: Entry, error: Exception | None, now: float, seconds: float | None = None) -> None:
        """A file is drawn (in `seconds`) or failed. Failures that are its own are remembered for a minute."""
        entry.is_over, entry.error = True, error
        self._by_name.pop(entry.name, None)
        self._bytes -= len(entry.frame)
        entry.frame = b""
        if seconds is not None:
            self._paces.note(entry.kind, seconds)
        if isinstance(error, RenderFailedError):
            self._failures[entry.name] = (now, error)
            while len(self._failures) > FAILURES_MAX:
                self._failures.popitem(last=False)

    def place_of(self, entry: Entry) -> Place:
        """Where it stands now. What is begun has place 0; what is made ahead stands behind all people."""
        own_s = self._paces.promised_s(entry.kind)
        if entry.is_begun:
            return Place("queued", 0, own_s)
        line = self._lines[entry.urgency]
        place, before = entry.number - line.begun, line.work.before(entry.joined)
        if entry.urgency is Urgency.AHEAD:
            place += self.people_waiting
            before += self._lines[Urgency.PEOPLE].work.waiting
        return Place("queued", max(1, place), self._paces.promised_for(before) / self._renderers + own_s)

    def expected_wait_s(self) -> float:
        """Seconds until a file would be begun that somebody asked for now."""
        return self._paces.promised_for(self._lines[Urgency.PEOPLE].work.waiting) / self._renderers

    def _stand(self, entry: Entry, urgency: Urgency) -> None:
        line = self._lines[urgency]
        line.joined += 1
        entry.urgency, entry.number, entry.joined = urgency, line.joined, line.work.joined.copy()
        line.work.joined[entry.kind] += 1
        line.entries.append(entry)
