"""From the catalogue to a face and a calendar entry; no database is asked."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from icalendar import Calendar

from tmam.catalog.models import Date, Event, TicketType, Venue
from tmam.delivery.apple.compose_facts import compose_pass_facts as apple_facts
from tmam.delivery.apple.layout import pass_fields
from tmam.delivery.calendar import event_calendar
from tmam.delivery.compose_calendar import compose_calendar_entry
from tmam.delivery.compose_face import compose_face, transfer_policy_sentence
from tmam.delivery.compose_google import compose_pass_facts as google_facts
from tmam.delivery.google.passes import pass_class
from tmam.delivery.themes import DEFAULT_THEME
from tmam.organizers.models import Organizer
from tmam.tickets.rows import TicketRow

ORGANIZER = Organizer(name="Teatro Uno", email="hola@teatro.example", accent_hue=20)
VENUE = Venue(
    name="Teatro Nacional",
    street="Plaza de la Cultura",
    postal_code="10204",
    city="Santo Domingo",
    country="DO",
    latitude=18.47,
    longitude=-69.91,
    time_zone="America/Santo_Domingo",
)
EVENT = Event(
    id=77, organizer=ORGANIZER, venue=VENUE, title={"en": "Carmen", "es": "Carmen"}, transfer_policy="free"
)
DATE = Date(
    event=EVENT,
    ordinal=3,
    starts_at=datetime(2026, 12, 6, 0, 30, tzinfo=UTC),  # still Saturday evening over there
    ends_at=datetime(2026, 12, 6, 3, 0, tzinfo=UTC),
    doors_at=datetime(2026, 12, 5, 23, 45, tzinfo=UTC),
    time_zone="America/Santo_Domingo",
    label={"es": "Sala grande"},
)
TYPE = TicketType(event=EVENT, ordinal=1, name={"en": "Full price", "es": "General"})
TICKET = TicketRow(
    event_id=77,
    serial=9,
    generation=0,
    state="valid",
    order_id=UUID(int=1),
    booking_reference="2D-7K2M9Q",
    date_ordinal=3,
    ticket_type=1,
    seat=12,
    place_label="Platea · fila 4 · butaca 12",
    token_place=None,
    holder_name="Ana Báez",
    document_encrypted=None,
    price_minor=250_000,
    currency="DOP",
    key_id=1,
    token_sha256=bytes(32),
    valid_from=datetime(2026, 12, 5, 12, tzinfo=UTC),
    valid_until=datetime(2026, 12, 6, 12, tzinfo=UTC),
    issued_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
)


def test_an_english_face_on_the_clock_of_the_place() -> None:
    face = compose_face(event=EVENT, date=DATE, ticket_type=TYPE, ticket=TICKET, token="T1", language="en")
    assert (face.event_title, face.ticket_type, face.date_label) == ("Carmen", "Full price", "Sala grande")
    assert face.day == "Saturday, 5 December 2026"
    assert (face.time.replace("\u202f", " "), face.doors.replace("\u202f", " ")) == ("20:30", "19:45")
    assert face.zone == "AST"
    assert (face.venue_name, face.venue_address) == (
        "Teatro Nacional",
        "Plaza de la Cultura, 10204 Santo Domingo",
    )
    assert (face.price, face.place, face.holder_name) == (
        "DOP2,500.00",
        "Platea · fila 4 · butaca 12",
        "Ana Báez",
    )
    assert (face.booking_reference, face.serial, face.token) == ("2D-7K2M9Q", 9, "T1")
    assert face.transfer_policy == "You can give your ticket to somebody else: whoever brings it gets in."
    assert face.issued_at == TICKET.issued_at


def test_a_spanish_face_without_doors() -> None:
    undoored = Date(ordinal=3, starts_at=DATE.starts_at, ends_at=DATE.ends_at, time_zone=DATE.time_zone)
    face = compose_face(
        event=EVENT, date=undoored, ticket_type=TYPE, ticket=TICKET, token="T1", language="es"
    )
    assert (face.day, face.time) == ("sábado, 5 de diciembre de 2026", "20:30")
    assert (face.doors, face.date_label, face.ticket_type) == ("", "", "General")


@pytest.mark.parametrize(
    ("asks", "last"),
    [
        ({"asks_document": True, "asks_name": True}, "Bring the identity document whose number you gave."),
        ({"asks_name": True}, "Bring an identity document with your name."),
    ],
)
def test_named_tickets_say_what_to_bring(asks: dict[str, bool], last: str) -> None:
    named = TicketType(name={"en": "Named"}, **asks)
    face = compose_face(event=EVENT, date=DATE, ticket_type=named, ticket=TICKET, token="T1", language="en")
    assert face.instructions[-1] == last


def test_each_transfer_policy_has_a_sentence_of_its_own() -> None:
    assert len({transfer_policy_sentence(policy) for policy in ("free", "name_change", "none")}) == 3


def test_a_calendar_entry_keeps_its_uid_when_the_date_moves() -> None:
    def entry(date: Date) -> tuple[str, int]:
        made = compose_calendar_entry(
            event=EVENT,
            date=date,
            booking_reference="2D-7K2M9Q",
            language="es",
            host="tmam.example",
            url="https://tmam.example/me/orders/2D-7K2M9Q/",
        )
        assert "2D-7K2M9Q" in made.description
        assert made.location == "Teatro Nacional, Plaza de la Cultura, 10204 Santo Domingo"
        assert replace(made, sequence=0).organizer_email == "hola@teatro.example"
        return made.uid, made.sequence

    moved = Date(
        event=EVENT,
        ordinal=3,
        starts_at=DATE.ends_at,
        ends_at=DATE.ends_at,
        time_zone=DATE.time_zone,
        revision=1,
        entrance={"en": "Gate B", "es": "Puerta B"},
    )
    assert entry(DATE) == ("2D-7K2M9Q.3@tmam.example", 0)
    assert entry(moved) == ("2D-7K2M9Q.3@tmam.example", 1)


EXHIBITION = copy(DATE)
EXHIBITION.starts_at, EXHIBITION.ends_at = (
    datetime(2026, 11, 1, 14, tzinfo=UTC),
    datetime(2026, 11, 30, 23, tzinfo=UTC),
)
EXHIBITION.doors_at, EXHIBITION.label = None, {}


def test_a_face_of_several_days_tells_them_all_and_that_it_opens_daily() -> None:
    face = compose_face(
        event=EVENT, date=EXHIBITION, ticket_type=TYPE, ticket=TICKET, token="T1", language="en"
    )
    assert face.day == "1–30 November 2026"
    assert (face.time, face.ends, face.doors) == ("1 Nov, 10:00", "30 Nov, 19:00", "")
    assert face.instructions[0] == "Daily opening times: as told by the organizer."
    es = compose_face(
        event=EVENT, date=EXHIBITION, ticket_type=TYPE, ticket=TICKET, token="T1", language="es"
    )
    assert es.day == "1–30 de noviembre de 2026"
    assert es.instructions[0] == "Horario de cada día: el que indique la organización."


def test_a_calendar_shows_several_days_as_whole_days() -> None:
    entry = compose_calendar_entry(
        event=EVENT, date=EXHIBITION, booking_reference="2D-7K2M9Q", language="en", host="t.example", url="u"
    )
    (event,) = Calendar.from_ical(event_calendar([entry], datetime(2026, 10, 1, tzinfo=UTC))).walk("VEVENT")
    assert event.decoded("dtstart") == date(2026, 11, 1)
    assert event.decoded("dtend") == date(2026, 12, 1)  # the first day after it
    assert (event["dtstart"].params["VALUE"], event["transp"]) == ("DATE", "TRANSPARENT")
    assert "From 1 Nov, 10:00 to 30 Nov, 19:00 AST" in event["description"]


def test_both_wallets_tell_all_days() -> None:
    google = google_facts(
        event=EVENT,
        date=EXHIBITION,
        theme=DEFAULT_THEME,
        language="en",
        origin="https://t.example",
        logo_url="",
    )
    (module,) = pass_class("1", google)["textModulesData"]
    assert (module["header"], module["body"]) == ("Date", "1–30 November 2026")
    face = compose_face(
        event=EVENT, date=EXHIBITION, ticket_type=TYPE, ticket=TICKET, token="T1", language="en"
    )
    facts = apple_facts(
        event=EVENT, date=EXHIBITION, ticket=TICKET, language="en", order_url="u", tickets_url="u"
    )
    fields = {field["key"]: field for place in pass_fields(face, facts).values() for field in place}
    assert fields["starts"]["value"] == "1–30 November 2026"
    assert "dateStyle" not in fields["starts"]
    assert fields["when"]["value"] == "1–30 November 2026 (1 Nov, 10:00 – 30 Nov, 19:00 AST)"
