"""Proving who one is by a passkey or a security key: checked, used once, and the key's own counter watched."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from fido2.webauthn import (
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialType,
    UserVerificationRequirement,
)

from tmam.accounts.errors import PasskeyNotAcceptedError
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Passkey
from tmam.accounts.passkeys.add_passkey import UNREADABLE, user_handle
from tmam.accounts.passkeys.ceremony import Ceremony, Purpose, read_ceremony, sign_ceremony, use_challenge
from tmam.accounts.passkeys.relying_party import server_for
from tmam.accounts.security_log import Visit, record
from tmam.platform.settings import Settings
from tmam.platform.statements import run_verb

log = structlog.get_logger("tmam.accounts.passkeys")


def begin_proof(
    user_id: int | None, *, browser: str, settings: Settings, now: datetime
) -> tuple[dict[str, Any], str]:
    """What the browser needs to ask a key, and the signed ceremony to bring back with its answer.

    With a person: one of their keys, as a second factor. Without: any passkey, which must then know its person
    by a finger, a face or a PIN.
    """
    credentials = None
    verification = UserVerificationRequirement.REQUIRED
    if user_id is not None:
        verification = UserVerificationRequirement.PREFERRED
        credentials = [
            PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=bytes(each))
            for each in Passkey.objects.filter(authenticator__user_id=user_id).values_list(
                "credential_id", flat=True
            )
        ]
    options, state = server_for(settings).authenticate_begin(credentials, user_verification=verification)
    purpose = Purpose.SIGN_IN if user_id is None else Purpose.PROVE
    ceremony = Ceremony(purpose, user_id or 0, browser, state["challenge"], verification.value, now)
    return dict(options), sign_ceremony(ceremony)


def prove_by_passkey(
    user_id: int | None,
    *,
    credential: dict[str, Any],
    token: str,
    browser: str,
    visit: Visit,
    settings: Settings,
    now: datetime,
) -> Passkey:
    """The key that answered, whose owner is thereby proven. `user_id` None: whoever owns it signs in by it alone.

    Raises:
        PasskeyNotAcceptedError: see there. A key that counted backwards is marked, and its owner is told.
    """
    purpose = Purpose.SIGN_IN if user_id is None else Purpose.PROVE
    ceremony = read_ceremony(token, purposes={purpose}, person=user_id or 0, browser=browser, now=now)
    try:
        answer = AuthenticationResponse.from_dict(credential)
    except UNREADABLE:
        raise PasskeyNotAcceptedError from None
    passkey = _key_of(answer, user_id)
    counted = _verified(answer, passkey, ceremony, settings)
    with transaction.atomic():
        run_verb(use_challenge(ceremony))
        is_next = _count(passkey, counted, now)
        if not is_next:
            _suspect(passkey, counted, visit, now)
    if not is_next:
        raise PasskeyNotAcceptedError("copied")
    return passkey


def _key_of(answer: AuthenticationResponse, user_id: int | None) -> Passkey:
    passkey = (
        Passkey.objects.select_related("authenticator__user")
        .filter(credential_id=bytes(answer.raw_id))
        .first()
    )
    if passkey is None or (user_id is not None and passkey.authenticator.user_id != user_id):
        raise PasskeyNotAcceptedError("unknown")
    handle = answer.response.user_handle
    if handle and bytes(handle) != user_handle(passkey.authenticator.user_id):
        raise PasskeyNotAcceptedError("unknown")
    if user_id is None and not (passkey.is_passkey and passkey.authenticator.user.is_active):
        raise PasskeyNotAcceptedError("not_alone")
    return passkey


def _verified(
    answer: AuthenticationResponse, passkey: Passkey, ceremony: Ceremony, settings: Settings
) -> int:
    """The key's counter, after challenge, origin, site, presence, verification and signature were found right."""
    kept = passkey.authenticator.wrap().authenticator_data.credential_data
    try:
        server_for(settings).authenticate_complete(ceremony.state, [kept], answer)
    except UNREADABLE as error:
        log.info("passkey_refused", authenticator_id=passkey.pk, reason=str(error)[:100])
        raise PasskeyNotAcceptedError from None
    return int(answer.response.authenticator_data.counter)


def _count(passkey: Passkey, counted: int, now: datetime) -> bool:
    """Move the counter on; False when it did not rise. Of two answers with one count exactly one is right."""
    rises = Q(sign_count__lt=counted) | (Q(sign_count=0) if counted == 0 else Q(pk=None))
    moved = Passkey.objects.filter(rises, pk=passkey.pk).update(sign_count=counted)
    if moved:
        type(passkey.authenticator).objects.filter(pk=passkey.pk).update(last_used_at=now)
    return bool(moved)


def _suspect(passkey: Passkey, counted: int, visit: Visit, now: datetime) -> None:
    Passkey.objects.filter(pk=passkey.pk).update(suspected_at=now)
    record(
        passkey.authenticator.user_id,
        Happening.PASSKEY_CLONED,
        now=now,
        visit=visit,
        details={"authenticator_id": passkey.pk, "counted": counted},
    )
    log.warning("passkey_cloned", authenticator_id=passkey.pk)
