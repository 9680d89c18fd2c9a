"""Mail proves whose it is: signed on its way to a real SMTP server, broken by any change, found in DNS."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.core.mail import EmailMultiAlternatives
from msgspec.structs import replace

from tests.notifications.post_office import PostOffice, open_post_office
from tmam.notifications.dkim_signing import DkimKey, dkim_key, dns_records
from tmam.notifications.transports import open_transport
from tmam.platform.settings import Settings


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state=tmp_path, dkim_selector="2026a", mail_from="tmam <tickets@tickets.example>")


def sent(settings: Settings, post_office: PostOffice, key: DkimKey | None) -> bytes:
    mail = EmailMultiAlternatives(
        "Your tickets for «Größe» are here",
        "Hello Ana,\n\nhere they are: déjà.  Two spaces.\n.\nA line with a dot above.\n",
        settings.mail_from,
        ["ana@buyers.example"],
        reply_to=["help@tickets.example"],
        headers={"Content-Language": "es", "Message-ID": "<1@tickets.example>"},
    )
    mail.attach_alternative("<p>Wörds</p>", "text/html")
    mail.attach("event.ics", b"BEGIN:VCALENDAR", "text/calendar")
    assert open_transport(post_office.url, settings.state, key).send_messages([mail]) == 1
    return post_office.letters[-1]


def is_proven(raw: bytes, key: DkimKey) -> bool:
    def lookup(name: bytes, timeout: int = 5) -> bytes | None:
        return key.record.encode() if name.decode().rstrip(".") == key.record_name else None

    return bool(dkim.verify(raw, dnsfunc=lookup))


def test_a_mail_arrives_signed_and_every_change_breaks_it(
    settings: Settings, post_office: PostOffice
) -> None:
    key = dkim_key(settings)
    assert key is not None
    raw = sent(settings, post_office, key)
    assert is_proven(raw, key)
    assert re.search(rb"d=tickets\.example;", raw)
    forged = {
        "a word of the text": raw.replace(b"here they are", b"there they are"),
        "the subject": re.sub(rb"(?m)^Subject: .*$", b"Subject: You won", raw, count=1),
        "the sender's name": raw.replace(b"From: tmam", b"From: Bank", 1),
        "a second sender": b"From: Bank <bank@tickets.example>\r\n" + raw,
        "where answers go": raw.replace(b"Reply-To: help@", b"Reply-To: thief@"),
    }
    for what, changed in forged.items():
        assert changed != raw, what
        assert not is_proven(changed, key), what


def test_the_signature_holds_by_the_letter_of_the_rfc(settings: Settings, post_office: PostOffice) -> None:
    """RFC 6376 read again, without the library that signed: body hash, then the headers named by `h=`."""
    key = dkim_key(settings)
    assert key is not None
    head, _, body = sent(settings, post_office, key).partition(b"\r\n\r\n")
    headers = [
        (name.lower().strip().decode(), re.sub(rb"\s+", b" ", value).strip())
        for name, _, value in (
            line.partition(b":") for line in re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n")
        )
    ]
    signature = dict(headers)["dkim-signature"].decode()
    tags = {
        name.strip(): re.sub(r"\s", "", value)
        for name, _, value in (tag.partition("=") for tag in signature.split(";"))
    }
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    relaxed = b"\r\n".join(lines).rstrip(b"\r\n") + b"\r\n"
    assert base64.b64decode(tags["bh"]) == hashlib.sha256(relaxed).digest()

    signed, left = b"", list(reversed(headers))  # of equal names the lowest is signed first
    for name in tags["h"].lower().split(":"):
        found = next((header for header in left if header[0] == name), None)
        if found is not None:
            left.remove(found)
            signed += name.encode() + b":" + found[1] + b"\r\n"
    signed += b"dkim-signature:" + re.sub(r"b=[^;]*$", "b=", signature.strip()).encode()
    public = serialization.load_der_public_key(base64.b64decode(key.record.partition("p=")[2]))
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(base64.b64decode(tags["b"]), signed, padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(tags["b"]), signed + b" ", padding.PKCS1v15(), hashes.SHA256())


def test_without_a_selector_mail_goes_out_unsigned(settings: Settings, post_office: PostOffice) -> None:
    plain = replace(settings, dkim_selector="")
    assert dkim_key(plain) is None
    assert b"DKIM-Signature" not in sent(plain, post_office, None)


def test_the_key_is_made_once_for_its_owner_only_and_another_selector_is_another_key(
    settings: Settings,
) -> None:
    first, again = dkim_key(settings), dkim_key(settings)
    assert first == again
    assert ((settings.state / "keys" / "dkim_2026a").stat().st_mode & 0o777) == 0o600
    assert dkim_key(replace(settings, dkim_selector="2026b")) != first


def test_dns_says_where_the_key_is_and_that_forged_mail_is_to_be_refused(settings: Settings) -> None:
    key = dkim_key(settings)
    assert key is not None
    records = dict(dns_records(settings, key))
    assert records["2026a._domainkey.tickets.example"].startswith("v=DKIM1; k=rsa; p=MII")
    assert records["_dmarc.tickets.example"] == "v=DMARC1; p=reject; adkim=s; aspf=r"
    assert "_dmarc.tickets.example" in dict(dns_records(settings, None))
