"""Invented people who bought tickets before the newcomer came. Their addresses go nowhere (RFC 2606)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

GIVEN = (
    "Amparo", "Bruno", "Carmiña", "Dalia", "Elías", "Fátima", "Gaspar", "Hildegard", "Iria", "Joaquín", "Keziah",
    "Leocadia", "Mateo", "Nuria", "Otto", "Priya", "Quique", "Rosario", "Soledad", "Tobias", "Uxía", "Valentín",
    "Wanda", "Ximena", "Yolanda", "Zacarías",
)  # fmt: skip
FAMILY = (
    "Albareda", "Brennan", "Cabrera", "Dorfmann", "Echevarría", "Fontclara", "Guzmán", "Hartwell", "Ibáñez", "Jiménez",
    "Kessler", "Lantigua", "Mejía", "Nakagawa", "Ortolá", "Peralta", "Quiroga", "Rosselló", "Santana", "Tejada",
    "Urrutia", "Valdivieso", "Weissman", "Yoon", "Zapata",
)  # fmt: skip
LANGUAGES = ("es", "es", "en")


@dataclass(frozen=True)
class Person:
    """Somebody who buys, in their language."""

    given: str
    family: str
    language: str

    @property
    def name(self) -> str:
        """As it stands on the order."""
        return f"{self.given} {self.family}"

    @property
    def email(self) -> str:
        """An address that nobody has."""
        plain = (
            unicodedata.normalize("NFKD", f"{self.given}.{self.family}").encode("ascii", "ignore").decode()
        )
        return f"{plain.lower()}@people.example"

    def company(self) -> Iterator[str]:
        """Names for the tickets: this person's, then those of the family they bring along, without end."""
        yield self.name
        start = GIVEN.index(self.given)
        while True:
            start += 1
            yield f"{GIVEN[start % len(GIVEN)]} {self.family}"


def audience(chance: Random) -> Iterator[Person]:
    """People without end."""
    while True:
        yield Person(chance.choice(GIVEN), chance.choice(FAMILY), chance.choice(LANGUAGES))
