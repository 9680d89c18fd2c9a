"""How allauth's OpenID Connect meets the rest of the product.

Three rules of ours. A provider proves an address only where the operator said so. Two identities become one account
only by somebody who signs in with both: never because an address looks the same. And what the provider tells
about a person is not kept, except the number that it knows them by.
"""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from typing import Any

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.accounts.errors import SignInServiceError
from tmam.accounts.happenings import Happening
from tmam.accounts.security_log import record, visit_of
from tmam.web.account.sso.pending import keep_pending
from tmam.web.account.sso.proof_first import require_proof_to_connect
from tmam.web.account.sso.providers import provider_of_login


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Our rules for who is believed, and our words."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": _("Choose a password first, or you could no longer sign in."),
        "no_verified_email": _("Confirm an e-mail address first, or you could no longer sign in."),
        "connected_other": _("That sign-in belongs to another account already."),
    }

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[Any]:
        """The operator's file is the only source; the database is never asked."""
        del request
        found = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in found.values() for app in apps]

    def get_app(self, request: HttpRequest, provider: Any, client_id: Any = None) -> Any:
        """A provider that the operator took out of the file goes on under its id, for accounts to be taken off it."""
        try:
            return super().get_app(request, provider, client_id)
        except SocialApp.DoesNotExist:
            return SocialApp(provider="openid_connect", provider_id=provider, name=provider)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """After the provider's answer, before anybody is signed in."""
        provider = provider_of_login(sociallogin)
        claims = sociallogin.account.extra_data
        _check_one_subject(claims, provider.id)
        sociallogin.account.extra_data = {}
        require_proof_to_connect(request, sociallogin)
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True and provider.proves(address.email)
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        if sociallogin.state.get("process") != "connect" and _belongs_to_an_account(sociallogin):
            keep_pending(request, sociallogin)
            raise ImmediateHttpResponse(redirect("sso_connect"))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **details: Any) -> None:
        """The provider did not answer, or answered something else: said by our error page.

        A person who turned back, or whose answer belongs to no sign-in of this browser, gets allauth's page for it.
        """
        del request
        is_strangers = "state_id" in (details.get("extra_context") or {})
        if details.get("error") != AuthError.CANCELLED and not is_strangers:
            raise SignInServiceError(service=str(provider.name))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Any:
        """Address and name only; user names are chosen by people."""
        user = super().populate_user(request, sociallogin, {"email": data.get("email")})
        user.name = " ".join(str(data.get("name") or "").split())[:200]
        user.username = None
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        """Remember the language that the person signed up in."""
        sociallogin.user.language = get_language() or "en"
        return super().save_user(request, sociallogin, form)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: Any = None, email: str | None = None
    ) -> None:
        """Name the service in the letter."""
        named = {"service": context["provider"].name} if context and "provider" in context else {}
        super().send_notification_mail(template_prefix, user, named, email)

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        """Back to the list of them."""
        del request, socialaccount
        return "/me/account/sign-in-services/"


def log_connected(*, request: HttpRequest, sociallogin: Any, **details: object) -> None:
    """Allauth's signal: somebody connected a service to their account."""
    del details
    record(
        sociallogin.user.pk,
        Happening.SERVICE_CONNECTED,
        now=timezone.now(),
        visit=visit_of(request),
        details={"service": sociallogin.account.provider},
    )


def log_disconnected(*, request: HttpRequest, socialaccount: Any, **details: object) -> None:
    """Allauth's signal: somebody took a service off their account."""
    del details
    record(
        socialaccount.user_id,
        Happening.SERVICE_DISCONNECTED,
        now=timezone.now(),
        visit=visit_of(request),
        details={"service": socialaccount.provider},
    )


def _check_one_subject(claims: Any, service: str) -> None:
    """OpenID Connect Core 5.3.2: the user-info answer counts only for the subject of the ID token."""
    told = claims.get("userinfo", {}).get("sub") if isinstance(claims, dict) else None
    signed = claims.get("id_token", {}).get("sub") if isinstance(claims, dict) else None
    if not signed or (told is not None and told != signed):
        raise SignInServiceError(service=service)


def _belongs_to_an_account(sociallogin: Any) -> bool:
    """Whether an address that the provider proves is an account's already, proven there too."""
    proven = [address.email for address in sociallogin.email_addresses if address.verified]
    return bool(proven and EmailAddress.objects.filter(email__iexact=proven[0], verified=True).exists())
