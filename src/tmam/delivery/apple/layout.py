"""Where each fact stands on a pass: the style and its fields, in one language.

Source: Apple, "Wallet Passes": `Pass`, `PassFields`, `PassFieldContent`. What may still change (time, entrance,
place) carries a `changeMessage`: the phone shows it on the lock screen when an update moves it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext, pgettext

from tmam.delivery.apple.facts import PassFacts
from tmam.delivery.apple.words import clean
from tmam.delivery.faces import TicketFace

Style: TypeAlias = Literal["eventTicket", "boardingPass", "generic"]
Field: TypeAlias = dict[str, Any]

TRANSIT: Final = {
    "train": "PKTransitTypeTrain",
    "flight": "PKTransitTypeAir",
    "bus": "PKTransitTypeBus",
    "ferry": "PKTransitTypeBoat",
}
# What is visited rather than attended, and entry forms: a plain pass. Everything else has a beginning and a stage.
EVENTS: Final = frozenset(("concert", "theatre", "cinema", "tour", "sports", "conference", "workshop"))

_TEXTS: Final = frozenset(("known", "terms", "passing", "void", "where"))
_LINE, _TEXT = 300, 2_000


def style_of(facts: PassFacts) -> Style:
    """A trip is a boarding pass, an event a ticket, anything else generic."""
    if facts.ride is not None:
        return "boardingPass"
    return "eventTicket" if facts.kind in EVENTS or facts.kind in TRANSIT else "generic"


def pass_fields(face: TicketFace, facts: PassFacts, *, is_void: bool = False) -> dict[str, list[Field]]:
    """The fields by place (`headerFields` … `backFields`), in the words of the face's language.

    The same face and facts in two languages give the same fields in the same order. A void pass names nobody.
    """
    with translation.override(face.language):
        front = _trip_front(face, facts) if facts.ride is not None else _event_front(face, facts)
        if is_void:
            hidden = {"name", "seat", "coach"}
            front = {
                place: [each for each in some if each["key"] not in hidden] for place, some in front.items()
            }
            front["headerFields"] = [_field("status", gettext("Status"), gettext("Not valid"))]
        return front | {"backFields": _back(face, facts, is_void=is_void)}


def _event_front(face: TicketFace, facts: PassFacts) -> dict[str, list[Field]]:
    if face.ends:  # several days: no moment to be told
        starts = _field("starts", gettext("Date"), face.day, gettext("Now %@"))
    else:
        starts = _moment("starts", gettext("Starts"), facts.starts_at, gettext("Now starts %@"))
    doors = []
    if facts.doors_at is not None and not face.ends:
        doors = [_clock("doors", gettext("Doors open"), facts.doors_at, gettext("Doors now open at %@"))]
    return {
        "headerFields": _given("entrance", gettext("Entrance"), face.entrance, _changed_entrance()),
        "primaryFields": [_field("event", face.date_label or face.organizer_name, face.event_title)],
        "secondaryFields": [_field("venue", gettext("Venue"), face.venue_name), starts],
        "auxiliaryFields": [
            *doors,
            *_given("seat", gettext("Your place"), face.place, gettext("Your place is now %@")),
            _field("type", gettext("Ticket type"), face.ticket_type),
            *_given("name", gettext("Name"), face.holder_name),
        ],
    }


def _trip_front(face: TicketFace, facts: PassFacts) -> dict[str, list[Field]]:
    ride = facts.ride
    if ride is None:
        raise ValueError("a trip's pass needs its ride")
    departs = _clock("starts", gettext("Departs"), facts.starts_at, gettext("Now departs at %@"))
    arrives = _clock("arrives", gettext("Arrives"), ride.arrives_at, gettext("Now arrives at %@"))
    day = _field("day", gettext("Date"), facts.starts_at.isoformat(timespec="seconds"))
    day |= {"dateStyle": "PKDateStyleMedium", "timeStyle": "PKDateStyleNone", "ignoresTimeZone": True}
    gate = gettext("Gate") if facts.kind == "flight" else gettext("Platform")
    return {
        "headerFields": [
            *_given("entrance", gate, face.entrance, _changed_entrance()),
            *_given("code", gettext("Trip"), ride.code),
        ],
        "primaryFields": [
            _field("origin", pgettext("station", "From"), facts.venue.name),
            _field("destination", pgettext("station", "To"), ride.destination.name),
        ],
        "secondaryFields": [
            departs,
            arrives,
            *_given("seat", gettext("Your place"), face.place, gettext("Your place is now %@")),
        ],
        "auxiliaryFields": [
            day,
            _field("type", gettext("Ticket type"), face.ticket_type),
            *_given("name", gettext("Name"), face.holder_name),
        ],
    }


def _back(face: TicketFace, facts: PassFacts, *, is_void: bool) -> list[Field]:
    if is_void:
        note = gettext(
            "This ticket was replaced or cancelled. This pass admits nobody any more; you can delete it."
        )
        return [
            _field("void", gettext("Not valid"), note),
            # Whoever still has this pass has no business with the ticket's present booking.
            _link("booking", gettext("My tickets"), facts.tickets_url),
        ]
    instructions = "\n".join(face.instructions)
    if not facts.may_be_passed_on:
        instructions = "\n".join(filter(None, (instructions, face.transfer_policy)))
    return [
        _field("when", gettext("Date"), _when(face)),
        *_given("where", gettext("Venue"), ", ".join(filter(None, (face.venue_name, face.venue_address)))),
        *_given("line", face.organizer_name, face.theme.line),
        *_given("known", gettext("Before you come"), instructions),
        _field("reference", gettext("Booking reference"), face.booking_reference),
        _field("serial", gettext("Ticket"), str(face.serial)),
        _field("price", gettext("Price"), face.price),
        *(
            []
            if not facts.may_be_passed_on
            else _given("passing", gettext("Giving it away"), face.transfer_policy)
        ),
        _link("booking", gettext("My tickets"), facts.order_url),
        *([_link("about", gettext("About the event"), facts.event_url)] if facts.event_url else []),
        *_given("support", gettext("Questions"), facts.support_email),
        _field("seller", gettext("Sold by"), face.organizer_name),
        *_given("terms", gettext("Terms"), facts.terms),
    ]


def _when(face: TicketFace) -> str:
    if face.ends:
        return f"{face.day} ({face.time} – {face.ends} {face.zone})"
    return f"{face.day}, {face.time} {face.zone}".strip()


def _changed_entrance() -> str:
    return gettext("The entrance is now %@")


def _field(key: str, label: str, value: str, change: str = "") -> Field:
    is_text = key in _TEXTS
    shown = clean(value, _TEXT if is_text else _LINE, keeps_lines=is_text)
    field: Field = {"key": key, "label": clean(label, _LINE), "value": shown}
    return field | {"changeMessage": change} if change else field


def _given(key: str, label: str, value: str, change: str = "") -> list[Field]:
    return [_field(key, label, value, change)] if value else []


def _moment(key: str, label: str, at: datetime, change: str) -> Field:
    """Day and time, written by the phone in its own language, on the clock of the place."""
    field = _field(key, label, at.isoformat(timespec="seconds"), change)
    return field | {
        "dateStyle": "PKDateStyleMedium",
        "timeStyle": "PKDateStyleShort",
        "ignoresTimeZone": True,
    }


def _clock(key: str, label: str, at: datetime, change: str) -> Field:
    field = _field(key, label, at.isoformat(timespec="seconds"), change)
    return field | {"dateStyle": "PKDateStyleNone", "timeStyle": "PKDateStyleShort", "ignoresTimeZone": True}


def _link(key: str, label: str, url: str) -> Field:
    return _field(key, label, url) | {"attributedValue": f'<a href="{escape(url)}">{escape(label)}</a>'}
