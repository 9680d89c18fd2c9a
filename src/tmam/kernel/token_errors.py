"""Why a code that was read at a gate is not a ticket. `tmam.tickets.errors` offers them beside its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tmam.kernel.errors import TmamError


@dataclass(frozen=True)
class TokenError(TmamError):
    """What was read cannot admit anybody; the subclasses say why."""

    status: ClassVar[int] = 422


@dataclass(frozen=True)
class TokenForeignError(TokenError):
    """A text that was never a ticket of ours: a web address, another system's code, noise."""

    code: ClassVar[str] = "tickets.token_foreign"


@dataclass(frozen=True)
class TokenMalformedError(TokenError):
    """It begins like one of ours but is cut off, mistyped or of a newer format; `length` is what was read.

    Lengths count characters without blanks; `needed` would be right: 146, or 154 with live digits, or 306 if bound.
    """

    code: ClassVar[str] = "tickets.token_malformed"
    length: int = 0
    needed: int = 146


@dataclass(frozen=True)
class TokenKeyUnknownError(TokenError):
    """Well formed, but the event has no such key: forged, or this gate's keys are older than the ticket."""

    code: ClassVar[str] = "tickets.token_key_unknown"
    key_id: int = 0


@dataclass(frozen=True)
class TokenForgedError(TokenError):
    """Well formed, but not signed by us: forged or changed."""

    code: ClassVar[str] = "tickets.token_forged"
