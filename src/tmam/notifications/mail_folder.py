"""Reading the mails that the `folder:` transport kept, newest first."""

from __future__ import annotations

import email
import email.policy
import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from tmam.notifications.transports import open_mail_folder

MOST_SHOWN = 200


@dataclass(frozen=True)
class KeptAttachment:
    """A file that came with a mail."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class KeptMail:
    """One mail of the folder. `key` is its file's unique name."""

    key: str
    subject: str
    to: str
    sender: str
    at: datetime
    language: str
    plain: str
    html: str
    attachments: tuple[KeptAttachment, ...]


def newest_mails(folder: Path, limit: int = MOST_SHOWN) -> list[KeptMail]:
    """The newest mails, newest first."""
    box = open_mail_folder(folder)
    keys = sorted(box.iterkeys(), key=_arrival, reverse=True)[:limit]
    return [mail for key in keys if (mail := _read(box, key)) is not None]


def find_mail(folder: Path, key: str) -> KeptMail | None:
    """One mail by its key, or None. The key is looked up in the folder's own list, never used as a path."""
    box = open_mail_folder(folder)
    return _read(box, key) if key in set(box.iterkeys()) else None


def _arrival(key: str) -> tuple[float, str]:
    # A Maildir name starts with the second it arrived, then microseconds: `1764500000.M12345P…`.
    seconds, _, rest = key.partition(".")
    micros = rest.removeprefix("M").partition("P")[0]
    return (float(seconds or 0) + float(micros or 0) / 1e6 if (seconds + micros).isdigit() else 0.0, key)


def _read(box: mailbox.Maildir, key: str) -> KeptMail | None:
    try:
        raw = box.get_bytes(key)
    except (KeyError, FileNotFoundError):
        return None  # taken away between listing and reading
    message = email.message_from_bytes(raw, policy=email.policy.default)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    return KeptMail(
        key=key,
        subject=str(message["Subject"] or ""),
        to=str(message["To"] or ""),
        sender=str(message["From"] or ""),
        at=parsedate_to_datetime(str(message["Date"])),
        language=str(message["Content-Language"] or "en"),
        plain=str(plain.get_content()) if plain else "",
        html=str(html.get_content()) if html else "",
        attachments=tuple(_attachments(message)),
    )


def _attachments(message: EmailMessage) -> Iterator[KeptAttachment]:
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        yield KeptAttachment(
            part.get_filename() or "file",
            part.get_content_type(),
            content if isinstance(content, bytes) else b"",
        )
