"""A device that binds its tickets to a new key of its own shows its old codes until it has the new ones for certain.

The answer may be lost on the way to it, and the next thing may be a door without a connection. So of such a ticket two
codes admit, once between them, until the device proves by its new key that it has the new one.
"""

from __future__ import annotations

from collections.abc import Iterable

from tmam.platform.statements import Verb, statement

_FORGET_FORMER = statement("tmam.tickets", "forget_former")


def forget_former(event_id: int, serials: Iterable[int], device_key: bytes) -> Verb[None]:
    """The device with this key (32 bytes) has the present codes of these tickets: those before admit nobody any more."""
    wanted = sorted(set(serials))
    if wanted:
        yield _FORGET_FORMER, (event_id, wanted, device_key)
