"""Passes to make in tests: one certificate, faces in two languages, facts of every kind."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.cast import NOW
from tests.delivery.faces_cast import POSTER
from tmam.delivery.apple.certificates import (
    PassCertificate,
    load_development_certificate,
    make_development_certificate,
)
from tmam.delivery.apple.document import pass_texts
from tmam.delivery.apple.facts import PassFacts, PassIdentity, Ride, Spot
from tmam.delivery.apple.images import pass_images
from tmam.delivery.apple.layout import style_of
from tmam.delivery.apple.package import build_pass
from tmam.delivery.faces import TicketFace
from tmam.delivery.sample import sample_face

BERLIN = ZoneInfo("Europe/Berlin")
STARTS = datetime(2026, 12, 5, 20, 0, tzinfo=BERLIN)
HALL = Spot("Old Market Concert Hall", "Berlin", "Berlin", "12 Market Street", 52.52, 13.405)
IDENTITY = PassIdentity(
    "pass.example.tmam.tickets", "TMAMDEV000", "ab" * 16, "https://tickets.example/wallets/apple/", "s" * 64
)


@functools.cache
def certificate() -> PassCertificate:
    """The development certificate of this test run."""
    return load_development_certificate(make_development_certificate(NOW).decode())


def concert(**fields: Any) -> PassFacts:
    """A concert with a seat and performers."""
    facts = PassFacts(
        kind="concert",
        starts_at=STARTS,
        ends_at=STARTS + timedelta(hours=3),
        valid_until=STARTS + timedelta(hours=6),
        venue=HALL,
        group="7-1",
        order_url="https://tickets.example/me/orders/0-SAMP7E/",
        tickets_url="https://tickets.example/me/tickets/",
        event_url="https://tickets.example/en/e/7-mahler/",
        doors_at=STARTS - timedelta(minutes=45),
        seat_parts=("Stalls", "row 4", "seat 12"),
        performers=("City Philharmonic",),
        support_email="hello@aurora.example",
        terms="Tickets are valid once.\nNo refunds.",
    )
    return replace(facts, **fields)


def ride(kind: str = "train", **fields: Any) -> PassFacts:
    """A trip from Berlin to Hamburg."""
    station = Spot("Hamburg Hbf", "Hamburg", latitude=53.553, longitude=10.006)
    there = Ride(station, STARTS + timedelta(hours=2), "ICE 704")
    return concert(
        kind=kind, ride=there, seat_parts=("Coach 2", "seat 14"), performers=(), doors_at=None, **fields
    )


def faces(**fields: Any) -> dict[str, TicketFace]:
    """The sample ticket in both languages."""
    return {code: replace(sample_face(code), **fields) for code in ("en", "es")}


def made(facts: PassFacts, *, language: str = "en", is_void: bool = False, **fields: Any) -> bytes:
    """A whole pass with a poster."""
    texts = pass_texts(faces(**fields), facts, IDENTITY, language=language, is_void=is_void)
    images = pass_images(style_of(facts), 265, POSTER)
    return build_pass(texts, images, certificate().signer, NOW)
