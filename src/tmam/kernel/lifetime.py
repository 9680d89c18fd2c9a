"""How long a signed file counts: whoever hands out an old one for ever (a cache, a thief between) freezes nobody's gates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

# Long enough for gates that fetch before the doors and have no network behind them.
GOOD_FOR: Final = timedelta(hours=12)
# Files of the same five minutes are the same bytes, if nothing else changed: caches and ETags go on working.
STEP_S: Final = 300
# How much a reader's clock may be behind ours.
CLOCKS_APART: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Lifetime:
    """A file counts from `issued_at` until before `good_until` (aware, whole seconds)."""

    issued_at: datetime
    good_until: datetime

    def holds(self, now: datetime) -> bool:
        """Whether the file counts at an aware instant, by a clock that may be `CLOCKS_APART` behind."""
        return self.issued_at - CLOCKS_APART <= now < self.good_until


def lifetime_from(now: datetime) -> Lifetime:
    """The lifetime of a file that is made at an aware instant."""
    seconds = int(now.timestamp())
    issued_at = datetime.fromtimestamp(seconds - seconds % STEP_S, UTC)
    return Lifetime(issued_at, issued_at + GOOD_FOR)
