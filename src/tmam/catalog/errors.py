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


class LogoError(TmamError):
    """Any refusal of an uploaded logo."""

    status: ClassVar[int] = 422


@dataclass(frozen=True)
class LogoTooLargeError(LogoError):
    """The file is larger than `limit_kb` kilobytes."""

    code: ClassVar[str] = "catalog.logo_too_large"
    status: ClassVar[int] = 413
    limit_kb: int


@dataclass(frozen=True)
class LogoNotAPictureError(LogoError):
    """The file is no PNG, JPEG or WebP, whatever its name says."""

    code: ClassVar[str] = "catalog.logo_not_a_picture"


@dataclass(frozen=True)
class LogoDamagedError(LogoError):
    """The file begins like a picture, but cannot be read to its end."""

    code: ClassVar[str] = "catalog.logo_damaged"


@dataclass(frozen=True)
class LogoTooManyPixelsError(LogoError):
    """The picture is wider or higher than `most` pixels."""

    code: ClassVar[str] = "catalog.logo_too_many_pixels"
    most: int


@dataclass(frozen=True)
class LogoTooSlowError(LogoError):
    """Reading the picture takes longer than any picture of that size needs."""

    code: ClassVar[str] = "catalog.logo_too_slow"


@dataclass(frozen=True)
class LogoAnimatedError(LogoError):
    """The picture moves; paper does not."""

    code: ClassVar[str] = "catalog.logo_animated"


@dataclass(frozen=True)
class LogoInvisibleError(LogoError):
    """On white paper nothing of the picture would be seen."""

    code: ClassVar[str] = "catalog.logo_invisible"
