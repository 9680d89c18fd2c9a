"""What was wrong with the files of an import: counted all, kept up to a limit, so that a broken feed fits a screen."""

from __future__ import annotations

from collections import Counter

from tmam.timetables.errors import EncodingGuessedError, TimetableError, TripSoldError

SHOWN_MAX = 50
VALUE_SHOWN_MAX = 60
# These tell something without anything having been left out of the import.
NOTICES = (EncodingGuessedError, TripSoldError)


class Troubles:
    """Collects errors in the order they were met; call it with one. `kept` are the first ones of all."""

    def __init__(self, shown_max: int = SHOWN_MAX) -> None:
        self.kept: list[TimetableError] = []
        self.counts: Counter[str] = Counter()
        self.files: Counter[str] = Counter()
        self.refused = 0
        self._shown_max = shown_max

    def __call__(self, error: TimetableError) -> None:
        """Note an error."""
        self.counts[error.code] += 1
        self.files[error.file] += 1
        self.refused += not isinstance(error, NOTICES)
        if len(self.kept) < self._shown_max:
            self.kept.append(error)

    @property
    def total(self) -> int:
        """How many there were, kept or not."""
        return sum(self.counts.values())


def shown(value: str) -> str:
    """A value as it may stand in a list of errors: short, on one line, without anything a terminal obeys."""
    plain = "".join(char if char.isprintable() else "�" for char in value[: VALUE_SHOWN_MAX + 1])
    return plain if len(plain) <= VALUE_SHOWN_MAX else plain[:VALUE_SHOWN_MAX] + "…"
