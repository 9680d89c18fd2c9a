"""What can go wrong on the way from a basket to tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError


class OrderError(TmamError):
    """Any refusal of the checkout."""


@dataclass(frozen=True)
class CheckoutNotFoundError(OrderError):
    """There is no such checkout, or it belongs to another visitor; the answer does not tell which."""

    code: ClassVar[str] = "orders.checkout_not_found"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class CheckoutClosedError(OrderError):
    """This checkout was paid or given up, so nothing in it can change any more."""

    code: ClassVar[str] = "orders.checkout_closed"


@dataclass(frozen=True)
class BasketChangedError(OrderError):
    """What is in the basket, or its price, is not what the buyer saw when pressing the button."""

    code: ClassVar[str] = "orders.basket_changed"


@dataclass(frozen=True)
class DetailsMissingError(OrderError):
    """E-mail, name or a ticket's name is still missing."""

    code: ClassVar[str] = "orders.details_missing"


@dataclass(frozen=True)
class TermsNotAcceptedError(OrderError):
    """The terms, or the newest version of them, were not accepted."""

    code: ClassVar[str] = "orders.terms_not_accepted"
    status: ClassVar[int] = 400


@dataclass(frozen=True)
class PaymentRunningError(OrderError):
    """A payment for this basket is on its way, so the basket stays as it is until its answer is known."""

    code: ClassVar[str] = "orders.payment_running"


@dataclass(frozen=True)
class TooManyAttemptsError(OrderError):
    """Paying was tried `most` times and never worked; no more attempts for this basket."""

    code: ClassVar[str] = "orders.too_many_attempts"
    status: ClassVar[int] = 429
    most: int


@dataclass(frozen=True)
class BasketFullError(OrderError):
    """One checkout holds at most `most` reservations."""

    code: ClassVar[str] = "orders.basket_full"
    most: int


@dataclass(frozen=True)
class InCheckoutError(OrderError):
    """These places lie in a basket on the web pages and are bought there."""

    code: ClassVar[str] = "orders.in_checkout"


@dataclass(frozen=True)
class TotalChangedError(OrderError):
    """The price is not what the buyer agreed to; `total_minor` is what it is."""

    code: ClassVar[str] = "orders.total_changed"
    total_minor: int
