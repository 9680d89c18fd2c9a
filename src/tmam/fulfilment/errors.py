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
class LinkStoppedError(TmamError):
    """A genuine link, but the buyer has stopped all links to the order that there were."""

    code: ClassVar[str] = "fulfilment.link_stopped"
    status: ClassVar[int] = 410


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


@dataclass(frozen=True)
class AppleNotSetUpError(TmamError):
    """There is no certificate to sign Apple passes with."""

    code: ClassVar[str] = "fulfilment.apple_not_set_up"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class PassNotYoursError(TmamError):
    """There is no such pass, or its secret was not shown; the two look the same."""

    code: ClassVar[str] = "fulfilment.pass_not_yours"
    status: ClassVar[int] = 401


@dataclass(frozen=True)
class WalletCodeError(TmamError):
    """No such code for a wallet, too old, or another phone has used it."""

    code: ClassVar[str] = "fulfilment.wallet_code"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class WalletOwnerError(TmamError):
    """The account of these tickets is locked or has a second factor, and somebody else is signed in."""

    code: ClassVar[str] = "fulfilment.wallet_owner"
    status: ClassVar[int] = 403


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
