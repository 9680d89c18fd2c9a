"""Everything a capability keeps about people, in two registries: what it can hand over, and how it forgets.

A capability that keeps something about a person registers a `Part` for the download ("my data") and, unless the rows
go with the account by themselves, a step that forgets the person once the account is gone (`erasure`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.utils.functional import Promise

Words: TypeAlias = str | Promise


@dataclass(frozen=True)
class Person:
    """Whose data: the account's number and every address they have proven, in lower case."""

    user_id: int
    addresses: frozenset[str]


@dataclass(frozen=True)
class Part:
    """One file of the download. `fields` says what each field of a row means; `rows` is read as it is written out."""

    name: str
    title: Words
    fields: Mapping[str, Words]
    rows: Callable[[Person], Iterator[Mapping[str, Any]]]


@dataclass(frozen=True)
class Departed:
    """A person whose account is gone. Only what was there at `until` is theirs: addresses find new owners."""

    addresses: frozenset[str]
    until: datetime


Forget: TypeAlias = Callable[[Departed, datetime], bool]
_parts: dict[str, Part] = {}
_steps: dict[str, Forget] = {}


def exports(part: Part) -> Part:
    """Register a part of the download.

    Raises:
        ValueError: another part has that name.
    """
    if _parts.setdefault(part.name, part) is not part:
        raise ValueError(f"two parts of the download are called {part.name}")
    return part


def parts() -> Sequence[Part]:
    """All parts, in the order in which the capabilities registered them."""
    return tuple(_parts.values())


def forgets(name: str) -> Callable[[Forget], Forget]:
    """Register a step of an erasure under a name that never changes.

    The step must be safe to repeat, may be interrupted anywhere, and answers whether nothing is left to forget;
    it is called again, later, until then.
    """

    def register(step: Forget) -> Forget:
        if _steps.setdefault(name, step) is not step:
            raise ValueError(f"two steps of an erasure are called {name}")
        return step

    return register


def steps() -> Mapping[str, Forget]:
    """All steps by name, in the order in which the capabilities registered them."""
    return dict(_steps)
