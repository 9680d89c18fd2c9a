"""Who we are to authenticators: one name, from the settings and never from what a request claims."""

from __future__ import annotations

import ipaddress

from fido2.server import Fido2Server
from fido2.webauthn import AttestationConveyancePreference, PublicKeyCredentialRpEntity

from tmam.platform.settings import Settings

NAME = "tmam"
ANSWER_WITHIN_MS = 5 * 60 * 1000


def relying_party_id(settings: Settings) -> str:
    """The host that passkeys belong to; on one machine always `localhost`, since no browser binds keys to addresses."""
    return "localhost" if settings.is_loopback else settings.host


def are_passkeys_possible(settings: Settings) -> bool:
    """Whether browsers can bind keys to our host at all: to names they do, to addresses not."""
    try:
        ipaddress.ip_address(relying_party_id(settings))
    except ValueError:
        return True
    return False


def server_for(settings: Settings) -> Fido2Server:
    """What judges answers: origins are compared with ours, letter by letter."""
    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=relying_party_id(settings), name=NAME),
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=frozenset(settings.origins).__contains__,
    )
    server.timeout = ANSWER_WITHIN_MS  # type: ignore[assignment]  # the library says None, and sends what is set
    return server
