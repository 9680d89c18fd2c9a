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
class WalletCodeError(TmamError):
    """No such code for a wallet, too old, or another phone has used it."""

    code: ClassVar[str] = "fulfilment.wallet_code"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class WalletProofError(TmamError):
    """A phone's message is not signed by its key, or answers a challenge that is too old."""

    code: ClassVar[str] = "fulfilment.wallet_proof"
    status: ClassVar[int] = 401


@dataclass(frozen=True)
class WalletRaceError(TmamError):
    """Another phone took these tickets a moment ago, or they changed otherwise."""

    code: ClassVar[str] = "fulfilment.wallet_race"
    status: ClassVar[int] = 409
