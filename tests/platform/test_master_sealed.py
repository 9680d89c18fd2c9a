"""What the master key locks for one purpose opens for no other, whatever somebody writes into the database."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt as factor_secret
from cryptography.fernet import InvalidToken

from tests.cast import make_user
from tmam.notifications.mail_context import unseal
from tmam.platform import keys
from tmam.platform.keys import add_master_key
from tmam.platform.master_sealed import (
    bind_to_purposes,
    locked_under_old_keys,
    relock_master_sealed,
    unreadable,
)
from tmam.platform.settings import Settings

pytestmark = pytest.mark.usefixtures("settings_here")
SECRET = "JBSWY3DPEHPK3PXP"


def app_with(stored: str) -> Authenticator:
    return Authenticator.objects.create(
        user=make_user(), type=Authenticator.Type.TOTP, data={"secret": stored}
    )


def test_secrets_from_before_are_bound_once_and_what_no_key_opens_stays() -> None:
    old, lost = app_with(keys.encrypt(SECRET.encode()).decode()), app_with("gAAAAABnobody")
    passkey = Authenticator.objects.create(
        user=make_user(), type=Authenticator.Type.WEBAUTHN, data={"credential": {}}
    )
    assert (bind_to_purposes(), bind_to_purposes()) == (1, 0)
    for each in (old, lost, passkey):
        each.refresh_from_db()
    assert factor_secret(old.data["secret"]) == SECRET
    assert (lost.data, passkey.data) == ({"secret": "gAAAAABnobody"}, {"credential": {}})
    assert unreadable() == {"mfa_authenticator": 1}


def test_a_bound_secret_opens_nowhere_else_and_nothing_else_there() -> None:
    app = app_with(keys.encrypt(SECRET.encode()).decode())
    bind_to_purposes()
    app.refresh_from_db()
    with pytest.raises(InvalidToken):
        keys.decrypt(app.data["secret"].encode())
    assert unseal({"code": app.data["secret"]}) == {"code": ""}, "no letter says it"
    with pytest.raises(InvalidToken):
        factor_secret(keys.encrypt(b"mine").decode())


def test_a_new_master_key_locks_them_anew(settings_here: Settings) -> None:
    app = app_with(keys.encrypt(SECRET.encode()).decode())
    bind_to_purposes()
    add_master_key(settings_here)
    assert locked_under_old_keys() == {"mfa_authenticator": 1}
    assert (relock_master_sealed(), locked_under_old_keys()) == (1, {})
    app.refresh_from_db()
    assert factor_secret(app.data["secret"]) == SECRET
