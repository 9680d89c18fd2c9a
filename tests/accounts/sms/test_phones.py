import re
import uuid

import pytest
from django.conf import settings

from tests.cast import NOW, make_user
from tmam.accounts.factors import has_second_factor
from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry, Sms
from tmam.accounts.security_log import NOWHERE
from tmam.accounts.sms.codes import Wanted, send_code
from tmam.accounts.sms.phones import confirm_phone, phone_of, prove_by_phone, remove_phone

pytestmark = pytest.mark.django_db


def send(user_id: int, number: str, purpose: str) -> tuple[uuid.UUID, str]:
    code_id = send_code(
        Wanted(user_id, number, purpose, "en"), visit=NOWHERE, settings=settings.TMAM, now=NOW
    )
    found = re.search(r"\d{6}", Sms.objects.filter(to=number).latest("id").text)
    assert found
    return code_id, found[0]


def names(user_id: int) -> list[str]:
    return list(SecurityEntry.objects.filter(user_id=user_id).order_by("id").values_list("name", flat=True))


def test_a_number_is_the_persons_once_its_code_was_typed() -> None:
    user = make_user()
    code_id, digits = send(user.pk, "+34611111111", "add")
    assert phone_of(user.pk) is None
    assert confirm_phone(user.pk, code_id, "no", visit=NOWHERE, now=NOW) is None
    phone = confirm_phone(user.pk, code_id, digits, visit=NOWHERE, now=NOW)
    assert phone is not None
    assert phone.number == "+34611111111"
    assert has_second_factor(user.pk)
    assert names(user.pk) == [Happening.PHONE_CODE_SENT, Happening.PHONE_ADDED]

    code_id, digits = send(user.pk, "+34622222222", "add")
    confirm_phone(user.pk, code_id, digits, visit=NOWHERE, now=NOW)
    kept = phone_of(user.pk)
    assert kept is not None
    assert kept.number == "+34622222222"


def test_a_code_to_the_present_number_proves() -> None:
    user = make_user()
    code_id, digits = send(user.pk, "+34611111111", "add")
    confirm_phone(user.pk, code_id, digits, visit=NOWHERE, now=NOW)
    code_id, digits = send(user.pk, "+34611111111", "prove")
    assert prove_by_phone(user.pk, code_id, digits, now=NOW)
    assert not prove_by_phone(user.pk, code_id, digits, now=NOW)
    kept = phone_of(user.pk)
    assert kept is not None
    assert kept.last_used_at == NOW

    code_id, digits = send(user.pk, "+34611111111", "prove")
    assert remove_phone(user.pk, must_keep_factor=False, visit=NOWHERE, now=NOW)
    assert not prove_by_phone(user.pk, code_id, digits, now=NOW), "the number is gone"
    assert not remove_phone(user.pk, must_keep_factor=False, visit=NOWHERE, now=NOW)
    assert not has_second_factor(user.pk)
    assert names(user.pk)[-1] == Happening.PHONE_REMOVED


def test_a_code_for_adding_proves_nothing() -> None:
    user = make_user()
    code_id, digits = send(user.pk, "+34611111111", "add")
    assert not prove_by_phone(user.pk, code_id, digits, now=NOW)
