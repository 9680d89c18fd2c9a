"""The token: golden vectors, properties, and OpenSSL as a judge who has not read our code."""

from __future__ import annotations

import base64
import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tmam.kernel.place import CoachPlace, SeatPlace
from tmam.kernel.token import (
    MAX_READ_CHARACTERS,
    TOKEN_CHARACTERS,
    TokenBody,
    TokenError,
    TokenForeignError,
    TokenForgedError,
    TokenMalformedError,
    decode_token,
    encode_token,
    public_key_of,
    token_sha256,
    verify_token,
)

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[1] / "vectors" / "token_t1.json").read_text())
PRIVATE_KEY = bytes.fromhex(VECTORS["private_key_hex"])
PUBLIC_KEYS = {int(key_id): bytes.fromhex(key) for key_id, key in VECTORS["public_keys"].items()}
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

u8, u16, u32 = (st.integers(0, 2**bits - 1) for bits in (8, 16, 32))
places = st.one_of(
    st.none(),
    st.builds(SeatPlace, block=u8, row=u16, seat=u16),
    st.builds(CoachPlace, coach=u8, seat=u16, from_stop=u8, to_stop=u8),
)
bodies = st.builds(
    TokenBody,
    key_id=st.sampled_from(sorted(PUBLIC_KEYS)),
    generation=u8,
    event_id=u32,
    date_ordinal=u16,
    serial=u32,
    ticket_type=u16,
    # Up to the year 9500, so that the longest duration still ends within Python's calendar.
    valid_from=st.integers(0, 3_960_000_000).map(
        lambda m: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=m)
    ),
    duration=u16,
    duration_unit=st.sampled_from(["minutes", "hours", "days"]),
    place=places,
)


def body_of(vector: dict[str, Any]) -> TokenBody:
    facts = dict(vector)
    place = facts.pop("place")
    if place is not None:
        kind = {"seat": SeatPlace, "coach": CoachPlace}[place["kind"]]
        place = kind(**{name: number for name, number in place.items() if name != "kind"})
    return TokenBody(**{**facts, "valid_from": datetime.fromisoformat(facts["valid_from"])}, place=place)


BODY = body_of(VECTORS["valid"][1]["body"])


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: vector["name"])
def test_golden_vectors_read_and_written(vector: dict[str, Any]) -> None:
    body = body_of(vector["body"])
    assert encode_token(body, PRIVATE_KEY) == vector["token"]
    assert verify_token(vector["token"], PUBLIC_KEYS) == body
    decoded = decode_token(vector["token"])
    assert decoded.signed_bytes.hex() == b"ETK1".hex() + vector["body_hex"]
    assert decoded.live_digits is None
    assert token_sha256(vector["token"]).hex() == vector["sha256"]


@pytest.mark.parametrize("vector", VECTORS["read_alike"], ids=lambda vector: vector["name"])
def test_texts_that_read_alike(vector: dict[str, Any]) -> None:
    token = next(good["token"] for good in VECTORS["valid"] if good["name"] == vector["same_as"])
    decoded = decode_token(vector["text"])
    assert decoded.token == token
    assert decoded.live_digits == vector.get("live_digits")
    assert verify_token(vector["text"], PUBLIC_KEYS) == verify_token(token, PUBLIC_KEYS)


@pytest.mark.parametrize("vector", VECTORS["invalid"], ids=lambda vector: vector["name"])
def test_invalid_vectors_say_why(vector: dict[str, Any]) -> None:
    with pytest.raises(TokenError) as refused:
        verify_token(vector["text"], PUBLIC_KEYS)
    assert refused.value.code == vector["code"]


@given(bodies)
def test_any_body_survives_the_round_trip(body: TokenBody) -> None:
    token = encode_token(body, PRIVATE_KEY)
    assert len(token) == TOKEN_CHARACTERS
    assert set(token[2:]) <= set(BASE32)
    assert verify_token(token, PUBLIC_KEYS) == body


@given(bodies, st.integers(0, 89), st.integers(1, 255))
def test_one_changed_byte_never_verifies(body: TokenBody, position: int, difference: int) -> None:
    raw = bytearray(base64.b32decode(encode_token(body, PRIVATE_KEY)[2:]))
    raw[position] ^= difference
    with pytest.raises(TokenError):
        verify_token("T1" + base64.b32encode(raw).decode(), PUBLIC_KEYS)


@given(bodies, st.integers(2, TOKEN_CHARACTERS - 1), st.sampled_from(BASE32))
def test_one_changed_character_never_verifies(body: TokenBody, position: int, character: str) -> None:
    token = encode_token(body, PRIVATE_KEY)
    changed = token[:position] + character + token[position + 1 :]
    if changed == token:
        return
    with pytest.raises(TokenError):
        verify_token(changed, PUBLIC_KEYS)


@given(st.one_of(st.text(max_size=200), st.text(st.sampled_from("T1" + BASE32 + "0189 "), max_size=200)))
def test_noise_is_refused_with_a_code(noise: str) -> None:
    with pytest.raises((TokenForeignError, TokenMalformedError)):
        verify_token(noise, PUBLIC_KEYS)


def test_letters_that_fold_to_ascii_are_foreign() -> None:
    token = encode_token(BODY, PRIVATE_KEY)
    position = token.index("S", 2)
    with pytest.raises(TokenForeignError):
        decode_token(
            token[:position] + "ſ" + token[position + 1 :]
        )  # LATIN SMALL LETTER LONG S uppercases to S


def test_a_megabyte_is_foreign_at_once() -> None:
    with pytest.raises(TokenForeignError):
        decode_token(encode_token(BODY, PRIVATE_KEY) + " " * MAX_READ_CHARACTERS)


def test_malformed_tells_how_much_was_read() -> None:
    with pytest.raises(TokenMalformedError) as refused:
        decode_token(" T1 ABC ")
    assert refused.value.facts() == {"length": 5, "needed": 146}
    with pytest.raises(TokenMalformedError) as refused:
        decode_token(encode_token(BODY, PRIVATE_KEY) + "1234567")
    assert refused.value.facts() == {"length": 153, "needed": 154}


def test_valid_until_follows_the_unit() -> None:
    assert BODY.valid_until == BODY.valid_from + timedelta(minutes=600)
    assert replace(BODY, duration=2, duration_unit="days").valid_until == BODY.valid_from + timedelta(days=2)


@pytest.mark.parametrize(
    "change",
    [
        {"key_id": 256},
        {"serial": 2**32},
        {"serial": -1},
        {"date_ordinal": 65_536},
        {"duration": 65_536},
        {"place": SeatPlace(256, 0, 0)},
        {"place": CoachPlace(0, 0, 0, 256)},
        {"valid_from": datetime(2026, 12, 5, 18, 0, 1, tzinfo=UTC)},
        {"valid_from": datetime(2026, 12, 5, 18, 0)},  # noqa: DTZ001 a naive instant is the point
        {"valid_from": datetime(1969, 12, 31, 23, 59, tzinfo=UTC)},
    ],
    ids=str,
)
def test_what_does_not_fit_is_a_programming_error(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        encode_token(replace(BODY, **change), PRIVATE_KEY)


def test_openssl_accepts_the_signature_and_refuses_a_changed_one(tmp_path: Path) -> None:
    decoded = decode_token(encode_token(BODY, PRIVATE_KEY))
    # SubjectPublicKeyInfo of an Ed25519 key (RFC 8410): a fixed head, then the 32 bytes.
    head = bytes.fromhex("302a300506032b6570032100")
    (tmp_path / "pub.der").write_bytes(head + public_key_of(PRIVATE_KEY))
    (tmp_path / "sig").write_bytes(decoded.signature)
    (tmp_path / "good").write_bytes(decoded.signed_bytes)
    (tmp_path / "bad").write_bytes(decoded.signed_bytes[:-1] + bytes([decoded.signed_bytes[-1] ^ 1]))

    def judge(message: str) -> str:
        command = [
            "openssl",
            "pkeyutl",
            "-verify",
            "-pubin",
            "-keyform",
            "DER",
            "-inkey",
            "pub.der",
            "-rawin",
            "-sigfile",
            "sig",
            "-in",
        ]
        answer = subprocess.run(
            [*command, message], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return answer.stdout.strip()

    assert judge("good") == "Signature Verified Successfully"
    assert judge("bad") == "Signature Verification Failure"


def test_another_events_key_of_the_same_number_is_forged() -> None:
    with pytest.raises(TokenForgedError):
        verify_token(encode_token(BODY, PRIVATE_KEY), {BODY.key_id: public_key_of(bytes(32))})
