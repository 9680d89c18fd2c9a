"""What a pass means, for the phone itself: suggestions, maps, the calendar, and the poster look of an event.

Source: Apple, "Wallet Passes": `SemanticTags`. Only what we know is said; a tag never carries a guess.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from tmam.delivery.apple.facts import PassFacts, Spot
from tmam.delivery.apple.words import clean
from tmam.delivery.faces import TicketFace

Tags: TypeAlias = dict[str, Any]

_EVENT_TYPES: Final = {
    "concert": "PKEventTypeLivePerformance",
    "theatre": "PKEventTypeLivePerformance",
    "cinema": "PKEventTypeMovie",
    "conference": "PKEventTypeConference",
    "workshop": "PKEventTypeWorkshop",
}
_LONGEST = 300
_LIVE = "PKEventTypeLivePerformance"


def semantic_tags(face: TicketFace, facts: PassFacts) -> Tags:
    """The tags of a ticket; those of a void pass are the caller's to leave out."""
    tags = _trip_tags(face, facts) if facts.ride is not None else _event_tags(face, facts)
    return {name: _cleaned(value) for name, value in tags.items()}


def is_poster_ready(tags: Tags) -> bool:
    """Whether the poster look's demands are met: a venue, a name, and performers where people perform."""
    if "eventType" not in tags or not tags.get("venueName"):
        return False
    return tags["eventType"] != _LIVE or bool(tags.get("performerNames"))


def _event_tags(face: TicketFace, facts: PassFacts) -> Tags:
    tags: Tags = {
        "eventType": _event_type(facts),
        "eventName": face.event_title,
        "venueName": facts.venue.name,
        "eventStartDate": facts.starts_at.isoformat(timespec="seconds"),
        "eventEndDate": facts.ends_at.isoformat(timespec="seconds"),
        "admissionLevel": face.ticket_type,
    }
    if facts.doors_at is not None:
        tags["venueDoorsOpenDate"] = facts.doors_at.isoformat(timespec="seconds")
    if face.entrance:
        tags["venueEntrance"] = face.entrance
    if facts.venue.region or facts.venue.city:
        tags["venueRegionName"] = facts.venue.region or facts.venue.city
    if face.holder_name:
        tags["attendeeName"] = face.holder_name
    if facts.performers:
        tags["performerNames"] = list(facts.performers)
    return tags | _location("venueLocation", facts.venue) | _seats(facts)


def _event_type(facts: PassFacts) -> str:
    kind = _EVENT_TYPES.get(facts.kind, "PKEventTypeGeneric")
    # A live performance must say who performs; one that does not is an event like any other.
    return "PKEventTypeGeneric" if kind == _LIVE and not facts.performers else kind


def _trip_tags(face: TicketFace, facts: PassFacts) -> Tags:
    ride = facts.ride
    if ride is None:
        raise ValueError("a trip's pass needs its ride")
    is_flight = facts.kind == "flight"
    origin, destination = (
        ("departureAirportName", "destinationAirportName")
        if is_flight
        else ("departureStationName", "destinationStationName")
    )
    tags: Tags = {
        "transitProvider": face.organizer_name,
        origin: facts.venue.name,
        destination: ride.destination.name,
        "originalDepartureDate": facts.starts_at.isoformat(timespec="seconds"),
        "originalArrivalDate": ride.arrives_at.isoformat(timespec="seconds"),
        "confirmationNumber": face.booking_reference,
    }
    if ride.code:
        tags["flightCode" if is_flight else "vehicleNumber"] = ride.code
    if face.entrance:
        tags["departureGate" if is_flight else "departurePlatform"] = face.entrance
    return (
        tags
        | _location("departureLocation", facts.venue)
        | _location("destinationLocation", ride.destination)
        | _seats(facts)
    )


def _location(name: str, spot: Spot) -> Tags:
    if spot.latitude is None or spot.longitude is None:
        return {}
    return {name: {"latitude": spot.latitude, "longitude": spot.longitude}}


def _seats(facts: PassFacts) -> Tags:
    """Section, row and seat as their labels; the words "row" and "seat" are the phone's to say."""
    parts = facts.seat_parts
    if len(parts) < 2:
        return {}
    seat = {"seatSection": parts[0], "seatNumber": _label(parts[-1])}
    if len(parts) > 2:
        seat["seatRow"] = _label(parts[1])
    return {"seats": [seat]}


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value, _LONGEST)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return {name: _cleaned(each) for name, each in value.items()} if isinstance(value, dict) else value


def _label(part: str) -> str:
    return part.rpartition(" ")[2]
