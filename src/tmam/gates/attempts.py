"""An attempt to enter, as it comes in, and its outcome, as it goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from tmam.gates.rules import KnownTicket, Verdict, verdict_of
from tmam.kernel.errors import TmamError

AttemptKey: TypeAlias = tuple[UUID, UUID]


@dataclass(frozen=True)
class Attempt:
    """One scan of one device: a `code` that was read or typed, or the `serial` a steward chose from a list.

    `id` becomes the scan's; `nonce` is the device's own name for this attempt, the same however often it is
    sent; `expected_date` is the date being let in, None for whichever is open; `at` is our clock.
    """

    id: UUID
    device_id: UUID
    nonce: UUID
    gate_number: int
    at: datetime
    code: str = ""
    serial: int | None = None
    expected_date: int | None = None
    request_id: str = ""

    @property
    def key(self) -> AttemptKey:
        """What makes two requests the same attempt."""
        return self.device_id, self.nonce


@dataclass(frozen=True)
class Outcome:
    """The answer to an attempt: `error` says why not to admit, None admits.

    `ticket` is the one that was recognised, if any; `at` and `scan_id` are those of the first time when the
    request `is_repeat`ed. `is_live`: the code proved that its screen is live.
    """

    scan_id: UUID
    at: datetime
    ticket: KnownTicket | None = None
    error: TmamError | None = None
    is_repeat: bool = False
    is_live: bool = False

    @property
    def verdict(self) -> Verdict:
        """The colour."""
        return verdict_of(self.error)
