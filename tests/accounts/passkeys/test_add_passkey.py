import dataclasses
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from tests.accounts.passkeys.keyring import BROWSER, give_key
from tests.accounts.passkeys.soft_authenticator import SoftAuthenticator, b64
from tests.cast import NOW, make_user
from tmam.accounts.errors import PasskeyNotAcceptedError
from tmam.accounts.factors import has_second_factor
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Passkey, SecurityEntry, User
from tmam.accounts.passkeys import add_passkey as module
from tmam.accounts.passkeys.add_passkey import add_passkey, begin_adding
from tmam.accounts.security_log import NOWHERE

pytestmark = pytest.mark.django_db
TMAM = settings.TMAM


def add(user: User, credential: dict[str, Any], token: str, **changes: Any) -> Passkey:
    usual = {"name": "Phone", "browser": BROWSER, "visit": NOWHERE, "settings": TMAM, "now": NOW}
    return add_passkey(user, credential=credential, token=token, **(usual | changes))


def begin(user: User, *, is_passkey: bool = True) -> tuple[dict[str, Any], str]:
    return begin_adding(user, is_passkey=is_passkey, browser=BROWSER, settings=TMAM, now=NOW)


def refusal(user: User, credential: dict[str, Any], token: str, **changes: Any) -> str:
    with pytest.raises(PasskeyNotAcceptedError) as caught:
        add(user, credential, token, **changes)
    return caught.value.reason


def test_a_passkey_is_kept_with_its_kind_count_and_owner() -> None:
    user = make_user()
    _, passkey = give_key(user, SoftAuthenticator(is_synced=True))
    assert (passkey.is_passkey, passkey.is_synced, passkey.sign_count) == (True, True, 0)
    assert passkey.authenticator.user == user
    assert has_second_factor(user.pk)
    entry = SecurityEntry.objects.get(user=user)
    assert entry.name == Happening.PASSKEY_ADDED
    assert entry.details == {"authenticator_id": passkey.pk, "is_passkey": True}


def test_what_is_asked_of_the_browser() -> None:
    user = make_user()
    key, _ = give_key(user)
    asked, _ = begin(user)
    public = asked["publicKey"]
    assert public["rp"]["id"] == TMAM.host
    assert public["authenticatorSelection"]["residentKey"] == "required"
    assert public["authenticatorSelection"]["userVerification"] == "required"
    assert public["attestation"] == "none"
    assert len(public["excludeCredentials"]) == 1, "the same authenticator is not added twice"
    asked, _ = begin(user, is_passkey=False)
    assert asked["publicKey"]["authenticatorSelection"]["residentKey"] == "discouraged"
    assert key.user_handle == str(user.pk).encode()


def test_a_passkey_must_verify_its_person_a_security_key_need_not() -> None:
    user = make_user()
    options, token = begin(user)
    weak = SoftAuthenticator(verifies=False)
    assert refusal(user, weak.make(options, origin=TMAM.origin), token) == "invalid"
    _, passkey = give_key(user, SoftAuthenticator(verifies=False), is_passkey=False)
    assert not passkey.is_passkey


def test_the_answer_must_be_to_this_challenge_for_this_person_in_this_browser_in_time() -> None:
    user, other = make_user(), make_user()
    options, token = begin(user)
    credential = SoftAuthenticator().make(options, origin=TMAM.origin)
    assert refusal(other, credential, token) == "invalid"
    assert refusal(user, credential, token, browser="another") == "invalid"
    assert refusal(user, credential, token + "x") == "invalid"
    assert refusal(user, credential, token, now=NOW + timedelta(minutes=10)) == "expired"
    assert refusal(user, credential, begin(user)[1]) == "invalid", "another challenge"
    assert refusal(user, SoftAuthenticator().make(options, origin="https://evil.example"), token) == "invalid"
    for nonsense in ({}, {"id": "x"}, {"rawId": 7, "response": []}, [], "x"):
        assert refusal(user, nonsense, token) == "invalid"  # type: ignore[arg-type]  # as a thief would
    for bad in (b"\x82", b"\x81" * 5_000, b"\xbf" * 3):
        broken = {**credential, "response": {**credential["response"], "attestationObject": b64(bad)}}
        assert refusal(user, broken, token) == "invalid"
    add(user, credential, token)
    assert refusal(user, credential, token) == "replayed"


def test_one_key_belongs_to_one_account() -> None:
    owner, thief = make_user(), make_user()
    key, _ = give_key(owner)
    options, token = begin(thief)
    again = dataclasses.replace(key).make(options, origin=TMAM.origin)
    assert refusal(thief, again, token) == "known"


def test_nobody_hoards_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEYS", 1)
    user = make_user()
    give_key(user)
    options, token = begin(user)
    assert refusal(user, SoftAuthenticator().make(options, origin=TMAM.origin), token) == "full"


@pytest.mark.parametrize("field", ["id", "clientDataJSON", "attestationObject"])
def test_what_a_browser_says_beside_the_bytes_is_not_kept(field: str) -> None:
    user, key = make_user(), SoftAuthenticator()
    options, token = begin(user)
    credential = key.make(options, origin=TMAM.origin)
    holder = credential if field == "id" else credential["response"]
    holder[field] = holder[field] + "\0"
    try:
        kept = add(user, credential, token)
    except PasskeyNotAcceptedError:
        return
    assert "\0" not in str(kept.authenticator.data)
