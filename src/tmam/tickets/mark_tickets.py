"""A remark on a ticket that whoever reads its code is told; it never refuses anybody by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tmam.platform.statements import Verb, statement

# The phone that the ticket lives in found that somebody had changed its copy.
WALLET_TAMPERED: Final = "wallet_tampered"
_MARK_TICKETS = statement("tmam.tickets", "mark_tickets")


def mark_tickets(event_id: int, serials: Iterable[int], device_key: bytes, remark: str) -> Verb[None]:
    """Put a remark on tickets of an event, as long as they live in the device with this key (32 bytes).

    A new generation of a ticket has no remark: it is another copy.
    """
    wanted = sorted(set(serials))
    if wanted:
        yield _MARK_TICKETS, (event_id, wanted, device_key, remark)
