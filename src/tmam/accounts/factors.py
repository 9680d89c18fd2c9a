"""Which second factors a person has, and letting go of one: the one place that is asked, whatever the page."""

from __future__ import annotations

from collections.abc import Callable, Collection

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from tmam.accounts.errors import FactorRequiredError
from tmam.accounts.models import Phone, User
from tmam.accounts.recovery_codes import remove_codes
from tmam.accounts.sms.senders import is_sms_offered

# Recovery codes replace a factor that is lost; they are none by themselves.
_SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def with_second_factor(user_ids: Collection[int]) -> set[int]:
    """Those of these people who have one."""
    rows = Authenticator.objects.filter(user_id__in=user_ids, type__in=_SECOND_FACTORS)
    found = set(rows.values_list("user_id", flat=True))
    # A number that nothing can be sent to would only lock its owner out.
    if is_sms_offered(settings.TMAM):
        found |= set(Phone.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True))
    return found


def has_second_factor(user_id: int) -> bool:
    """Whether this person can prove by something they have, not only by something they know."""
    return user_id in with_second_factor([user_id])


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
