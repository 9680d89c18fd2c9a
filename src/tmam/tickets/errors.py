"""Errors of tickets, and (from the kernel) those of their tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError
from tmam.kernel.token_errors import (
    TokenError,
    TokenForeignError,
    TokenForgedError,
    TokenKeyUnknownError,
    TokenMalformedError,
)

__all__ = [
    "KeyKeeperAwayError",
    "KeySetUnsignedError",
    "NoSigningKeyError",
    "SigningKeysExhaustedError",
    "TicketBoundError",
    "TicketChangedError",
    "TicketNotFoundError",
    "TokenError",
    "TokenForeignError",
    "TokenForgedError",
    "TokenKeyUnknownError",
    "TokenMalformedError",
]


@dataclass(frozen=True)
class TicketNotFoundError(TmamError):
    """The event has no ticket of that serial."""

    code: ClassVar[str] = "tickets.not_found"
    status: ClassVar[int] = 404
    serial: int = 0


@dataclass(frozen=True)
class NoSigningKeyError(TmamError):
    """The event has no key to sign tickets with: it was put on sale without one."""

    code: ClassVar[str] = "tickets.no_signing_key"
    status: ClassVar[int] = 500
    event_id: int = 0


@dataclass(frozen=True)
class SigningKeysExhaustedError(TmamError):
    """Key ids 1 to 255 of an event are used; a token has no room for another."""

    code: ClassVar[str] = "tickets.signing_keys_exhausted"
    event_id: int = 0


@dataclass(frozen=True)
class TicketBoundError(TmamError):
    """The ticket lives in one device's wallet: nothing else can show its code."""

    code: ClassVar[str] = "tickets.bound_to_device"
    status: ClassVar[int] = 409
    serial: int = 0


@dataclass(frozen=True)
class TicketChangedError(TmamError):
    """The ticket was replaced, cancelled or used up its generations since it was looked at."""

    code: ClassVar[str] = "tickets.changed_meanwhile"
    status: ClassVar[int] = 409
    serial: int = 0


@dataclass(frozen=True)
class KeyKeeperAwayError(TmamError):
    """Who keeps the private halves of signing keys (`keeper`) is not set up or does not answer; `why` is for the operator."""

    code: ClassVar[str] = "tickets.key_keeper_away"
    status: ClassVar[int] = 503
    keeper: str = ""
    why: str = ""


@dataclass(frozen=True)
class KeySetUnsignedError(TmamError):
    """No root has delegated to this server at this moment, so it can publish nothing that others could trust."""

    code: ClassVar[str] = "tickets.key_set_unsigned"
    status: ClassVar[int] = 503
