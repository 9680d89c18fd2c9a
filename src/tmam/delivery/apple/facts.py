"""What a wallet pass needs beside the printed face: instants, coordinates and parts instead of sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Spot:
    """A place on the map; `latitude` and `longitude` in degrees (WGS 84), or None where nobody measured."""

    name: str
    city: str = ""
    region: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True)
class Ride:
    """The stretch of a trip: where it ends, when (aware, on the clock there), and the public number ("AVE 3142")."""

    destination: Spot
    arrives_at: datetime
    code: str


@dataclass(frozen=True)
class PassFacts:
    """The structured half of a pass. Instants are aware and on the clock of the place.

    `kind` is the event's kind (`concert` … `flight`; an unknown one gives a plain pass). `seat_parts` are section,
    row and seat as people read them, as many as there are. `valid_until` is when the ticket stops admitting.
    `group` holds together what belongs to one visit. `order_url` and `event_url` are for people, on the back;
    `tickets_url`, which names no booking, takes their place on a void pass.
    """

    kind: str
    starts_at: datetime
    ends_at: datetime
    valid_until: datetime
    venue: Spot
    group: str
    order_url: str
    tickets_url: str
    doors_at: datetime | None = None
    seat_parts: tuple[str, ...] = ()
    performers: tuple[str, ...] = ()
    ride: Ride | None = None
    may_be_passed_on: bool = True
    event_url: str = ""
    support_email: str = ""
    terms: str = ""


@dataclass(frozen=True)
class PassIdentity:
    """Who made a pass and how it is kept up to date.

    `pass_type` and `team` are those of the certificate; `number` is the pass's serial number, `secret` what its
    updates ask for (at least 16 characters). `service_url` ends before `v1/`; empty: a pass that never changes.
    """

    pass_type: str
    team: str
    number: str
    service_url: str = ""
    secret: str = ""
