"""The sign-in services that a page may offer."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.socialaccount.models import SocialAccount
from django import template

from tmam.web.account.sso.provider_file import SsoProvider
from tmam.web.account.sso.providers import sso_providers

register = template.Library()


@register.simple_tag
def sign_in_services() -> list[SsoProvider]:
    """Those for everybody; a team's own is reached by its address."""
    return [provider for provider in sso_providers() if not provider.is_for_team]


@register.simple_tag
def services_to_connect(accounts: Iterable[SocialAccount]) -> list[SsoProvider]:
    """Those for everybody that are not among the connected ones."""
    connected = {account.provider for account in accounts}
    return [provider for provider in sign_in_services() if provider.id not in connected]
