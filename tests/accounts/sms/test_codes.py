"""Codes: sent within limits, guessed at most three times, used once."""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.db import connections

from tests.cast import NOW, make_user, unique
from tmam.accounts.errors import TooManySmsError
from tmam.accounts.forget_spent import forget_spent
from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry, Sms, SmsCode, SmsCount
from tmam.accounts.security_log import Visit
from tmam.accounts.sms.codes import CODE_TTL, Wanted, check_code, is_code_spent, send_code

TMAM = settings.TMAM


def number() -> str:
    return f"+3461{uuid.uuid4().int % 10**7:07d}"


def wanted(user_id: int | None = None, **changes: Any) -> Wanted:
    usual = {
        "user_id": user_id or make_user().pk,
        "number": number(),
        "purpose": "prove",
        "language": "en",
    }
    return Wanted(**(usual | changes))


def send(asked: Wanted, *, network: str = "", now: datetime = NOW, **changes: Any) -> uuid.UUID:
    tmam = msgspec.structs.replace(TMAM, sms_per_day=1_000_000, **changes)
    return send_code(asked, visit=Visit(network=network or unique("net")), settings=tmam, now=now)


def sent_to(asked: Wanted) -> str:
    text = Sms.objects.filter(to=asked.number).latest("id").text
    found = re.search(r"\b\d{6}\b", text)
    assert found
    return found[0]


def check(code_id: uuid.UUID, typed: str, asked: Wanted, **changes: Any) -> bool:
    usual = {"user_id": asked.user_id, "purpose": asked.purpose, "now": NOW}
    return check_code(code_id, typed, **(usual | changes)) is not None


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**6:06d}"


@pytest.mark.django_db
def test_the_message_fills_itself_in_on_our_origin_only_and_fits_one_sms() -> None:
    for language, words in (("en", "is your code"), ("es", "tu")):
        asked = wanted(language=language)
        send(asked)
        text = Sms.objects.get(to=asked.number).text
        digits = sent_to(asked)
        assert text.endswith(f"\n\n@{TMAM.host} #{digits}")
        assert words in text
        assert len(text) <= 160
        assert not set("áíóúÁÍÓÚ") & set(text), "letters that would cost a second message"


@pytest.mark.django_db
def test_a_code_works_once_as_people_type_it_and_is_kept_as_a_digest() -> None:
    asked = wanted()
    code_id = send(asked)
    digits = sent_to(asked)
    row = SmsCode.objects.get(id=code_id)
    assert digits not in row.digest
    assert check(code_id, f" {digits[:3]} {digits[3:]} ", asked)
    assert not check(code_id, digits, asked)
    assert is_code_spent(code_id, user_id=asked.user_id, now=NOW)
    entry = SecurityEntry.objects.get(user_id=asked.user_id)
    assert entry.name == Happening.PHONE_CODE_SENT
    assert entry.details == {}, "neither number nor code"


@pytest.mark.django_db
def test_a_code_is_for_its_person_purpose_and_ten_minutes() -> None:
    asked = wanted()
    code_id = send(asked)
    digits = sent_to(asked)
    assert not check(code_id, digits, asked, user_id=make_user().pk)
    assert not check(code_id, digits, asked, purpose="add")
    assert not check(code_id, digits, asked, now=NOW + CODE_TTL)
    assert not check(uuid.uuid4(), digits, asked)
    assert check(code_id, digits, asked, now=NOW + CODE_TTL - timedelta(seconds=1))


@pytest.mark.django_db
def test_three_wrong_guesses_spend_a_code() -> None:
    asked = wanted()
    code_id = send(asked)
    digits = sent_to(asked)
    for _ in range(3):
        assert not check(code_id, wrong(digits), asked)
    assert is_code_spent(code_id, user_id=asked.user_id, now=NOW)
    assert not check(code_id, digits, asked)


def test_a_thousand_guesses_at_once_are_three(live_database: None) -> None:
    asked = wanted()
    code_id = send(asked)
    digits = sent_to(asked)

    def guess(start: int) -> list[bool]:
        try:
            return [check(code_id, wrong(digits), asked) for _ in range(start, start + 125)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert not any(any(each) for each in pool.map(guess, range(0, 1000, 125)))
    assert SmsCode.objects.get(id=code_id).attempts == 3
    assert not check(code_id, digits, asked)


def test_the_right_code_typed_twice_at_once_works_once(live_database: None) -> None:
    asked = wanted()
    code_id = send(asked)
    digits = sent_to(asked)

    def attempt(_: int) -> bool:
        try:
            return check(code_id, digits, asked)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(attempt, range(8))).count(True) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("same", "an_hour"), [("person", 5), ("number", 5), ("network", 10)])
def test_messages_are_limited_by_person_number_and_network(same: str, an_hour: int) -> None:
    user_id, to, network = make_user().pk, number(), unique("net")

    def once(now: datetime) -> None:
        asked = wanted(user_id if same == "person" else None, number=to if same == "number" else number())
        send(asked, network=network if same == "network" else "", now=now)

    for _ in range(an_hour):
        once(NOW)
    before = Sms.objects.count()
    with pytest.raises(TooManySmsError) as caught:
        once(NOW + timedelta(minutes=20))
    assert caught.value.retry_after_s == 40 * 60
    assert Sms.objects.count() == before, "refused means: nothing is owed, nothing is counted"
    once(NOW + timedelta(hours=1))


@pytest.mark.django_db
def test_a_day_has_its_limit_too() -> None:
    user_id = make_user().pk
    for hour in range(2):
        for _ in range(5):
            send(wanted(user_id), now=NOW + timedelta(hours=hour))
    with pytest.raises(TooManySmsError) as caught:
        send(wanted(user_id), now=NOW + timedelta(hours=2))
    assert caught.value.retry_after_s == 10 * 3600
    send(wanted(user_id), now=NOW + timedelta(days=1))


@pytest.mark.django_db
def test_everybody_together_has_a_limit() -> None:
    day = NOW + timedelta(days=300)
    tmam = msgspec.structs.replace(TMAM, sms_per_day=2)
    for _ in range(2):
        send_code(wanted(), visit=Visit(network=unique("net")), settings=tmam, now=day)
    with pytest.raises(TooManySmsError):
        send_code(wanted(), visit=Visit(network=unique("net")), settings=tmam, now=day)
    none = msgspec.structs.replace(TMAM, sms_per_day=0)
    with pytest.raises(TooManySmsError):
        send_code(wanted(), visit=Visit(), settings=none, now=day + timedelta(days=1))


def test_limits_hold_when_asked_at_once(live_database: None) -> None:
    user_id, to, network = make_user().pk, number(), unique("net")

    def attempt(_: int) -> bool:
        try:
            send(wanted(user_id, number=to), network=network)
        except TooManySmsError:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(attempt, range(24))).count(True) == 5
    assert Sms.objects.filter(to=to).count() == 5


@pytest.mark.django_db
def test_what_is_spent_is_forgotten() -> None:
    asked = wanted()
    send(asked)
    forget_spent(NOW + timedelta(days=1))
    assert Sms.objects.filter(to=asked.number).exists()
    assert forget_spent(NOW + timedelta(days=4)) > 0
    assert not Sms.objects.filter(to=asked.number).exists()
    assert not SmsCode.objects.filter(user_id=asked.user_id).exists()
    assert not SmsCount.objects.filter(scope=f"person:{asked.user_id}:day").exists()
