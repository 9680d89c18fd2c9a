"""What a pass says, by kind, language and state; read by us and by npm's passkit-generator."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.apple.cast import IDENTITY, STARTS, concert, faces, made, ride
from tests.delivery.apple.outside import pass_json, read_with_passkit, unpack
from tests.delivery.faces_cast import MISCHIEF, mischievous
from tmam.delivery.apple.document import pass_texts
from tmam.delivery.apple.facts import PassFacts
from tmam.delivery.sample import sample_face
from tmam.delivery.themes import TicketTheme

STRING = re.compile(r'^"((?:[^"\\]|\\.)*)" = "((?:[^"\\]|\\.)*)";$')


def field(document: dict[str, Any], style: str, key: str) -> dict[str, Any]:
    fields = [each for place in document[style].values() if isinstance(place, list) for each in place]
    (found,) = (each for each in fields if each["key"] == key)
    return found


def strings(text: bytes) -> dict[str, str]:
    found = {}
    for line in text.decode().splitlines():
        parsed = STRING.fullmatch(line)
        assert parsed, line
        found[parsed[1]] = parsed[2]
    return found


def test_a_concert_is_an_event_ticket_with_the_poster_look() -> None:
    document = pass_json(made(concert()))
    assert document["preferredStyleSchemes"] == ["posterEventTicket", "eventTicket"]
    assert field(document, "eventTicket", "event")["value"] == "A Winter Evening with Mahler"
    assert document["barcodes"] == [
        {
            "format": "PKBarcodeFormatQR",
            "message": sample_face().token,
            "messageEncoding": "iso-8859-1",
            "altText": "0-SAMP7E",
        }
    ]
    tags = document["semantics"]
    assert tags["eventType"] == "PKEventTypeLivePerformance"
    assert tags["performerNames"] == ["City Philharmonic"]
    assert tags["seats"] == [{"seatSection": "Stalls", "seatRow": "4", "seatNumber": "12"}]
    assert document["sharingProhibited"] is False
    assert document["webServiceURL"].endswith("/wallets/apple/")


def test_without_performers_it_claims_no_live_performance() -> None:
    tags = pass_json(made(concert(performers=())))["semantics"]
    assert tags["eventType"] == "PKEventTypeGeneric"
    assert "performerNames" not in tags


@pytest.mark.parametrize(
    ("kind", "transit"),
    [("train", "PKTransitTypeTrain"), ("flight", "PKTransitTypeAir"), ("bus", "PKTransitTypeBus")],
)
def test_trips_are_boarding_passes_by_what_carries_them(kind: str, transit: str) -> None:
    document = pass_json(made(ride(kind), entrance="B7"))
    assert document["boardingPass"]["transitType"] == transit
    assert field(document, "boardingPass", "destination")["value"] == "Hamburg Hbf"
    assert field(document, "boardingPass", "entrance")["value"] == "B7"
    assert "preferredStyleSchemes" not in document
    tags = document["semantics"]
    assert tags["destinationLocation"] == {"latitude": 53.553, "longitude": 10.006}
    assert ("departureAirportName" in tags) == (kind == "flight")


def test_attractions_and_unknown_kinds_are_plain_and_not_grouped() -> None:
    for kind in ("museum", "entry_form"):
        document = pass_json(made(concert(kind=kind)))
        assert "generic" in document
        assert "groupingIdentifier" not in document


def test_times_are_shown_on_the_clock_of_the_place_and_say_when_they_move() -> None:
    starts = field(pass_json(made(concert())), "eventTicket", "starts")
    assert starts["value"] == "2026-12-05T20:00:00+01:00"
    assert starts["ignoresTimeZone"] is True
    assert starts["changeMessage"].count("%@") == 1
    moved = pass_json(made(concert(), entrance="North gate"))
    assert "%@" in field(moved, "eventTicket", "entrance")["changeMessage"]


@pytest.mark.parametrize("hours", [1, 3, 30, 24 * 90])
def test_a_relevant_interval_is_never_longer_than_a_day(hours: int) -> None:
    (interval,) = pass_json(made(concert(ends_at=STARTS + timedelta(hours=hours))))["relevantDates"]
    begin, end = (datetime.fromisoformat(interval[name]) for name in ("startDate", "endDate"))
    assert timedelta(0) < end - begin <= timedelta(hours=24)
    assert begin < STARTS <= end


@pytest.mark.parametrize(("code", "name"), [("aztec", "Aztec"), ("pdf417", "PDF417"), ("qr", "QR")])
def test_the_code_is_the_kind_the_venue_reads(code: Any, name: str) -> None:
    document = pass_json(made(concert(), theme=TicketTheme(code=code)))
    assert document["barcodes"][0]["format"] == f"PKBarcodeFormat{name}"


def test_personal_tickets_may_not_be_shared() -> None:
    document = pass_json(made(concert(may_be_passed_on=False)))
    assert document["sharingProhibited"] is True
    assert sample_face().transfer_policy in field(document, "eventTicket", "known")["value"]


def test_a_void_pass_has_neither_code_nor_name_nor_place_nor_booking() -> None:
    content = made(concert(), is_void=True)
    text = json.dumps(pass_json(content)) + "".join(
        each.decode()
        for each in pass_texts(faces(), concert(), IDENTITY, language="en", is_void=True).values()
    )
    assert pass_json(content)["voided"] is True
    assert sample_face().token not in text
    assert "Alex Sample" not in text
    assert "seat 12" not in text
    assert "barcode" not in text
    assert "semantics" not in text
    assert sample_face().booking_reference not in text
    assert "/me/orders/" not in text
    assert "https://tickets.example/me/tickets/" in text


def test_every_language_has_its_strings() -> None:
    texts = pass_texts(faces(), concert(), IDENTITY, language="es")
    document = json.loads(texts["pass.json"])
    assert field(document, "eventTicket", "event")["value"] == "Una tarde de invierno con Mahler"
    english = strings(texts["en.lproj/pass.strings"])
    assert english["Una tarde de invierno con Mahler"] == "A Winter Evening with Mahler"
    assert english["Platea · fila 4 · butaca 12"] == "Stalls · row 4 · seat 12"
    assert strings(texts["es.lproj/pass.strings"]).keys() == {document["description"]}
    (seat,) = (each for each in document["eventTicket"]["auxiliaryFields"] if each["key"] == "seat")
    assert seat["label"] == "Tu sitio"
    assert english[seat["label"]] == "Your place"
    assert english[seat["changeMessage"]] == "Your place is now %@"


@pytest.mark.parametrize("name", [*MISCHIEF])
def test_whatever_people_type_stays_text(name: str) -> None:
    face = mischievous(MISCHIEF[name])
    texts = pass_texts({"en": face, "es": replace(face, language="es")}, concert(), IDENTITY, language="en")
    document = json.loads(texts["pass.json"])
    for place in document["eventTicket"].values():
        for each in place:
            assert len(each["value"]) <= 2_000
            assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x09\x0b-\x1f]", each["value"])
    for language in ("en", "es"):
        strings(texts[f"{language}.lproj/pass.strings"])
    assert len(texts["pass.json"]) < 60_000


@pytest.mark.parametrize(
    ("facts", "style", "transit"),
    [
        (concert(), "eventTicket", None),
        (ride("train"), "boardingPass", "PKTransitTypeTrain"),
        (ride("flight"), "boardingPass", "PKTransitTypeAir"),
        (concert(kind="museum"), "generic", None),
    ],
    ids=["concert", "train", "flight", "museum"],
)
def test_passkit_generator_reads_it_all(
    facts: PassFacts, style: str, transit: str | None, tmp_path: Path
) -> None:
    content = made(facts, entrance="North gate")
    read = read_with_passkit(unpack(content, tmp_path / "pass"))
    assert read.complaints == ""
    assert (read.type, read.transit_type) == (style, transit)
    document = pass_json(content)
    assert read.props.keys() == document.keys(), "nothing was dropped as unknown"
    assert read.fields == {
        place: [each["key"] for each in some]
        for place, some in document[style].items()
        if place != "transitType"
    }
    assert read.props["semantics"] == document["semantics"], "every tag is known to it"
    assert sorted(read.languages) == ["en", "es"]


def test_passkit_generator_reads_a_void_pass(tmp_path: Path) -> None:
    read = read_with_passkit(unpack(made(concert(), is_void=True), tmp_path / "pass"))
    assert (read.complaints, read.type, read.props["voided"]) == ("", "eventTicket", True)


def test_passkit_generator_would_have_complained(tmp_path: Path) -> None:
    folder = unpack(made(concert()), tmp_path / "pass")
    text = (folder / "pass.json").read_text()
    (folder / "pass.json").write_text(text.replace("PKBarcodeFormatQR", "QR"))
    read = read_with_passkit(folder)
    assert read.type is None
    assert "barcodes[0].format" in read.complaints
