"""Errors of delivery: a file could not be made. The ticket itself is never at stake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError


@dataclass(frozen=True)
class RenderFailedError(TmamError):
    """The file could not be made; the reason is in the log. Trying again gives the same ticket, never a second."""

    code: ClassVar[str] = "delivery.render_failed"
    status: ClassVar[int] = 500
    format: str = ""


@dataclass(frozen=True)
class RenderBusyError(TmamError):
    """Too many files are being made this moment; trying again in `retry_after_s` is right."""

    code: ClassVar[str] = "delivery.busy"
    status: ClassVar[int] = 503
    retry_after_s: int = 5


@dataclass(frozen=True)
class TooManyTicketsError(TmamError):
    """More tickets than one file may hold; download them one by one or in parts."""

    code: ClassVar[str] = "delivery.too_many_tickets"
    status: ClassVar[int] = 413
    count: int = 0
    limit: int = 0


@dataclass(frozen=True)
class PasswordNotUsableError(TmamError):
    """This password cannot protect a file. `reason`: `short`, `long` (in bytes) or `characters`."""

    code: ClassVar[str] = "delivery.password_not_usable"
    status: ClassVar[int] = 422
    reason: str = ""
    limit: int = 0


@dataclass(frozen=True)
class CertificateNotUsableError(TmamError):
    """The certificate that signs PDFs is not usable: the operator must look. `reason` is a word for the log."""

    code: ClassVar[str] = "delivery.certificate_not_usable"
    status: ClassVar[int] = 503
    reason: str = ""


@dataclass(frozen=True)
class StoreAwayError(TmamError):
    """The store of finished files does not answer; the tickets are safe, and trying again later is right."""

    code: ClassVar[str] = "delivery.store_away"
    status: ClassVar[int] = 503
    retry_after_s: int = 15
