"""What can be wrong with a payment, as people and machines are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError


class PaymentError(TmamError):
    """Any refusal of the payments."""


@dataclass(frozen=True)
class PaymentNotFoundError(PaymentError):
    """There is no such payment, or it is somebody else's."""

    code: ClassVar[str] = "payments.payment_not_found"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class NoGatewayError(PaymentError):
    """The operator has installed no gateway (in production: none but pretend ones), so nothing with a price can be sold."""

    code: ClassVar[str] = "payments.no_gateway"
    status: ClassVar[int] = 503


@dataclass(frozen=True)
class DeclinedError(PaymentError):
    """The card was refused; nothing was charged, the places stay reserved. `reason`: see `ports.DeclineReason`."""

    code: ClassVar[str] = "payments.declined"
    status: ClassVar[int] = 402
    reason: str


@dataclass(frozen=True)
class NotInstantError(PaymentError):
    """This way of paying needs the checkout's pages: the bank may want to ask, or answers later. `continue_at` is a path."""

    code: ClassVar[str] = "payments.not_instant"
    continue_at: str
