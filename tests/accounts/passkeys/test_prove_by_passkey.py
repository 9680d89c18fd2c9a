"""Answers of passkeys: the right ones, and every wrong one a thief could send."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from tests.accounts.passkeys.keyring import BROWSER, give_key
from tests.accounts.passkeys.soft_authenticator import SoftAuthenticator, b64
from tests.cast import NOW, make_user
from tmam.accounts.errors import PasskeyNotAcceptedError
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Passkey, SecurityEntry, UsedChallenge
from tmam.accounts.passkeys.ceremony import TTL
from tmam.accounts.passkeys.prove_by_passkey import begin_proof, prove_by_passkey
from tmam.accounts.security_log import NOWHERE

TMAM = settings.TMAM


def begin(user_id: int | None = None) -> tuple[dict[str, Any], str]:
    return begin_proof(user_id, browser=BROWSER, settings=TMAM, now=NOW)


def prove(user_id: int | None, credential: dict[str, Any], token: str, **changes: Any) -> Passkey:
    usual = {"browser": BROWSER, "visit": NOWHERE, "settings": TMAM, "now": NOW}
    return prove_by_passkey(user_id, credential=credential, token=token, **(usual | changes))


def refusal(user_id: int | None, credential: dict[str, Any], token: str, **changes: Any) -> str:
    with pytest.raises(PasskeyNotAcceptedError) as caught:
        prove(user_id, credential, token, **changes)
    return caught.value.reason


def sign(key: SoftAuthenticator, options: dict[str, Any], **wrong: Any) -> dict[str, Any]:
    return key.sign(options, **({"origin": TMAM.origin} | wrong))


@pytest.mark.django_db
def test_a_passkey_signs_in_by_itself_and_as_a_second_factor() -> None:
    user = make_user()
    key, passkey = give_key(user)
    options, token = begin()
    assert options["publicKey"]["userVerification"] == "required"
    assert "allowCredentials" not in options["publicKey"], "nothing is said about any account"
    proven = prove(None, sign(key, options), token)
    assert proven == passkey
    assert proven.authenticator.user == user

    options, token = begin(user.pk)
    assert len(options["publicKey"]["allowCredentials"]) == 1
    prove(user.pk, sign(key, options), token)
    passkey.refresh_from_db()
    assert passkey.sign_count == 2
    assert passkey.authenticator.last_used_at == NOW


@pytest.mark.django_db
def test_an_answer_is_good_once() -> None:
    key, _ = give_key(make_user(), SoftAuthenticator(is_synced=True))
    options, token = begin()
    answer = sign(key, options)
    prove(None, answer, token)
    assert refusal(None, answer, token) == "replayed"
    assert refusal(None, sign(key, options), token) == "replayed", "a fresh signature over a used challenge"
    assert refusal(None, answer, begin()[1]) == "invalid", "an old answer to a new challenge"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://tickets.example"},
        {"origin": "http://localhost.evil.example:8000"},
        {"origin": "https://localhost:1"},
        {"rp_id": "evil.example"},
        {"kind": "webauthn.create"},
        {"is_forged": True},
    ],
)
def test_answers_for_elsewhere_and_forgeries_are_refused(wrong: dict[str, Any]) -> None:
    user = make_user()
    key, passkey = give_key(user)
    options, token = begin()
    assert refusal(None, sign(key, options, **wrong), token) == "invalid"
    passkey.refresh_from_db()
    assert passkey.sign_count == 0
    assert prove(None, sign(key, options), token) == passkey, (
        "a thief's nonsense does not use the challenge up"
    )


@pytest.mark.django_db
def test_alone_a_passkey_must_verify_its_person_and_a_security_key_is_not_enough() -> None:
    user = make_user()
    key, _ = give_key(user)
    key.verifies = False
    options, token = begin()
    assert refusal(None, sign(key, options), token) == "invalid"

    security_key, kept = give_key(user, is_passkey=False)
    options, token = begin()
    assert refusal(None, sign(security_key, options), token) == "not_alone"
    options, token = begin(user.pk)
    assert prove(user.pk, sign(security_key, options), token) == kept


@pytest.mark.django_db
def test_a_key_proves_its_owner_and_nobody_else() -> None:
    owner, thief = make_user(), make_user()
    key, _ = give_key(owner)
    give_key(thief)
    options, token = begin(owner.pk)
    stranger = SoftAuthenticator(user_handle=str(owner.pk).encode())
    assert refusal(owner.pk, sign(stranger, options), token) == "unknown"
    assert refusal(thief.pk, sign(key, options), begin(thief.pk)[1]) == "unknown"
    options, token = begin()
    assert refusal(None, sign(key, options, user_handle=str(thief.pk).encode()), token) == "unknown"
    owner.is_active = False
    owner.save()
    assert refusal(None, sign(key, options), token) == "not_alone"


@pytest.mark.django_db
def test_a_ceremony_is_bound_to_purpose_person_browser_and_time() -> None:
    user, other = make_user(), make_user()
    key, _ = give_key(user)
    options, token = begin(user.pk)
    answer = sign(key, options)
    assert refusal(None, answer, token) == "invalid", "a step-up is no sign-in"
    assert refusal(other.pk, answer, token) == "invalid"
    assert refusal(user.pk, answer, token, browser="another") == "invalid"
    assert refusal(user.pk, answer, token, now=NOW + TTL) == "expired"
    assert refusal(user.pk, {"nonsense": True}, token) == "invalid"
    prove(user.pk, answer, token)


@pytest.mark.django_db
def test_a_key_that_counts_backwards_is_refused_marked_and_logged() -> None:
    user = make_user()
    key, passkey = give_key(user)
    copy = dataclasses.replace(key)
    options, token = begin()
    prove(None, sign(key, options), token)
    options, token = begin()
    prove(None, sign(key, options), token)
    for thief in (copy, dataclasses.replace(copy, count=1)):  # falls, then stands still
        options, token = begin()
        assert refusal(None, sign(thief, options), token) == "copied"
    passkey.refresh_from_db()
    assert passkey.sign_count == 2
    assert passkey.suspected_at == NOW
    entries = SecurityEntry.objects.filter(user=user, name=Happening.PASSKEY_CLONED)
    assert [entry.details["counted"] for entry in entries.order_by("id")] == [1, 2]
    zero = dataclasses.replace(copy, count=0, is_synced=True)
    options, token = begin()
    assert refusal(None, sign(zero, options), token) == "copied", (
        "a counter that was in use never falls to zero"
    )


@pytest.mark.django_db
def test_synced_passkeys_count_nothing() -> None:
    key, passkey = give_key(make_user(), SoftAuthenticator(is_synced=True))
    for _ in range(3):
        options, token = begin()
        prove(None, sign(key, options), token)
    passkey.refresh_from_db()
    assert passkey.sign_count == 0
    assert passkey.suspected_at is None


def test_one_answer_sent_many_times_at_once_proves_once(live_database: None) -> None:
    user = make_user()
    key, _ = give_key(user, SoftAuthenticator(is_synced=True))
    options, token = begin()
    answer = sign(key, options)

    def attempt(_: int) -> str:
        try:
            prove(None, answer, token)
        except PasskeyNotAcceptedError as error:
            return error.reason
        else:
            return "proven"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        results = sorted(pool.map(attempt, range(16)))
    assert results == ["proven", *["replayed"] * 15]


def test_two_copies_with_one_count_at_once_prove_once(live_database: None) -> None:
    user = make_user()
    key, _ = give_key(user)
    asked = [begin() for _ in range(8)]
    answers = [(sign(dataclasses.replace(key), options), token) for options, token in asked]

    def attempt(each: tuple[dict[str, Any], str]) -> str:
        try:
            prove(None, *each)
        except PasskeyNotAcceptedError as error:
            return error.reason
        else:
            return "proven"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        results = sorted(pool.map(attempt, answers))
    assert results == [*["copied"] * 7, "proven"]
    assert UsedChallenge.objects.count() >= 8


@pytest.mark.django_db
def test_challenges_are_remembered_only_while_they_could_be_answered() -> None:
    key, _ = give_key(make_user())
    options, token = begin()
    prove(None, sign(key, options), token)
    used = UsedChallenge.objects.latest("expires_at")
    assert used.expires_at - NOW == timedelta(minutes=10)


@pytest.mark.django_db
@pytest.mark.parametrize("cbor", [b"\x82", b"\x81" * 3_000, b"\xa1", b"\xbf"])
def test_bytes_that_no_authenticator_made_are_no_answer(cbor: bytes) -> None:
    key, _ = give_key(make_user())
    options, token = begin()
    answer = sign(key, options)
    data = bytes(32) + b"\x80" + bytes(4) + cbor
    answer["response"]["authenticatorData"] = b64(data)
    assert refusal(None, answer, token) == "invalid"
