"""Stations as people type them: found by the beginnings of words, without regard to accents, and by codes. Pure."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property

TYPED_MAX = 80
CHOICES_MAX = 12
ALIKE = 0.72


@dataclass(frozen=True)
class Stop:
    """A station or airport where trips call. `label` names it and nothing else; `lines` is how many call there.

    `code` is an airport's (IATA), else empty.
    """

    venue_id: int
    name: str
    city: str
    country: str
    code: str
    time_zone: str
    change_minutes: int | None
    lines: int
    label: str = ""

    @cached_property
    def words(self) -> tuple[str, ...]:
        """What it may be found by."""
        return tuple(dict.fromkeys(fold(f"{self.label} {self.name} {self.city}").split()))


class Stations:
    """All stations with trips, the busiest first."""

    def __init__(self, stops: Iterable[Stop]) -> None:
        self.stops = _labelled(list(stops))
        self.by_venue = {stop.venue_id: stop for stop in self.stops}
        self._by_label = {fold(stop.label): stop for stop in self.stops}

    def find(self, typed: str) -> list[Stop]:
        """Whatever the typed text may mean, the likeliest first: exactly one if it names one, none if nothing fits."""
        text = fold(typed[:TYPED_MAX])
        if not text:
            return []
        if text in self._by_label:
            return [self._by_label[text]]
        named = [stop for stop in self.stops if text in {fold(stop.name), fold(stop.code)} - {""}]
        if len(named) == 1:
            return named
        asked = text.split()
        fitting = [stop for stop in self.stops if all(_begins(stop.words, word) for word in asked)]
        if not fitting:
            close = get_close_matches(text, self._by_label, n=CHOICES_MAX, cutoff=ALIKE)
            fitting = [self._by_label[label] for label in close]
        fitting.sort(key=lambda stop: (not fold(stop.label).startswith(text), -stop.lines))
        return fitting[:CHOICES_MAX]


def fold(text: str) -> str:
    """A text without accents, case and signs: `Málaga-María Zambrano` → `malaga maria zambrano`."""
    plain = (char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join("".join(char if char.isalnum() else " " for char in plain).casefold().split())


def _begins(words: Sequence[str], typed: str) -> bool:
    return any(word.startswith(typed) for word in words)


def _labelled(stops: list[Stop]) -> list[Stop]:
    """Each with a label of its own: the name, with the airport's code, and a number where names repeat."""
    labels = [f"{stop.name} ({stop.code})" if stop.code else stop.name for stop in stops]
    counts = Counter(map(fold, labels))
    return [
        replace(stop, label=label if counts[fold(label)] == 1 else f"{label} [{stop.venue_id}]")
        for stop, label in zip(stops, labels, strict=True)
    ]
