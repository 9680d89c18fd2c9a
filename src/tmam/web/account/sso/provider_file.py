"""Which OpenID Connect providers people may sign in with: a TOML file of the operator's (docs/single-sign-on.md).

A file and not a page: whoever can name a provider can let anybody in as anybody of its addresses.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from tmam.organizers.permissions import is_brought_by_sign_in
from tmam.platform.settings import Settings

ANY_DOMAIN: Final = "*"


class SsoFileError(ValueError):
    """The file cannot be used; the message says what and where, for the operator."""


class SsoProvider(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One provider. Whom it is for, and what of its word counts.

    `email_domains`: addresses of these domains that the provider calls verified are taken as proven (`*`: of every
    domain); all others are proven by a code of ours. `organizer` makes it a team's own, `role` makes who signs in with
    it a member.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,40}$", description="In the address of its sign-in.")]
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    issuer: str
    client_id: Annotated[str, Meta(min_length=1)]
    client_secret: str = ""
    client_secret_file: str = ""
    email_domains: tuple[str, ...] = ()
    organizer: str = ""
    role: str = ""

    @property
    def is_for_team(self) -> bool:
        """Whether it is one organizer's, and not offered to buyers."""
        return self.organizer != ""

    def proves(self, email: str) -> bool:
        """Whether this provider's word is enough for an address that it calls verified."""
        domain = email.rpartition("@")[2].lower()
        return any(each in (ANY_DOMAIN, domain) for each in self.email_domains)

    def as_app(self) -> dict[str, Any]:
        """How allauth is told (an entry of `SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]`)."""
        return {
            "provider_id": self.id,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.client_secret,
            "settings": {"server_url": self.issuer, "tmam": msgspec.to_builtins(self)},
        }


class _File(msgspec.Struct, forbid_unknown_fields=True):
    provider: list[SsoProvider] = []


def load_providers(settings: Settings) -> list[SsoProvider]:
    """The providers of the operator's file; none without one.

    Raises:
        SsoFileError: it cannot be read, or says something that cannot be.
    """
    path = Path(settings.sso_file) if settings.sso_file else settings.state / "sso.toml"
    if not settings.sso_file and not path.exists():
        return []
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), type=_File).provider
        providers = [_with_secret(provider, path.parent) for provider in found]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SsoFileError(f"{path} cannot be used: {error}") from None
    for provider in providers:
        problem = _problem_of(provider, providers)
        if problem:
            raise SsoFileError(f"{path}: provider {provider.id!r}: {problem}")
    return providers


def allauth_settings(providers: list[SsoProvider]) -> dict[str, Any]:
    """`SOCIALACCOUNT_PROVIDERS`. PKCE always (RFC 9700): a stolen code is worth nothing without its verifier."""
    apps = [provider.as_app() for provider in providers]
    return {"openid_connect": {"APPS": apps, "OAUTH_PKCE_ENABLED": True}}


def _with_secret(provider: SsoProvider, folder: Path) -> SsoProvider:
    if not provider.client_secret_file:
        return provider
    secret = (folder / provider.client_secret_file).read_text(encoding="utf-8").strip()
    return msgspec.structs.replace(provider, client_secret=secret, client_secret_file="")


def _problem_of(provider: SsoProvider, all_of_them: list[SsoProvider]) -> str:
    issuer = urlsplit(provider.issuer)
    is_here = issuer.hostname in {"localhost", "127.0.0.1", "::1"}
    if sum(other.id == provider.id for other in all_of_them) > 1:
        return "its id is there twice."
    if issuer.scheme != "https" and not is_here:
        return "the issuer must be an https address."
    if provider.role and not provider.is_for_team:
        return "a role is for an organizer's provider; name the organizer."
    if provider.role and not is_brought_by_sign_in(provider.role):
        return "there is no such role to become by signing in."
    return ""
