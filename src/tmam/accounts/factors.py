"""Which second factors a person has: the one place that is asked, whatever the page."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from tmam.accounts.models import Phone

# Recovery codes replace a factor that is lost; they are none by themselves.
_SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user_id: int) -> bool:
    """Whether this person can prove by something they have, not only by something they know."""
    has_authenticator = Authenticator.objects.filter(user_id=user_id, type__in=_SECOND_FACTORS).exists()
    return bool(has_authenticator) or Phone.objects.filter(user_id=user_id).exists()
