"""How long files take here of late, by kind: from what it took for the last ones, under the load there was. Pure.

Kept as TCP keeps its round trips (RFC 6298 §2): a mean and a mean deviation, the newest weighing a tenth. What is
promised is their sum: where files take now this long and now that, the promise is longer. One that is kept early
annoys nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

WEIGHT: Final = 0.1
# Before the first file of a process: a picture takes as long on a machine that is busy.
FIRST_GUESS_S: Final = 0.25


class Pace:
    """Of one kind of file."""

    def __init__(self) -> None:
        self._mean_s, self._deviation_s, self._files = FIRST_GUESS_S, 0.0, 0

    def note(self, seconds: float) -> None:
        """One more file took so long."""
        if self._files == 0:
            self._mean_s, self._deviation_s = seconds, seconds / 2
        else:
            self._deviation_s += WEIGHT * (abs(seconds - self._mean_s) - self._deviation_s)
            self._mean_s += WEIGHT * (seconds - self._mean_s)
        self._files += 1

    @property
    def promised_s(self) -> float:
        """Seconds that a file will hardly take more than."""
        return self._mean_s + self._deviation_s


class Paces:
    """Of all kinds; kinds are named by our own code, so there are few."""

    def __init__(self) -> None:
        self._all = Pace()
        self._by_kind: dict[str, Pace] = {}

    def note(self, kind: str, seconds: float) -> None:
        """One more file of this kind took so long."""
        self._all.note(seconds)
        self._by_kind.setdefault(kind, Pace()).note(seconds)

    def promised_s(self, kind: str) -> float:
        """Seconds that a file of this kind will hardly take more than; of a kind that is new here, any file."""
        return self._by_kind.get(kind, self._all).promised_s

    def promised_for(self, files: Mapping[str, int]) -> float:
        """The same for so many files of each kind, one after the other."""
        return sum(count * self.promised_s(kind) for kind, count in files.items())


class Work:
    """How many files of each kind joined a line and left it."""

    def __init__(self) -> None:
        self.joined: Counter[str] = Counter()
        self.begun: Counter[str] = Counter()

    @property
    def waiting(self) -> Counter[str]:
        """Those that are still in it."""
        return self.joined - self.begun

    def before(self, joined: Counter[str]) -> Counter[str]:
        """Those that are still in it, of so many that had joined at some moment."""
        return joined - self.begun
