"""Which second factors a person has: the one place that is asked, whatever the page."""

from __future__ import annotations

from collections.abc import Collection

from allauth.mfa.models import Authenticator

# Recovery codes replace a factor that is lost; they are none by themselves.
_SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def with_second_factor(user_ids: Collection[int]) -> set[int]:
    """Those of these people who have one."""
    rows = Authenticator.objects.filter(user_id__in=user_ids, type__in=_SECOND_FACTORS)
    return set(rows.values_list("user_id", flat=True))


def has_second_factor(user_id: int) -> bool:
    """Whether this person can prove by something they have, not only by something they know."""
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=_SECOND_FACTORS).exists())
