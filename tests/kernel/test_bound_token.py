from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tmam.delivery.qr import qr_matrix
from tmam.kernel.bound_token import (
    BOUND_CHARACTERS,
    bound_text,
    decode_bound,
    is_proof_fresh,
    is_proof_genuine,
    looks_bound,
    proof_message,
    sign_certificate,
    verify_certificate,
)
from tmam.kernel.live_digits import live_step
from tmam.kernel.token import TokenBody, decode_token, encode_token, public_key_of, sign_bytes
from tmam.kernel.token_errors import (
    TokenForeignError,
    TokenForgedError,
    TokenKeyUnknownError,
    TokenMalformedError,
)

NOW = datetime(2026, 12, 5, 19, 0, 7, tzinfo=UTC)
SERVER, DEVICE, OTHER = b"s" * 32, b"d" * 32, b"o" * 32
BODY = TokenBody(3, 1, 42, 1, 7, 2, datetime(2026, 12, 5, 17, 0, tzinfo=UTC), 600, "minutes")
KEYS = {3: public_key_of(SERVER)}


def shown(device: bytes = DEVICE, step: int | None = None) -> str:
    certificate = sign_certificate(BODY, public_key_of(DEVICE), SERVER)
    step = live_step(NOW) if step is None else step
    return bound_text(certificate, step, sign_bytes(proof_message(certificate, step), device))


def test_a_shown_code_proves_ticket_device_and_moment() -> None:
    decoded = decode_bound(shown())
    assert verify_certificate(decoded, KEYS) == BODY
    assert decoded.device_key == public_key_of(DEVICE)
    assert is_proof_genuine(decoded)
    assert is_proof_fresh(decoded, NOW)


def test_it_fits_qr_version_10_and_survives_case_and_blanks() -> None:
    text = shown()
    assert len(text) == BOUND_CHARACTERS
    assert len(qr_matrix(text)) == 17 + 4 * 10
    assert decode_bound(f" {text[:100].lower()}\n{text[100:]}") == decode_bound(text)


def test_another_device_cannot_make_the_proof() -> None:
    assert not is_proof_genuine(decode_bound(shown(OTHER)))


@pytest.mark.parametrize(("aside", "is_fresh"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_photograph_is_soon_stale(aside: int, is_fresh: bool) -> None:
    decoded = decode_bound(shown(step=live_step(NOW) + aside))
    assert is_proof_genuine(decoded)
    assert is_proof_fresh(decoded, NOW) is is_fresh


def test_a_proof_does_not_move_to_another_step_or_certificate() -> None:
    decoded = decode_bound(shown())
    assert not is_proof_genuine(decoded._replace(step=decoded.step + 1))
    other = sign_certificate(BODY, public_key_of(OTHER), SERVER)
    assert not is_proof_genuine(decoded._replace(certificate=other))


def test_neither_key_nor_body_can_be_exchanged() -> None:
    certificate = decode_bound(shown()).certificate
    for at in (0, 25, 26, 57, 58, 121):
        changed = bytearray(certificate)
        changed[at] ^= 1
        decoded = decode_bound(shown())._replace(certificate=bytes(changed))
        with pytest.raises(TokenForgedError):
            verify_certificate(decoded, KEYS)
    with pytest.raises(TokenKeyUnknownError):
        verify_certificate(decode_bound(shown()), {})


def test_a_ticket_s_own_token_is_no_certificate() -> None:
    # The domains differ, so neither signature can stand for the other.
    token = decode_token(encode_token(BODY, SERVER))
    certificate = sign_certificate(BODY, public_key_of(DEVICE), SERVER)
    assert token.signature != certificate[58:]


@pytest.mark.parametrize("text", ["", "hello", "T1ABC", "ÄÖÜ", "T" * 5000])
def test_what_is_not_ours_is_foreign(text: str) -> None:
    with pytest.raises(TokenForeignError):
        decode_bound(text)


@pytest.mark.parametrize("text", ["T2", "T2ABC", "T2" + "A" * 303, "T2" + "8" * 304, "T2" + "7" * 304])
def test_what_is_cut_or_mistyped_is_malformed(text: str) -> None:
    assert looks_bound(text)
    with pytest.raises(TokenMalformedError) as refused:
        decode_bound(text)
    assert refused.value.facts() == {"length": len(text), "needed": 306}


def test_a_device_key_has_its_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sign_certificate(BODY, b"short", SERVER)
    assert is_proof_fresh(decode_bound(shown()), NOW + timedelta(seconds=15))
