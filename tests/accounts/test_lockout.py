"""Counts in the database: exact at any parallelism, alike for unknown logins, apart for trusted browsers."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tests.cast import NOW, make_user, unique
from tmam.accounts import lockout
from tmam.accounts.errors import PausedError
from tmam.accounts.happenings import Happening
from tmam.accounts.lockout import Purpose, device_subject, login_subject, network_subject
from tmam.accounts.models import AttemptCount, SecurityEntry
from tmam.accounts.security_log import NOWHERE
from tmam.accounts.unlock_links import UnlockLink, read_unlock_link, sign_unlock_link

SIGN_IN = Purpose.SIGN_IN


def subject(login: str | None = None) -> lockout.Subject:
    return login_subject(SIGN_IN, login or f"{unique('ana')}@buyers.example")


def guess(*subjects: lockout.Subject, times: int = 1, now: object = NOW) -> lockout.Attempt:
    for _ in range(times):
        attempt = lockout.begin_attempt(subjects, now)  # type: ignore[arg-type]
    return attempt


@pytest.mark.django_db
def test_five_wrong_ones_pause_and_time_heals() -> None:
    ana = subject()
    attempt = guess(ana, times=5)
    assert attempt.account_pause == (ana.key, 1)
    with pytest.raises(PausedError) as refused:
        guess(ana)
    assert refused.value.minutes == 1
    assert guess(ana, now=NOW + timedelta(minutes=1)).account_pause is None


@pytest.mark.django_db
def test_a_right_one_clears_the_account_and_takes_one_from_the_network() -> None:
    ana, network = subject(), network_subject(SIGN_IN, unique("net"))
    guess(ana, network, times=4)
    lockout.succeeded(guess(ana, network), NOW)
    counts = {row.key: row.failures for row in AttemptCount.objects.filter(key__in=[ana.key, network.key])}
    assert counts == {ana.key: 0, network.key: 4}
    assert guess(ana, network, times=4).account_pause is None


@pytest.mark.django_db
def test_what_was_never_looked_at_is_no_guess() -> None:
    ana = subject()
    guess(ana, times=4)
    lockout.taken_back(guess(ana), NOW)
    assert AttemptCount.objects.get(key=ana.key).failures == 4
    assert guess(ana).account_pause == (ana.key, 2), "the number of a pause taken back is not used again"


@pytest.mark.django_db
def test_a_network_is_paused_whatever_the_logins() -> None:
    network = network_subject(SIGN_IN, unique("net"))
    for _ in range(network.rule.limit):
        guess(subject(), network)
    with pytest.raises(PausedError):
        guess(subject(), network)
    guess(subject(), network_subject(SIGN_IN, unique("net")))


@pytest.mark.django_db
def test_refused_attempts_use_nothing_up() -> None:
    ana, bea, network = subject(), subject(), network_subject(SIGN_IN, unique("net"))
    guess(ana, times=5)
    for _ in range(20):
        with pytest.raises(PausedError):
            guess(ana, bea, network)
    assert guess(bea, network, times=4).account_pause is None


@pytest.mark.django_db
def test_a_trusted_browser_has_a_count_of_its_own() -> None:
    login = f"{unique('ana')}@buyers.example"
    everybody, own = login_subject(SIGN_IN, login), device_subject(SIGN_IN, "device-1", login)
    guess(everybody, times=5)
    guess(own, times=5)
    with pytest.raises(PausedError):
        guess(own)
    guess(device_subject(SIGN_IN, "device-2", login))


@pytest.mark.django_db
def test_logins_are_counted_in_one_form_and_kept_in_none() -> None:
    name = unique("ana")
    assert login_subject(SIGN_IN, f" {name.upper()}@Buyers.example ") == subject(f"{name}@buyers.example")
    guess(subject(f"{name}@buyers.example"))
    assert not AttemptCount.objects.filter(key__contains=name).exists()
    assert login_subject(SIGN_IN, name).key != login_subject(Purpose.MAIL, name).key


@pytest.mark.django_db
def test_the_owners_link_opens_one_pause_once() -> None:
    user = make_user()
    ana = subject(user.email)
    pause = guess(ana, times=5).account_pause
    assert pause is not None
    link = read_unlock_link(sign_unlock_link(UnlockLink(user.pk, *pause)))
    assert link == UnlockLink(user.pk, *pause)
    unlock = {"now": NOW, "visit": NOWHERE}
    assert lockout.unlock_by_owner(link.user_id, link.key, link.lock_number, **unlock)  # type: ignore[arg-type]
    assert not lockout.unlock_by_owner(link.user_id, link.key, link.lock_number, **unlock)  # type: ignore[arg-type]
    guess(ana, times=5)
    assert not lockout.unlock_by_owner(link.user_id, link.key, link.lock_number, **unlock)  # type: ignore[arg-type]
    assert SecurityEntry.objects.filter(user=user, name=Happening.UNLOCKED).count() == 1


def test_a_link_that_was_changed_is_none() -> None:
    secret = sign_unlock_link(UnlockLink(7, "sign_in:login:00", 1))
    assert read_unlock_link(secret.replace("7/", "8/", 1)) is None
    assert read_unlock_link(secret[:-1]) is None
    assert read_unlock_link("") is None


@pytest.mark.django_db
def test_staff_unlock_everything_with_a_reason_on_record() -> None:
    user, staff = make_user(), make_user()
    guess(subject(user.email), times=5)
    assert lockout.paused_until(user.pk, NOW) is not None
    with pytest.raises(ValueError, match="reason"):
        lockout.unlock_by_staff(user.pk, staff.pk, "  ", NOW)
    assert lockout.unlock_by_staff(user.pk, staff.pk, "Called from the number on file", NOW)
    assert lockout.paused_until(user.pk, NOW) is None
    entry = SecurityEntry.objects.get(user=user, name=Happening.UNLOCKED)
    assert (entry.actor, entry.reason) == (f"staff:{staff.pk}", "Called from the number on file")
    assert not lockout.unlock_by_staff(user.pk, staff.pk, "Again", NOW)


@pytest.mark.usefixtures("live_database")
def test_a_thousand_guesses_at_once_are_five_looks() -> None:
    ana, network = subject(), network_subject(SIGN_IN, unique("net"))
    start = threading.Barrier(8)

    def attack(_: int) -> int:
        start.wait()
        looked_at = 0
        for _ in range(125):
            try:
                lockout.begin_attempt([network, ana], NOW)
                looked_at += 1
            except PausedError:
                pass
        connection.close()
        return looked_at

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attack, range(8))) == 5
    row = AttemptCount.objects.get(key=ana.key)
    assert (row.failures, row.locks) == (5, 1)


@pytest.mark.usefixtures("live_database")
def test_parallel_failures_are_all_counted() -> None:
    network = network_subject(SIGN_IN, unique("net"))

    def attack(_: int) -> None:
        for _ in range(4):
            lockout.begin_attempt([subject(), network], NOW)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attack, range(8)))
    assert AttemptCount.objects.get(key=network.key).failures == 32


@pytest.mark.django_db
def test_many_logins_of_one_person_have_one_count_beside_their_own_and_it_tells_nobody() -> None:
    user = make_user()
    person = lockout.person_subject(SIGN_IN, user.pk, "")
    for _ in range(person.rule.limit - 1):
        assert guess(subject(), person).account_pause is None
    assert guess(subject(), person).account_pause is None
    with pytest.raises(PausedError):
        guess(subject(), person)
    lockout.forgive(user.pk, NOW)
    guess(subject(), person)


@pytest.mark.django_db
def test_the_owners_link_ends_the_pause_of_the_person_too() -> None:
    user = make_user()
    login, person = subject(user.email), lockout.person_subject(SIGN_IN, user.pk, "")
    guess(login, times=5)
    guess(person, times=person.rule.limit)
    assert lockout.unlock_by_owner(user.pk, login.key, 1, now=NOW, visit=NOWHERE)
    guess(login, person)


def test_a_login_that_nobody_has_is_a_person_of_its_own() -> None:
    first, second = (lockout.person_subject(SIGN_IN, 0, name) for name in ("Ana@x.example", "bo@x.example"))
    assert first == lockout.person_subject(SIGN_IN, 0, "ana@x.example ")
    assert first.key != second.key


@pytest.mark.django_db
def test_mails_to_a_login_are_never_held_back_for_longer_than_a_quarter_of_an_hour() -> None:
    ana, now = login_subject(Purpose.MAIL, f"{unique('ana')}@buyers.example"), NOW
    for _ in range(6):
        guess(ana, times=5, now=now)
        with pytest.raises(PausedError) as refused:
            guess(ana, now=now)
        assert refused.value.minutes == 15
        now += timedelta(minutes=15)
