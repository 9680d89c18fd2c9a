"""What a run was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Options:
    """One run. `url` and `database_url` empty: our own server and database, started and removed again."""

    connections: int = 64
    seconds: float = 10.0
    alternations: int = 5
    is_quick: bool = False
    uses_front: bool = False
    profile: Path | None = None
    url: str = ""
    database_url: str = ""
    state: Path | None = None

    @property
    def warm_up_s(self) -> float:
        """Load before the clock starts: connections open, statements prepared, caches filled."""
        return min(2.0, self.seconds / 2)

    @property
    def expected_per_s(self) -> int:
        """More of anything than this machine will ask for in a second: how much is made beforehand."""
        return 20_000
