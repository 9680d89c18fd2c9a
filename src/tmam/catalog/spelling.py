"""Which known word did they mean? Pure; candidates come from the trigram index of `SearchWord`."""

from __future__ import annotations

from collections.abc import Iterable


def nearest_word(typed: str, candidates: Iterable[str]) -> str | None:
    """The candidate that takes the fewest slips to become `typed`, if few enough for its length.

    A slip is a letter too many, too few, wrong, or two neighbours swapped (optimal string alignment).
    Words up to 3 letters must be right; up to 5 letters one slip is forgiven, above that two, from 10 on three.
    Among equals the alphabet decides, so the answer is always the same.
    """
    forgiven = _forgiven_slips(len(typed))
    found = sorted(
        (slips(typed, candidate), candidate) for candidate in set(candidates) if candidate != typed
    )
    return found[0][1] if found and found[0][0] <= forgiven else None


def slips(left: str, right: str) -> int:
    """How many slips lie between two words (optimal string alignment distance)."""
    before_last: list[int] = []
    last = list(range(len(right) + 1))
    for row, char in enumerate(left, start=1):
        current = [row]
        for column, other in enumerate(right, start=1):
            best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (char != other))
            swapped = row > 1 and column > 1 and char == right[column - 2] and left[row - 2] == other
            if swapped and char != other:
                best = min(best, before_last[column - 2] + 1)
            current.append(best)
        before_last, last = last, current
    return last[-1]


def _forgiven_slips(length: int) -> int:
    for chars_max, forgiven in ((3, 0), (5, 1), (9, 2)):
        if length <= chars_max:
            return forgiven
    return 3
