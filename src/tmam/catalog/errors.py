"""Why the catalogue is not changed as somebody asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError


@dataclass(frozen=True)
class DateFixedError(TmamError):
    """The date cannot be changed: it is over, cancelled, or a trip whose times come from its timetable."""

    code: ClassVar[str] = "catalog.date_fixed"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class DateChangedSinceError(TmamError):
    """Somebody else changed the date after it was looked at."""

    code: ClassVar[str] = "catalog.date_changed_since"
    status: ClassVar[int] = 409


@dataclass(frozen=True)
class DateImpossibleError(TmamError):
    """The new times do not fit together, or into the calendar: `problem` is one of `date_rules.Problem`."""

    code: ClassVar[str] = "catalog.date_impossible"
    status: ClassVar[int] = 422
    problem: str = ""


@dataclass(frozen=True)
class DesignChangedSinceError(TmamError):
    """Somebody else changed the ticket design after it was looked at."""

    code: ClassVar[str] = "catalog.design_changed_since"
    status: ClassVar[int] = 409
