"""What a pass says, without Google: the code, the languages, the limits, the link."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pyotp
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import crypt

from tmam.delivery.google.passes import (
    PassFacts,
    TicketFacts,
    class_id,
    localized,
    object_id,
    pass_class,
    pass_object,
)
from tmam.delivery.google.sample import sample_google
from tmam.delivery.google.save_link import MAX_LINK_CHARACTERS, SAVE_ADDRESS, save_link
from tmam.delivery.sample import sample_face
from tmam.kernel.live_digits import are_live, live_secret
from tmam.kernel.token import decode_token

NOW = datetime(2026, 12, 5, 19, 0, 7, tzinfo=UTC)
ISSUER = "3388000000012345678"
FACTS = PassFacts(
    kind="eventTicket",
    key="7-1",
    title={"en": "Winter Lights", "es": "Luces de invierno"},
    organizer="Aurora Concerts",
    starts_at=NOW,
    ends_at=NOW + timedelta(hours=3),
    doors_at=NOW - timedelta(hours=1),
    venue="Sala Aurora",
    address="Calle Mayor 1, 28013 Madrid",
    country="ES",
    accent_hue=20,
    logo_url="https://tmam.example/static/icon.png",
    page_url="https://tmam.example/en/e/7-winter-lights/",
    language="es",
)
TICKET = TicketFacts(
    suffix="t-7-11-0123456789abcdef",
    serial=11,
    booking_reference="7-SAMP7E",
    ticket_type={"en": "Full price", "es": "General"},
    holder_name="Ana Báez",
    place="Platea · fila 4 · butaca 12",
    token=sample_face().token,
    live_secret=live_secret(b"m" * 32, 7, 11, 0),
    valid_from=NOW,
    valid_until=NOW + timedelta(hours=3),
)


def test_the_phone_shows_what_our_gates_read() -> None:
    barcode = pass_object(ISSUER, FACTS, TICKET)["rotatingBarcode"]
    details = barcode["totpDetails"]
    assert details["algorithm"] == "TOTP_SHA1"
    (parameter,) = details["parameters"]
    # As a phone does it: the key in Base16, another program's TOTP.
    totp = pyotp.TOTP(
        base64.b32encode(bytes.fromhex(parameter["key"])).decode(),
        digits=parameter["valueLength"],
        interval=int(details["periodMillis"]) // 1000,
    )
    shown = barcode["valuePattern"].replace("{totp_value_0}", totp.at(NOW))
    decoded = decode_token(shown)
    assert decoded.token == TICKET.token
    assert decoded.live_digits is not None
    assert are_live(decoded.live_digits, TICKET.live_secret, NOW)
    assert not are_live(decoded.live_digits, TICKET.live_secret, NOW + timedelta(minutes=1))


def test_a_ticket_without_a_token_is_inactive_and_shows_no_code() -> None:
    body = pass_object(ISSUER, FACTS, replace(TICKET, token=""))
    assert body["state"] == "INACTIVE"
    assert "rotatingBarcode" not in body


@pytest.mark.parametrize(("code", "type_"), [("qr", "QR_CODE"), ("aztec", "AZTEC"), ("pdf417", "PDF_417")])
def test_the_venue_s_scanners_decide_the_kind_of_code(code: str, type_: str) -> None:
    facts = replace(FACTS, code=code)  # type: ignore[arg-type]
    assert pass_object(ISSUER, facts, TICKET)["rotatingBarcode"]["type"] == type_


def test_texts_come_in_the_reader_s_language_first() -> None:
    assert localized(FACTS.title, "es") == {
        "defaultValue": {"language": "es", "value": "Luces de invierno"},
        "translatedValues": [{"language": "en", "value": "Winter Lights"}],
    }
    assert localized({"en": "Only"}, "fr") == {"defaultValue": {"language": "en", "value": "Only"}}


def test_a_trip_is_a_transit_pass() -> None:
    trip = replace(
        FACTS,
        kind="transit",
        destination="Sevilla",
        arrives_at=NOW + timedelta(hours=2),
        trip_code="AVE 3142",
    )
    assert pass_class(ISSUER, trip)["transitType"] == "RAIL"
    leg = pass_object(ISSUER, trip, TICKET)["ticketLeg"]
    assert leg["destinationName"]["defaultValue"]["value"] == "Sevilla"
    assert leg["departureDateTime"] == "2026-12-05T19:00:07+00:00"
    assert leg["carriage"] == "AVE 3142"


def test_no_text_is_longer_than_google_takes() -> None:
    long = replace(FACTS, organizer="O" * 300, venue="V" * 300)
    body = pass_class(ISSUER, long)
    assert len(body["issuerName"]) == 60
    assert len(body["venue"]["name"]["defaultValue"]["value"]) == 200
    assert len(pass_object(ISSUER, long, replace(TICKET, holder_name="N" * 300))["ticketHolderName"]) == 200


def test_the_link_is_signed_and_stays_below_the_limit() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    objects = [
        (
            "eventTicket",
            object_id(ISSUER, f"t-2147483647-4294967295-{number:016x}"),
            class_id(ISSUER, replace(FACTS, key="2147483647-65535")),
        )
        for number in range(20)
    ]
    link, count = save_link(
        crypt.RSASigner.from_string(pem, "k1"),
        account="tickets@a-rather-long-project-name.iam.gserviceaccount.com",
        origin="https://tickets.a-rather-long-name.example",
        objects=objects,
        now=NOW,
    )
    assert len(link) <= MAX_LINK_CHARACTERS
    assert count >= 5
    claims = jwt.decode(
        link.removeprefix(SAVE_ADDRESS),
        key.public_key(),
        ["RS256"],
        audience="google",
        options={"verify_iat": False},
    )
    assert claims["typ"] == "savetowallet"
    assert [each["id"] for each in claims["payload"]["eventTicketObjects"]] == [
        name for _, name, _ in objects[:count]
    ]
    assert "key" not in str(claims["payload"])


def test_the_sample_is_for_inspection_only() -> None:
    sample = json.loads(sample_google(sample_face("es"), NOW))
    assert sample["object"]["classId"] == sample["class"]["id"]
    assert sample["object"]["rotatingBarcode"]["valuePattern"].startswith(sample_face().token)
    assert sample["link"].startswith(SAVE_ADDRESS)
