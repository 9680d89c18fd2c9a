"""Errors on the way from an order to its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError


@dataclass(frozen=True)
class FormNotKnownError(TmamError):
    """There is no such form of a ticket, or it holds one ticket and several were asked for."""

    code: ClassVar[str] = "fulfilment.form_not_known"
    status: ClassVar[int] = 404
    form: str = ""


@dataclass(frozen=True)
class GoogleNotSetUpError(TmamError):
    """Google Wallet is not set up here: no issuer, no service account, or its key file cannot be used."""

    code: ClassVar[str] = "fulfilment.google_not_set_up"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class GoogleNotReachedError(TmamError):
    """Google did not answer, or asked us to come back; the ticket is safe, and trying again gives the same pass."""

    code: ClassVar[str] = "fulfilment.google_not_reached"
    status: ClassVar[int] = 503
    retry_after_s: int = 30


@dataclass(frozen=True)
class GoogleRefusedError(TmamError):
    """Google refused the pass; `answer` is the HTTP status. The operator has to look; other forms work."""

    code: ClassVar[str] = "fulfilment.google_refused"
    status: ClassVar[int] = 502
    answer: int = 0
