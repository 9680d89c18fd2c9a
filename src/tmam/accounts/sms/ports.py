"""What a way of sending text messages must be able to do."""

from __future__ import annotations

from typing import Protocol


class SmsSender(Protocol):
    """Sends one text message to one number."""

    def send(self, to: str, text: str) -> str:
        """Hand over the message; returns the provider's reference for it, or nothing.

        Raises:
            SmsLaterError: not now; the same again may work in a few seconds.
            SmsRefusedError: never; saying it again is no use.
        """
        ...


class SmsLaterError(Exception):
    """The provider is away, or busy."""


class SmsRefusedError(Exception):
    """The provider will not take this message."""
