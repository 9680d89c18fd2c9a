"""A face to try things with: printers, phones, new templates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tmam.delivery.faces import TicketFace
from tmam.kernel.place import SeatPlace
from tmam.kernel.sample_key import SAMPLE_EVENT_ID, SAMPLE_KEY_ID, SAMPLE_PRIVATE_KEY
from tmam.kernel.token import TokenBody, encode_token

# What the words of the face say, on the clock of the place.
SAMPLE_ZONE = "Europe/Berlin"
SAMPLE_STARTS_AT = datetime(2026, 12, 5, 20, 0, tzinfo=ZoneInfo(SAMPLE_ZONE))
SAMPLE_ENDS_AT = SAMPLE_STARTS_AT + timedelta(hours=2, minutes=30)

_ENGLISH = TicketFace(
    language="en",
    booking_reference="0-SAMP7E",
    serial=7,
    token="",
    event_title="A Winter Evening with Mahler",
    organizer_name="City Philharmonic",
    day="Saturday, December 5, 2026",
    time="8:00 PM",
    zone="CET",
    doors="7:15 PM",
    venue_name="Old Market Concert Hall",
    venue_address="12 Market Street, 10115 Berlin",
    ticket_type="Full price",
    price="€45.00",
    transfer_policy="You can give your ticket to somebody else: whoever brings it gets in.",
    issued_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    place="Stalls · row 4 · seat 12",
    holder_name="Alex Sample",
    instructions=(
        "Have the code ready: on your phone with the screen bright, or printed on white paper.",
        "This is a sample. It admits nobody.",
    ),
)
_SPANISH = replace(
    _ENGLISH,
    language="es",
    event_title="Una tarde de invierno con Mahler",
    day="sábado, 5 de diciembre de 2026",
    time="20:00",
    doors="19:15",
    ticket_type="Entrada general",
    price="45,00 €",
    transfer_policy="Puedes dar tu entrada a otra persona: entra quien la lleve.",
    place="Platea · fila 4 · butaca 12",
    holder_name="Álex Muestra",
    instructions=(
        "Ten el código a mano: en el móvil con la pantalla brillante o impreso en papel blanco.",
        "Esto es una muestra. No da acceso a nadie.",
    ),
)


def sample_face(language: str = "en") -> TicketFace:
    """A complete face in English or Spanish, with a well-formed token that no gate accepts."""
    body = TokenBody(
        key_id=SAMPLE_KEY_ID,
        generation=0,
        event_id=SAMPLE_EVENT_ID,
        date_ordinal=1,
        serial=7,
        ticket_type=1,
        valid_from=datetime(2026, 12, 5, 17, 0, tzinfo=UTC),
        duration=600,
        duration_unit="minutes",
        place=SeatPlace(1, 4, 12),
    )
    words = _SPANISH if language.startswith("es") else _ENGLISH
    return replace(words, token=encode_token(body, SAMPLE_PRIVATE_KEY))
