"""DKIM (RFC 6376): every mail is signed for the sender's domain, so that nobody else's mail passes for ours.

The key is RSA-2048 (RFC 8301; Ed25519 is not read everywhere yet), made once and kept in the state folder.
`tmam mail-dns` prints what belongs into the domain's DNS.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any, Final

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend

from tmam.platform.kept_secrets import kept_secret
from tmam.platform.settings import Settings

KEY_BITS: Final = 2048
# From must be signed; the rest is what a forger would want to change. Named once more than they occur ("oversigned"),
# From and Subject cannot be added a second time either.
SIGNED_HEADERS: Final = (
    b"From",
    b"From",
    b"Reply-To",
    b"Subject",
    b"Subject",
    b"Date",
    b"To",
    b"Message-ID",
    b"MIME-Version",
    b"Content-Type",
    b"Content-Language",
)


@dataclass(frozen=True)
class DkimKey:
    """A private key (PEM) with the place of its public half: `<selector>._domainkey.<domain>`."""

    domain: str
    selector: str
    private_pem: bytes

    @property
    def record_name(self) -> str:
        """The name of the TXT record."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The text of the TXT record: version, kind and public key (RFC 6376, 3.6.1)."""
        private = serialization.load_pem_private_key(self.private_pem, password=None)
        public = private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"

    def signature_of(self, message: Any) -> str:
        """The value of the `DKIM-Signature` header for a message of Django's as its SMTP backend will send it."""
        header: bytes = dkim.sign(
            message.as_bytes(linesep="\r\n"),
            self.selector.encode(),
            self.domain.encode(),
            self.private_pem,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=_present(message),
        )
        return " ".join(header.decode("ascii").partition(":")[2].split())


def dkim_key(settings: Settings) -> DkimKey | None:
    """The key that mails are signed with; None while `TMAM_DKIM_SELECTOR` is empty."""
    if not settings.dkim_selector:
        return None
    folder, name = settings.state / "keys", f"dkim_{settings.dkim_selector}"
    pem = kept_secret(folder, name, None if (folder / name).exists() else _new_key())
    return DkimKey(sender_domain(settings), settings.dkim_selector, pem.encode())


def sender_domain(settings: Settings) -> str:
    """The one domain that all mail comes from."""
    return parseaddr(settings.mail_from)[1].rpartition("@")[2].lower()


def dns_records(settings: Settings, key: DkimKey | None) -> list[tuple[str, str]]:
    """The (name, text) of every TXT record that proves our mail: DKIM, and what to do with mail that fails (DMARC).

    SPF names the servers that send, which only the operator of the mail server knows: it is left to them.
    """
    domain = sender_domain(settings)
    records = [(f"_dmarc.{domain}", "v=DMARC1; p=reject; adkim=s; aspf=r")]
    if key is not None:
        records.insert(0, (key.record_name, key.record))
    return records


class SigningSmtpBackend(SmtpBackend):
    """Sends mail with its DKIM signature."""

    def __init__(self, *, key: DkimKey | None, **options: Any) -> None:
        super().__init__(**options)
        self.key = key

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Sign and send each message; returns how many went out."""
        if self.key is not None:
            email_messages = [_Signed.of(message, self.key) for message in email_messages]
        return super().send_messages(email_messages)


class _Signed(EmailMessage):
    """A message whose bytes end with a signature over themselves."""

    original: EmailMessage
    key: DkimKey

    @classmethod
    def of(cls, message: EmailMessage, key: DkimKey) -> _Signed:
        signed = cls(from_email=message.from_email, to=message.to, cc=message.cc, bcc=message.bcc)
        signed.original, signed.key = message, key
        return signed

    def message(self, *, policy: Any = None) -> Any:
        """The message with its signature; Django 5.2 passes no policy yet."""
        written = self.original.message() if policy is None else self.original.message(policy=policy)
        written["DKIM-Signature"] = self.key.signature_of(written)
        return written


def _present(message: Any) -> list[bytes]:
    return [name for name in SIGNED_HEADERS if name.decode() in message]


def _new_key() -> bytes:
    return rsa.generate_private_key(public_exponent=65_537, key_size=KEY_BITS).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
