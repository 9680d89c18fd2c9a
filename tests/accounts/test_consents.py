"""Consent: silence is no, each answer is kept, the newest counts, and pressing twice says it once."""

from datetime import timedelta

import pytest

from tests.cast import NOW, make_user
from tmam.accounts.consent_texts import CURRENT_VERSION, MARKETING_TEXTS
from tmam.accounts.consents import answer_consent, has_agreed
from tmam.accounts.models import Consent, SecurityEntry

pytestmark = pytest.mark.django_db


def test_the_newest_answer_counts_and_all_are_kept() -> None:
    user = make_user()
    assert not has_agreed(user.pk)
    answers = [
        answer_consent(
            user.pk, is_given=is_given, language="es", place="account", now=NOW + timedelta(minutes=minute)
        )
        for minute, is_given in enumerate((False, True, True, False, False, True))
    ]
    assert answers == [False, True, False, True, False, True]
    assert has_agreed(user.pk)
    rows = Consent.objects.filter(user=user).order_by("id")
    assert [row.is_given for row in rows] == [True, False, True]
    assert {(row.text_version, row.language, row.party) for row in rows} == {(CURRENT_VERSION, "es", "tmam")}
    names = SecurityEntry.objects.filter(user=user).order_by("id").values_list("name", flat=True)
    assert list(names) == ["account.consent_given", "account.consent_withdrawn", "account.consent_given"]


def test_each_party_is_asked_by_itself() -> None:
    user = make_user()
    answer_consent(user.pk, is_given=True, language="en", place="account", now=NOW, party="organizer:7")
    assert has_agreed(user.pk, party="organizer:7")
    assert not has_agreed(user.pk)


def test_the_words_of_today_exist() -> None:
    assert MARKETING_TEXTS[CURRENT_VERSION]
