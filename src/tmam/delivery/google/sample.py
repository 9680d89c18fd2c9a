"""A sample pass for inspection: the bodies that Google would be told, and a link signed with a key made here.

Google knows neither issuer nor key, so the link opens nothing; a save link that works needs an issuer's account.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt

from tmam.delivery.faces import TicketFace
from tmam.delivery.google.passes import PassFacts, TicketFacts, class_id, object_id, pass_class, pass_object
from tmam.delivery.google.save_link import save_link
from tmam.delivery.sample import SAMPLE_ENDS_AT, SAMPLE_STARTS_AT
from tmam.kernel.live_digits import live_secret
from tmam.kernel.sample_key import SAMPLE_PRIVATE_KEY

SAMPLE_ISSUER = "3388000000000000000"


def sample_google(face: TicketFace, now: datetime) -> bytes:
    """JSON of a sample: `class`, `object` and `link`."""
    facts = PassFacts(
        kind="eventTicket",
        key="0-1",
        title={face.language: face.event_title},
        organizer=face.organizer_name,
        starts_at=SAMPLE_STARTS_AT,
        ends_at=SAMPLE_ENDS_AT,
        venue=face.venue_name,
        address=face.venue_address,
        country="DE",
        accent_hue=face.theme.accent_hue,
        logo_url="https://tmam.example/logo.png",
        page_url="https://tmam.example/",
        language=face.language,
        code=face.theme.code,
    )
    ticket = TicketFacts(
        suffix="t-0-7-sample",
        serial=face.serial,
        booking_reference=face.booking_reference,
        ticket_type={face.language: face.ticket_type},
        holder_name=face.holder_name,
        place=face.place,
        token=face.token,
        live_secret=live_secret(SAMPLE_PRIVATE_KEY, 0, face.serial, 0),
        valid_from=SAMPLE_STARTS_AT - timedelta(hours=2),
        valid_until=SAMPLE_STARTS_AT + timedelta(hours=8),
    )
    link, _ = save_link(
        crypt.RSASigner.from_string(_new_key(), "sample"),
        account="sample@tmam.example",
        origin="https://tmam.example",
        objects=[("eventTicket", object_id(SAMPLE_ISSUER, ticket.suffix), class_id(SAMPLE_ISSUER, facts))],
        now=now,
    )
    document = {
        "class": pass_class(SAMPLE_ISSUER, facts),
        "object": pass_object(SAMPLE_ISSUER, facts, ticket),
        "link": link,
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def _new_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
