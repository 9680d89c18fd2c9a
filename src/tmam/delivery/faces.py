"""The face of a ticket: all that is printed on it, as plain data, whatever the format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tmam.delivery.themes import DEFAULT_THEME, TicketTheme


@dataclass(frozen=True)
class TicketFace:
    """What one ticket shows, in words of its `language` (`en`, `es`).

    Every text is plain text: nothing in it is markup. `place` is the seat or the area, `price` the whole price
    with its currency. `doors`, `entrance` (where to go in), `place`, `holder_name`, `date_label` (a showing's or slot's own name, on trips the train or flight) may be
    empty. `ends` is set for a date of several days only (an exhibition): then `day` tells all of them, and `time` and `ends`
    carry theirs. `instructions` are whole sentences. `theme` is the organizer's choice.
    `issued_at` (aware) becomes the file's date, so that the same face always gives the same file.
    `poster_svg` is a drawing of our own, at most `MAX_POSTER_BYTES`; what it shows is decoration only.
    """

    language: str
    booking_reference: str
    serial: int
    token: str
    event_title: str
    organizer_name: str
    day: str
    time: str
    zone: str
    venue_name: str
    venue_address: str
    ticket_type: str
    price: str
    transfer_policy: str
    issued_at: datetime
    ends: str = ""
    doors: str = ""
    entrance: str = ""
    date_label: str = ""
    place: str = ""
    holder_name: str = ""
    instructions: tuple[str, ...] = ()
    is_trip: bool = False
    theme: TicketTheme = DEFAULT_THEME
    poster_svg: bytes | None = None
