"""The sample ticket as an Apple pass: signed by the site's certificate, else by one made this moment.

It never changes: it names no service that would bring news.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tmam.delivery.apple.certificates import (
    PassCertificate,
    load_development_certificate,
    make_development_certificate,
)
from tmam.delivery.apple.document import pass_texts
from tmam.delivery.apple.facts import PassFacts, PassIdentity, Spot
from tmam.delivery.apple.images import pass_images
from tmam.delivery.apple.layout import style_of
from tmam.delivery.apple.package import build_pass
from tmam.delivery.faces import TicketFace
from tmam.delivery.sample import SAMPLE_DOORS_AT, SAMPLE_ENDS_AT, SAMPLE_STARTS_AT, sample_face

LANGUAGES = ("en", "es")
_ADDRESS = "https://tmam.example/"


def sample_pass(face: TicketFace, certificate: PassCertificate | None = None) -> bytes:
    """The pass of a sample face. Without a certificate no iPhone accepts it, but every check of its shape does."""
    if certificate is None:
        certificate = load_development_certificate(make_development_certificate(face.issued_at).decode())
    facts = PassFacts(
        kind="concert",
        starts_at=SAMPLE_STARTS_AT,
        ends_at=SAMPLE_ENDS_AT,
        valid_until=SAMPLE_ENDS_AT + timedelta(hours=5),
        venue=Spot(face.venue_name, "Berlin", address=face.venue_address),
        group="0-1",
        order_url=_ADDRESS,
        doors_at=SAMPLE_DOORS_AT,
        seat_parts=tuple(face.place.split(" · ")),
        performers=(face.organizer_name,),
        support_email="sample@tmam.example",
    )
    identity = PassIdentity(certificate.pass_type, certificate.team, f"sample-{face.language}")
    faces = {code: replace(sample_face(code), holder_name=face.holder_name) for code in LANGUAGES}
    texts = pass_texts(faces, facts, identity, language=face.language)
    images = pass_images(style_of(facts), face.theme.accent_hue, None)
    return build_pass(texts, images, certificate.signer, face.issued_at)
