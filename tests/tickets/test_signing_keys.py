"""Keys are made, found, published, and never lie in the clear."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tmam.kernel.token import public_key_of
from tmam.platform.keys import encrypt
from tmam.platform.statements import run_verb
from tmam.tickets.errors import NoSigningKeyError, SigningKeysExhaustedError
from tmam.tickets.models import SigningKey
from tmam.tickets.signing_keys import load_signing_key, make_signing_key, public_keys

EVENT = 4_000_002
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SEED, NEWER_SEED = bytes(range(32)), bytes(range(1, 33))

pytestmark = pytest.mark.django_db


def test_the_newest_key_signs_and_older_ones_stay() -> None:
    run_verb(make_signing_key(EVENT, NOW, SEED))
    run_verb(make_signing_key(EVENT, NOW, NEWER_SEED))
    newest = run_verb(load_signing_key(EVENT))
    assert (newest.event_id, newest.key_id, newest.private_key) == (EVENT, 2, NEWER_SEED)
    assert run_verb(load_signing_key(EVENT, 1)).private_key == SEED
    assert run_verb(public_keys(EVENT)) == {1: public_key_of(SEED), 2: public_key_of(NEWER_SEED)}
    assert newest.public_key == public_key_of(NEWER_SEED)


def test_private_keys_are_encrypted_at_rest_and_absent_from_repr() -> None:
    run_verb(make_signing_key(EVENT, NOW, SEED))
    assert SEED not in bytes(SigningKey.objects.get(event_id=EVENT).private_key_encrypted)
    assert "private_key" not in repr(run_verb(load_signing_key(EVENT)))


def test_keys_left_to_chance_differ() -> None:
    run_verb(make_signing_key(EVENT, NOW))
    run_verb(make_signing_key(EVENT, NOW))
    keys = run_verb(public_keys(EVENT))
    assert len(set(keys.values())) == 2


def test_an_event_without_keys() -> None:
    assert run_verb(public_keys(EVENT)) == {}
    with pytest.raises(NoSigningKeyError) as refused:
        run_verb(load_signing_key(EVENT))
    assert refused.value.facts() == {"event_id": EVENT}
    run_verb(make_signing_key(EVENT, NOW))
    with pytest.raises(NoSigningKeyError):
        run_verb(load_signing_key(EVENT, 2))


def test_a_token_has_room_for_255_keys() -> None:
    SigningKey.objects.create(
        event_id=EVENT, key_id=255, public_key=public_key_of(SEED), private_key_encrypted=b"", made_at=NOW
    )
    with pytest.raises(SigningKeysExhaustedError):
        run_verb(make_signing_key(EVENT, NOW))


def test_a_number_taken_meanwhile_is_passed_over() -> None:
    verb = make_signing_key(EVENT, NOW, SEED)
    next(verb)
    verb.send([(1, b"8 bytes.", encrypt(bytes(32)))])  # the data key that seals it
    _, arguments = verb.send([(None,)])
    assert arguments[1] == 1
    verb.send([])  # nothing came back: somebody else has number 1
    _, arguments = verb.send([(1,)])
    assert arguments[1] == 2
    with pytest.raises(StopIteration):
        verb.send([(2,)])
