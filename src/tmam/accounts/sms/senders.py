"""Which way text messages go, from the operator's one setting."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from tmam.accounts.sms.outbox import OutboxSender, outbox_folder
from tmam.accounts.sms.ports import SmsSender
from tmam.accounts.sms.twilio_sender import TwilioSender
from tmam.platform.settings import Settings


def open_sender(sms_url: str, state: Path) -> SmsSender:
    """The sender for a `TMAM_SMS_URL`.

    Raises:
        ValueError: the address has another scheme, or lacks account, token or sender.
    """
    parts = urlsplit(sms_url)
    if parts.scheme == "outbox":
        return OutboxSender(outbox_folder(state))
    account, token = unquote(parts.username or ""), unquote(parts.password or "")
    # Not `parts.hostname`, which would write a messaging service's name in small letters.
    sender = unquote(parts.netloc.rpartition("@")[2])
    if parts.scheme != "twilio" or not (account and token and sender):
        raise ValueError("TMAM_SMS_URL must be twilio://account-sid:token@sender or outbox:")
    base = parse_qs(parts.query).get("base", [""])[0]
    return TwilioSender(account, token, sender, base.rstrip("/"))


def is_sms_offered(settings: Settings) -> bool:
    """Whether codes reach phones. In production the outbox reaches nobody."""
    return settings.mode != "production" or not settings.sms_url.startswith("outbox:")
