"""pass.json and its translations, from the face and the facts of a ticket. Pure.

The texts of pass.json are those of one language (the buyer's); a `pass.strings` file for each language says what
they are there, so a phone in a third language shows the buyer's. Source: Apple, "Wallet Passes": `Pass`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tmam.delivery.apple.colours import css, pass_colours
from tmam.delivery.apple.facts import PassFacts, PassIdentity, Spot
from tmam.delivery.apple.layout import TRANSIT, Field, pass_fields, style_of
from tmam.delivery.apple.semantics import is_poster_ready, semantic_tags
from tmam.delivery.apple.words import clean
from tmam.delivery.faces import TicketFace

_BARCODES: Final = {
    "qr": "PKBarcodeFormatQR",
    "aztec": "PKBarcodeFormatAztec",
    "pdf417": "PKBarcodeFormatPDF417",
}
# Apple ignores a relevant interval that is longer.
_LONGEST_INTERVAL = timedelta(hours=24)
_EARLIEST_BEFORE = timedelta(hours=3)
_LONGEST_DESCRIPTION = 200
# Wallet shows a pass on the lock screen within this distance of a place.
_NEAR_M = 500


def pass_texts(
    faces: Mapping[str, TicketFace],
    facts: PassFacts,
    identity: PassIdentity,
    *,
    language: str,
    is_void: bool = False,
) -> dict[str, bytes]:
    """pass.json and one `<language>.lproj/pass.strings` for each face, by their names in the package.

    `faces` are one ticket's by language; `language` chooses the one whose texts pass.json has. A void pass carries
    neither code nor name nor booking: whoever still has it may no longer be the holder.
    """
    face = faces[language]
    fields = {code: pass_fields(each, facts, is_void=is_void) for code, each in faces.items()}
    document = _document(face, facts, identity, fields[language], is_void=is_void)
    texts = {"pass.json": json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()}
    for code, theirs in fields.items():
        pairs = {document["description"]: _description(faces[code])}
        pairs.update(_pairs(fields[language], theirs))
        texts[f"{code.partition('-')[0]}.lproj/pass.strings"] = _strings(pairs)
    return texts


def _document(
    face: TicketFace,
    facts: PassFacts,
    identity: PassIdentity,
    fields: Mapping[str, list[Field]],
    *,
    is_void: bool,
) -> dict[str, Any]:
    style, colours = style_of(facts), pass_colours(face.theme.accent_hue)
    content: dict[str, Any] = dict(fields)
    if style == "boardingPass":
        content["transitType"] = TRANSIT.get(facts.kind, "PKTransitTypeGeneric")
    document: dict[str, Any] = {
        "formatVersion": 1,
        "passTypeIdentifier": identity.pass_type,
        "teamIdentifier": identity.team,
        "serialNumber": identity.number,
        "organizationName": clean(face.organizer_name, _LONGEST_DESCRIPTION),
        "description": _description(face),
        "logoText": clean(face.organizer_name, _LONGEST_DESCRIPTION),
        "backgroundColor": css(colours.ground),
        "foregroundColor": css(colours.text),
        "labelColor": css(colours.label),
        "sharingProhibited": not facts.may_be_passed_on,
        "expirationDate": facts.valid_until.isoformat(timespec="seconds"),
        style: content,
    }
    if style != "generic":  # the only styles that Wallet groups
        document["groupingIdentifier"] = facts.group
    if identity.service_url:
        document |= {"webServiceURL": identity.service_url, "authenticationToken": identity.secret}
    if is_void:
        return document | {"voided": True}
    return document | _where_and_when(facts) | _code(face) | _meaning(face, facts, style)


def _code(face: TicketFace) -> dict[str, Any]:
    code = {
        "format": _BARCODES[face.theme.code],
        "message": face.token,
        "messageEncoding": "iso-8859-1",
        "altText": clean(face.booking_reference, _LONGEST_DESCRIPTION),
    }
    return {"barcodes": [code]}


def _meaning(face: TicketFace, facts: PassFacts, style: str) -> dict[str, Any]:
    tags = semantic_tags(face, facts)
    meaning: dict[str, Any] = {"semantics": tags}
    if style == "eventTicket" and is_poster_ready(tags):
        # iOS 18 and later; older systems show the plain event ticket.
        meaning |= {
            "preferredStyleSchemes": ["posterEventTicket", "eventTicket"],
            "eventLogoText": clean(face.organizer_name, _LONGEST_DESCRIPTION),
        }
    return meaning


def _where_and_when(facts: PassFacts) -> dict[str, Any]:
    begin = min(facts.doors_at or facts.starts_at, facts.starts_at) - _EARLIEST_BEFORE
    end = max(min(facts.ends_at, begin + _LONGEST_INTERVAL), facts.starts_at)
    interval = {"startDate": _utc(begin), "endDate": _utc(end)}
    found: dict[str, Any] = {
        "relevantDates": [interval],  # iOS 18
        "relevantDate": facts.starts_at.isoformat(timespec="seconds"),  # before
    }
    locations = list(_locations(facts.venue))
    if locations:
        found |= {"locations": locations, "maxDistance": _NEAR_M}
    return found


def _locations(spot: Spot) -> Iterator[dict[str, Any]]:
    if spot.latitude is not None and spot.longitude is not None:
        yield {
            "latitude": spot.latitude,
            "longitude": spot.longitude,
            "relevantText": clean(spot.name, _LONGEST_DESCRIPTION),
        }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _description(face: TicketFace) -> str:
    """What VoiceOver says of the whole pass."""
    return clean(f"{face.event_title}, {face.day}", _LONGEST_DESCRIPTION)


def _pairs(ours: Mapping[str, list[Field]], theirs: Mapping[str, list[Field]]) -> Iterator[tuple[str, str]]:
    """(text in pass.json, the same in the other language) wherever they differ: a missing entry means the same."""
    for place, fields in ours.items():
        for mine, other in zip(fields, theirs[place], strict=True):
            for name in ("label", "value", "changeMessage", "attributedValue"):
                if name in mine and mine[name] != other[name]:
                    yield mine[name], other[name]


def _strings(pairs: Mapping[str, str]) -> bytes:
    """A `pass.strings` file: `"key" = "text";` in UTF-8, as Apple's own tools read it."""
    return "".join(f'"{_quoted(key)}" = "{_quoted(pairs[key])}";\n' for key in sorted(pairs)).encode()


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
