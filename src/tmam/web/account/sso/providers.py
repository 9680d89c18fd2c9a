"""The providers as pages ask for them; the operator's file was read when the program started."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings

from tmam.web.account.sso.provider_file import SsoProvider


def sso_providers() -> list[SsoProvider]:
    """All of them, in the order of the file."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [msgspec.convert(app["settings"]["tmam"], type=SsoProvider) for app in apps]


def provider_named(provider_id: str) -> SsoProvider | None:
    """The provider with this id, if the file (still) has it."""
    return next((each for each in sso_providers() if each.id == provider_id), None)


def provider_of_login(sociallogin: Any) -> SsoProvider:
    """The provider that a sign-in of allauth's came through."""
    return msgspec.convert(sociallogin.provider.app.settings["tmam"], type=SsoProvider)


def provider_of_organizer(slug: str) -> SsoProvider | None:
    """An organizer's own provider."""
    return next((each for each in sso_providers() if each.organizer == slug), None)
