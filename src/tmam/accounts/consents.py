"""Consent to marketing: asked separately, never needed, as easy to withdraw as to give; each answer is kept.

Nothing sends marketing yet. Whoever builds it asks `has_agreed` for each person at the moment of sending.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tmam.accounts.consent_texts import CURRENT_VERSION, MARKETING, TMAM
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Consent, User
from tmam.accounts.security_log import NOWHERE, Visit, record


def has_agreed(user_id: int, *, party: str = TMAM) -> bool:
    """Whether the newest answer of this person is yes; silence is no."""
    newest = newest_consent(user_id, party=party)
    return newest is not None and newest.is_given


def newest_consent(user_id: int, *, party: str = TMAM) -> Consent | None:
    """The answer that counts."""
    mine = Consent.objects.filter(user_id=user_id, purpose=MARKETING, party=party)
    return mine.order_by("-at", "-id").first()


def answer_consent(
    user_id: int,
    *,
    is_given: bool,
    language: str,
    place: str,
    now: datetime,
    visit: Visit = NOWHERE,
    party: str = TMAM,
) -> bool:
    """Write an answer down, unless it is the present one; returns whether something changed."""
    with transaction.atomic():
        User.objects.select_for_update().filter(pk=user_id).first()  # one answer of a person at a time
        if has_agreed(user_id, party=party) == is_given:
            return False
        Consent.objects.create(
            user_id=user_id,
            purpose=MARKETING,
            party=party,
            is_given=is_given,
            text_version=CURRENT_VERSION,
            language=language,
            place=place,
            at=now,
        )
        name = Happening.CONSENT_GIVEN if is_given else Happening.CONSENT_WITHDRAWN
        record(user_id, name, now=now, visit=visit, details={"party": party, "text": CURRENT_VERSION})
    return True
