"""Invented people: addresses that go nowhere, names for everyone they bring."""

from __future__ import annotations

from itertools import islice
from random import Random

from tmam.demo.audience import Person, audience


def people(seed: int, count: int) -> list[Person]:
    return list(islice(audience(Random(seed)), count))  # noqa: S311 — a look, not a secret


def test_addresses_are_plain_and_go_nowhere() -> None:
    assert Person("Elías", "Ibáñez", "es").email == "elias.ibanez@people.example"
    assert all(person.email.isascii() for person in people(1, 200))


def test_the_same_chance_gives_the_same_people() -> None:
    assert people(7, 5) == people(7, 5)


def test_company_is_never_short_of_names() -> None:
    names = list(islice(Person("Zacarías", "Yoon", "en").company(), 10))
    assert names[0] == "Zacarías Yoon"
    assert len(set(names)) == 10
