"""Adding a passkey (enough to sign in by itself) or a security key (a second factor)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AuthenticatorData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from tmam.accounts.errors import PasskeyNotAcceptedError
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Passkey, User
from tmam.accounts.passkeys.ceremony import Ceremony, Purpose, read_ceremony, sign_ceremony, use_challenge
from tmam.accounts.passkeys.relying_party import server_for
from tmam.accounts.security_log import Visit, record
from tmam.platform.settings import Settings
from tmam.platform.statements import run_verb

# What bytes that are no authenticator's answer make the library's parsers raise: CBOR that ends early or never ends, too.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
MOST_KEYS = 20
NAME_LENGTH = 60


def begin_adding(
    user: User, *, is_passkey: bool, browser: str, settings: Settings, now: datetime
) -> tuple[dict[str, Any], str]:
    """What the browser needs to make a key, and the signed ceremony to bring back with it."""
    known = Passkey.objects.filter(authenticator__user=user).values_list("credential_id", flat=True)
    verification = (
        UserVerificationRequirement.REQUIRED if is_passkey else UserVerificationRequirement.DISCOURAGED
    )
    options, state = server_for(settings).register_begin(
        PublicKeyCredentialUserEntity(id=user_handle(user.pk), name=user.email, display_name=user.email),
        credentials=[
            PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(each))
            for each in known
        ],
        resident_key_requirement=(
            ResidentKeyRequirement.REQUIRED if is_passkey else ResidentKeyRequirement.DISCOURAGED
        ),
        user_verification=verification,
        extensions={"credProps": True},
    )
    purpose = Purpose.ADD_PASSKEY if is_passkey else Purpose.ADD_KEY
    ceremony = Ceremony(purpose, user.pk, browser, state["challenge"], verification.value, now)
    return dict(options), sign_ceremony(ceremony)


def add_passkey(
    user: User,
    *,
    name: str,
    credential: dict[str, Any],
    token: str,
    browser: str,
    visit: Visit,
    settings: Settings,
    now: datetime,
) -> Passkey:
    """Keep a key that the browser made.

    Raises:
        PasskeyNotAcceptedError: see there.
    """
    ceremony = read_ceremony(
        token, purposes={Purpose.ADD_PASSKEY, Purpose.ADD_KEY}, person=user.pk, browser=browser, now=now
    )
    made = _verified(credential, ceremony, settings)
    if made.credential_data is None:
        raise PasskeyNotAcceptedError
    try:
        with transaction.atomic():
            run_verb(use_challenge(ceremony))
            # The person's row stands for the number of their keys: one at a time is counted.
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if Passkey.objects.filter(authenticator__user=user).count() >= MOST_KEYS:
                raise PasskeyNotAcceptedError("full")
            credential_id = made.credential_data.credential_id
            kept = {"name": name.strip()[:NAME_LENGTH], "credential": _kept_part(credential, credential_id)}
            is_passkey = ceremony.purpose is Purpose.ADD_PASSKEY
            authenticator = Authenticator.objects.create(
                user=user, type=Authenticator.Type.WEBAUTHN, data=kept, created_at=now
            )
            passkey = Passkey.objects.create(
                authenticator=authenticator,
                credential_id=credential_id,
                sign_count=made.counter,
                is_passkey=is_passkey,
                is_synced=bool(made.flags & AuthenticatorData.FLAG.BE),
            )
            details = {"authenticator_id": authenticator.pk, "is_passkey": is_passkey}
            record(user.pk, Happening.PASSKEY_ADDED, now=now, visit=visit, details=details)
    except IntegrityError:
        raise PasskeyNotAcceptedError("known") from None
    return passkey


def user_handle(user_id: int) -> bytes:
    """How authenticators remember the person (allauth's own way)."""
    return str(user_id).encode()


def _kept_part(credential: dict[str, Any], credential_id: bytes) -> dict[str, Any]:
    """What allauth's own reader of keys needs, and nothing else that a browser may have added."""
    response = {
        name: _plain_base64(credential["response"][name]) for name in ("clientDataJSON", "attestationObject")
    }
    made_id = websafe_encode(credential_id)
    return {
        "type": "public-key",
        # Said by the bytes that were checked: what a browser says beside them may be any text.
        "id": made_id,
        "rawId": made_id,
        "response": response,
        "clientExtensionResults": {},
    }


def _plain_base64(text: str) -> str:
    """The same bytes in the one spelling that PostgreSQL keeps; decoders skip what does not belong there."""
    return websafe_encode(websafe_decode(text))


def _verified(credential: dict[str, Any], ceremony: Ceremony, settings: Settings) -> AuthenticatorData:
    try:
        answer = RegistrationResponse.from_dict(credential)
        return server_for(settings).register_complete(ceremony.state, answer)
    except UNREADABLE:
        # The library has one kind of error for a wrong challenge and others for what is no answer at all.
        raise PasskeyNotAcceptedError from None
