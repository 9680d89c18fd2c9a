"""How mail leaves the house: an SMTP server, or a folder (Maildir) that is shown at `/demo/mail/`.

The transport is a Django mail backend made from one address, `TMAM_MAIL_URL`.
"""

from __future__ import annotations

import mailbox
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from tmam.notifications.dkim_signing import DkimKey, SigningSmtpBackend

SMTP_TIMEOUT_S = 20
SMTP_PORTS = {"smtp": 587, "smtps": 465}
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class FolderBackend(BaseEmailBackend):
    """Keeps mails in a Maildir instead of sending them."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store each message; returns how many."""
        box = open_mail_folder(self.folder)
        for message in email_messages:
            box.add(message.message().as_bytes())
        return len(email_messages)


def open_transport(mail_url: str, state: Path, key: DkimKey | None = None) -> BaseEmailBackend:
    """The transport for a `TMAM_MAIL_URL`.

    `smtp://user:password@host:587` speaks STARTTLS, except to a server on this machine; `smtps://` is TLS
    from the first byte; `folder:` keeps mail under `<state>/mail`. What goes to a server is signed with `key`.

    Raises:
        ValueError: the address has another scheme or names no host.
    """
    parts = urlsplit(mail_url)
    if parts.scheme == "folder":
        return FolderBackend(mail_folder(state))
    if parts.scheme not in SMTP_PORTS or not parts.hostname:
        raise ValueError("TMAM_MAIL_URL must be smtp://host, smtps://host or folder:")
    return SigningSmtpBackend(
        key=key,
        host=parts.hostname,
        port=parts.port or SMTP_PORTS[parts.scheme],
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp" and parts.hostname not in THIS_MACHINE,
        use_ssl=parts.scheme == "smtps",
        timeout=SMTP_TIMEOUT_S,
    )


def mail_folder(state: Path) -> Path:
    """Where `folder:` keeps mail."""
    return state / "mail"


def open_mail_folder(folder: Path) -> mailbox.Maildir:
    """The Maildir, made on first use (readable by this user only: mails carry links that open tickets)."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    is_new = not folder.exists()
    box = mailbox.Maildir(folder, create=True)
    if is_new:
        folder.chmod(0o700)
    return box
