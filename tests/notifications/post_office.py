"""A real SMTP server on loopback that keeps what it gets."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage as ParsedMail

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class PostOffice:
    """What came over the wire, oldest first. `refusal` is what it answers to every mail, if set."""

    port: int = 0
    refusal: str = ""
    letters: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its TMAM_MAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def mails(self) -> list[ParsedMail]:
        """The mails, read."""
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.letters]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        del server, session
        if self.refusal:
            return self.refusal
        assert isinstance(envelope.original_content, bytes)
        self.letters.append(envelope.original_content)
        return "250 OK"


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Open from here to the end of the block."""
    office = PostOffice(port=free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
