"""What a Google Wallet pass says, as plain data: an event ticket, or a transit ticket for a stretch of a trip.

Field names and enumerations: Google Wallet API, `walletobjects/v1` REST reference (EventTicketClass,
EventTicketObject, TransitClass, TransitObject, RotatingBarcode). A *class* is what all tickets of one date
share, so a moved time is one change for everybody; an *object* is one ticket.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from django.utils import translation
from django.utils.translation import gettext

from tmam.delivery.themes import CodeKind
from tmam.kernel.colour import accent_on_white, hex_colour
from tmam.kernel.live_digits import STEP_S
from tmam.kernel.token import LIVE_DIGITS

Json: TypeAlias = dict[str, Any]
PassKind: TypeAlias = Literal["eventTicket", "transit"]
PassState: TypeAlias = Literal["ACTIVE", "INACTIVE"]

BARCODE_TYPES: Final[Mapping[CodeKind, str]] = {"qr": "QR_CODE", "aztec": "AZTEC", "pdf417": "PDF_417"}
TRANSIT_TYPES: Final = {"train": "RAIL", "flight": "OTHER"}


@dataclass(frozen=True)
class PassFacts:
    """What a pass is made of. Texts are by language (`{"en": …, "es": …}`), instants aware.

    `key` tells passes of one class apart from others within the issuer (`<event>-<date>`); `logo_url` is a
    public https address. `days` are the words of a date of several days, else empty. For a stretch of a trip `destination`, `arrives_at` and `trip_code` are set.
    """

    kind: PassKind
    key: str
    title: Mapping[str, str]
    organizer: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    address: str
    country: str
    accent_hue: int
    logo_url: str
    page_url: str
    language: str
    code: CodeKind = "qr"
    transit_type: str = "RAIL"
    doors_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    entrance: str = ""
    days: str = ""
    destination: str = ""
    arrives_at: datetime | None = None
    trip_code: str = ""


@dataclass(frozen=True)
class TicketFacts:
    """What an object says of one ticket. `token` is empty for one that this pass may not show any more."""

    suffix: str
    serial: int
    booking_reference: str
    ticket_type: Mapping[str, str]
    holder_name: str
    place: str
    token: str
    live_secret: bytes
    valid_from: datetime
    valid_until: datetime
    restrict_to: str = ""


def class_id(issuer: str, facts: PassFacts) -> str:
    """The name of the class at Google: letters, digits, `.`, `_` and `-` after the issuer's number."""
    return f"{issuer}.tmam-{facts.key}"


def object_id(issuer: str, suffix: str) -> str:
    """The name of one ticket's object at Google."""
    return f"{issuer}.{suffix}"


def pass_class(issuer: str, facts: PassFacts) -> Json:
    """The body of an EventTicketClass or TransitClass."""
    common: Json = {
        "id": class_id(issuer, facts),
        "issuerName": facts.organizer[:60],
        "reviewStatus": "UNDER_REVIEW",
        "hexBackgroundColor": hex_colour(accent_on_white(facts.accent_hue)),
        "countryCode": facts.country,
        "logo": {"sourceUri": {"uri": facts.logo_url}, "contentDescription": _plain(facts.organizer, "en")},
        "homepageUri": {"uri": facts.page_url, "description": facts.organizer[:60]},
        "linksModuleData": {
            "uris": [{"uri": facts.page_url, "description": facts.organizer[:60], "id": "event"}]
        },
        # One pass may be in several phones of one account; who holds it is `saveRestrictions`' business.
        "multipleDevicesAndHoldersAllowedStatus": "ONE_USER_ALL_DEVICES",
        "viewUnlockRequirement": "UNLOCK_NOT_REQUIRED",
    }
    if facts.kind == "transit":
        return common | {
            "transitType": facts.transit_type,
            "transitOperatorName": _plain(facts.organizer, facts.language),
        }
    times: Json = {"start": _instant(facts.starts_at), "end": _instant(facts.ends_at)}
    if facts.doors_at:
        times |= {"doorsOpen": _instant(facts.doors_at), "doorsOpenLabel": "DOORS_OPEN"}
    days = _dates_module(facts) if facts.days else {}
    body = (
        common
        | days
        | {
            "eventName": localized(facts.title, facts.language),
            "eventId": facts.key,
            "dateTime": times,
            "venue": {
                "name": _plain(facts.venue, facts.language),
                "address": _plain(facts.address or facts.venue, facts.language),
            },
        }
    )
    if facts.latitude is not None and facts.longitude is not None:
        body["locations"] = [{"latitude": facts.latitude, "longitude": facts.longitude}]
    return body


def _dates_module(facts: PassFacts) -> Json:
    """All the days of a date: the phone itself writes only when it begins."""
    with translation.override(facts.language):
        header = gettext("Date")
    return {"textModulesData": [{"id": "days", "header": header, "body": facts.days}]}


def pass_object(issuer: str, facts: PassFacts, ticket: TicketFacts) -> Json:
    """The body of an EventTicketObject or TransitObject; INACTIVE without a code when there is no token."""
    body: Json = {
        "id": object_id(issuer, ticket.suffix),
        "classId": class_id(issuer, facts),
        "state": "ACTIVE" if ticket.token else "INACTIVE",
        "hexBackgroundColor": hex_colour(accent_on_white(facts.accent_hue)),
        "validTimeInterval": {
            "start": {"date": _instant(ticket.valid_from)},
            "end": {"date": _instant(ticket.valid_until)},
        },
        "ticketNumber": str(ticket.serial),
        "groupingInfo": {"groupingId": ticket.booking_reference, "sortIndex": ticket.serial % 1000},
    }
    if ticket.token:
        body["rotatingBarcode"] = rotating_barcode(ticket, facts.code)
    if ticket.restrict_to:
        body["saveRestrictions"] = {"restrictToEmailSha256": ticket.restrict_to}
    return body | (_transit(facts, ticket) if facts.kind == "transit" else _admission(facts, ticket))


def rotating_barcode(ticket: TicketFacts, code: CodeKind) -> Json:
    """The token followed by eight TOTP digits that the phone computes offline: a screenshot dies with its step."""
    return {
        "type": BARCODE_TYPES[code],
        "valuePattern": f"{ticket.token}{{totp_value_0}}",
        "alternateText": ticket.booking_reference,
        "totpDetails": {
            "algorithm": "TOTP_SHA1",
            "periodMillis": str(STEP_S * 1000),
            "parameters": [{"key": ticket.live_secret.hex().upper(), "valueLength": LIVE_DIGITS}],
        },
    }


def localized(words: Mapping[str, str], language: str) -> Json:
    """A LocalizedString: the reader's language as default, the others as translations."""
    shown = {tag: text for tag, text in words.items() if text}
    default = language if language in shown else next(iter(shown), language)
    others = [{"language": tag, "value": text} for tag, text in sorted(shown.items()) if tag != default]
    string: Json = {"defaultValue": {"language": default, "value": shown.get(default, "")}}
    return string | ({"translatedValues": others} if others else {})


def _admission(facts: PassFacts, ticket: TicketFacts) -> Json:
    parts: Json = {"ticketType": localized(ticket.ticket_type, facts.language)}
    if ticket.holder_name:
        parts["ticketHolderName"] = ticket.holder_name[:200]
    seat: Json = {}
    if ticket.place:
        seat["section" if " · " in ticket.place else "seat"] = _plain(ticket.place, facts.language)
    if facts.entrance:
        seat["gate"] = _plain(facts.entrance, facts.language)
    if seat:
        parts["seatInfo"] = seat
    return parts | {"reservationInfo": {"confirmationCode": ticket.booking_reference}}


def _transit(facts: PassFacts, ticket: TicketFacts) -> Json:
    leg: Json = {
        "originName": _plain(facts.venue, facts.language),
        "destinationName": _plain(facts.destination, facts.language),
        "departureDateTime": _instant(facts.starts_at),
        "arrivalDateTime": _instant(facts.arrives_at or facts.ends_at),
        "transitOperatorName": _plain(facts.organizer, facts.language),
    }
    if facts.trip_code:
        leg["carriage"] = facts.trip_code[:20]
    if facts.entrance:
        leg["platform"] = facts.entrance[:20]
    if ticket.place:
        leg["ticketSeat"] = {"seat": ticket.place[:40]}
    parts: Json = {
        "tripType": "ONE_WAY",
        "passengerType": "SINGLE_PASSENGER",
        "ticketLeg": leg,
        "purchaseDetails": {"confirmationCode": ticket.booking_reference},
        "ticketRestrictions": {"otherRestrictions": localized(ticket.ticket_type, facts.language)},
    }
    if ticket.holder_name:
        parts["passengerNames"] = ticket.holder_name[:200]
    return parts


def _plain(text: str, language: str) -> Json:
    return {"defaultValue": {"language": language, "value": text[:200]}}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
