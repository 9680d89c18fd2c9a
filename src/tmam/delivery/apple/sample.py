"""The sample ticket as a pass: to see whether a phone takes it. It is never updated, and no gate accepts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tmam.delivery.apple.document import pass_texts
from tmam.delivery.apple.facts import PassFacts, PassIdentity, Spot
from tmam.delivery.apple.images import pass_images
from tmam.delivery.apple.layout import style_of
from tmam.delivery.apple.package import build_pass
from tmam.delivery.apple.site_certificate import sample_certificate
from tmam.delivery.faces import TicketFace
from tmam.delivery.sample import sample_face

ZONE = ZoneInfo("Europe/Berlin")
_DOORS, _AFTER = timedelta(minutes=45), timedelta(hours=2)


def sample_pass(face: TicketFace, starts_at: datetime, ends_at: datetime) -> bytes:
    """The sample of a face (see `delivery.sample`), signed by the site's certificate or by a self-made one."""
    certificate = sample_certificate()
    starts, ends = starts_at.astimezone(ZONE), ends_at.astimezone(ZONE)
    facts = PassFacts(
        kind="concert",
        starts_at=starts,
        ends_at=ends,
        valid_until=ends + _AFTER,
        venue=Spot(face.venue_name, "Berlin", address=face.venue_address),
        group="sample",
        order_url="https://tmam.example/",
        tickets_url="https://tmam.example/",
        doors_at=starts - _DOORS,
        seat_parts=tuple(face.place.split(" · ")),
        performers=(face.organizer_name,),
    )
    language = face.language.partition("-")[0]
    faces = {code: replace(sample_face(code), holder_name=face.holder_name) for code in ("en", "es")}
    faces[language] = face
    identity = PassIdentity(certificate.pass_type, certificate.team, f"sample-{language}")
    texts = pass_texts(faces, facts, identity, language=language)
    images = pass_images(style_of(facts), face.theme.accent_hue, face.poster_svg, face.theme.logo)
    return build_pass(texts, images, certificate.signer, face.issued_at)
