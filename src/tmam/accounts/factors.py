"""Which second factors a person has, and letting go of one: the one place that is asked, whatever the page."""

from __future__ import annotations

from collections.abc import Callable, Collection

from allauth.mfa.models import Authenticator
from django.db import transaction

from tmam.accounts.errors import FactorRequiredError
from tmam.accounts.models import User
from tmam.accounts.recovery_codes import remove_codes

# Recovery codes replace a factor that is lost; they are none by themselves.
_SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def with_second_factor(user_ids: Collection[int]) -> set[int]:
    """Those of these people who have one."""
    rows = Authenticator.objects.filter(user_id__in=user_ids, type__in=_SECOND_FACTORS)
    return set(rows.values_list("user_id", flat=True))


def has_second_factor(user_id: int) -> bool:
    """Whether this person can prove by something they have, not only by something they know."""
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=_SECOND_FACTORS).exists())


def remove_factor(user_id: int, delete: Callable[[], object], *, must_keep_one: bool) -> None:
    """Let go of one factor: `delete` removes its row. With the last one the recovery codes go too.

    Raises:
        FactorRequiredError: it was the last one, and this person must have one; nothing was removed.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(
            pk=user_id
        )  # two removed at the same moment: one after the other
        delete()
        if has_second_factor(user_id):
            return
        if must_keep_one:
            raise FactorRequiredError
        remove_codes(user_id)
