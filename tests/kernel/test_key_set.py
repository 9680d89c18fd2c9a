from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tmam.kernel.key_set import (
    KEY_SET_DOMAIN,
    MAX_DOCUMENT_BYTES,
    Delegation,
    KeySet,
    PublishedKey,
    UntrustedKeySetError,
    instant_text,
    read_delegation,
    sign_delegation,
    sign_key_set,
    verify_key_set,
)
from tmam.kernel.lifetime import CLOCKS_APART, GOOD_FOR, Lifetime, lifetime_from
from tmam.kernel.token import public_key_of, sign_bytes

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
ROOT, SERVER, OTHER = b"r" * 32, b"s" * 32, b"o" * 32
ROOT_PUBLIC = public_key_of(ROOT)
GRANT = Delegation(public_key_of(SERVER), NOW, NOW + timedelta(days=90), "tickets.example")
SET = KeySet(
    42,
    3,
    lifetime_from(NOW),
    (
        PublishedKey(1, public_key_of(b"1" * 32), NOW, NOW + timedelta(days=30)),
        PublishedKey(3, public_key_of(b"3" * 32), NOW),
    ),
    (2,),
)


def document(
    key: bytes = SERVER, grant: Delegation = GRANT, root: bytes = ROOT, published: KeySet = SET
) -> str:
    return sign_key_set(published, key, sign_delegation(grant, root))


def test_what_the_root_vouches_for_comes_back_whole() -> None:
    assert verify_key_set(document(), ROOT_PUBLIC, NOW) == (SET, GRANT)
    assert SET.public_keys() == {1: public_key_of(b"1" * 32), 3: public_key_of(b"3" * 32)}
    assert document() == document(), "the same bytes each time: caches can compare"


def test_a_key_that_stays_with_its_keeper_signs_the_same() -> None:
    kept = sign_key_set(SET, lambda message: sign_bytes(message, SERVER), sign_delegation(GRANT, ROOT))
    assert kept == document()


@pytest.mark.parametrize("at", [NOW - timedelta(seconds=1), GRANT.not_after])
def test_a_delegation_is_good_between_its_times_only(at: datetime) -> None:
    with pytest.raises(UntrustedKeySetError, match="the delegation is good until"):
        verify_key_set(document(), ROOT_PUBLIC, at)


@pytest.mark.parametrize(
    "lifetime",
    [
        Lifetime(NOW - GOOD_FOR, NOW),
        Lifetime(NOW + CLOCKS_APART + timedelta(seconds=1), NOW + GOOD_FOR),
    ],
    ids=["over", "not yet"],
)
def test_an_old_set_is_not_gone_by(lifetime: Lifetime) -> None:
    """A cache that hands out yesterday's file for ever keeps no stolen key good."""
    with pytest.raises(UntrustedKeySetError, match="the key set is good from"):
        verify_key_set(document(published=replace(SET, lifetime=lifetime)), ROOT_PUBLIC, NOW)


def test_a_set_that_says_no_time_is_refused() -> None:
    payload = json.loads(json.loads(document())["payload"])
    del payload["good_until"]
    text = json.dumps(payload)
    signature = base64.urlsafe_b64encode(sign_bytes(KEY_SET_DOMAIN + text.encode(), SERVER)).decode()
    signed = json.loads(document()) | {"payload": text, "signature": signature.rstrip("=")}
    with pytest.raises(UntrustedKeySetError, match="malformed"):
        verify_key_set(json.dumps(signed), ROOT_PUBLIC, NOW)


@pytest.mark.parametrize(
    ("forged", "words"),
    [
        (document(key=OTHER), "signature of the key set"),
        (document(root=OTHER), "signature of the delegation"),
        (document().replace(r"event\":42", r"event\":43"), "signature of the key set"),
        (json.dumps(json.loads(document()) | {"delegation": None}), "no JSON object"),
        (json.dumps(json.loads(document()) | {"delegation": {}}), "signature of the delegation"),
        (json.dumps({"payload": 1, "signature": []}), "no JSON object"),
        ("[]", "no JSON object"),
        ("", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("x" * (MAX_DOCUMENT_BYTES + 1), "too long"),
    ],
)
def test_anything_else_is_refused(forged: str, words: str) -> None:
    with pytest.raises(UntrustedKeySetError, match=words):
        verify_key_set(forged, ROOT_PUBLIC, NOW)


def test_a_delegation_is_no_key_set_and_a_key_set_no_delegation() -> None:
    both = json.loads(sign_delegation(GRANT, SERVER)) | {
        "delegation": json.loads(sign_delegation(GRANT, ROOT))
    }
    with pytest.raises(UntrustedKeySetError):
        verify_key_set(json.dumps(both), ROOT_PUBLIC, NOW)
    with pytest.raises(UntrustedKeySetError):
        read_delegation(document(), GRANT.public_key)


def test_signed_nonsense_is_refused() -> None:
    short = sign_key_set(
        replace(SET, keys=(PublishedKey(1, b"short", NOW),)), SERVER, sign_delegation(GRANT, ROOT)
    )
    with pytest.raises(UntrustedKeySetError, match="malformed"):
        verify_key_set(short, ROOT_PUBLIC, NOW)
    assert instant_text(NOW) == "2026-12-01T12:00:00Z"
