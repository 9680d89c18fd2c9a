"""Guessing is counted and paused, by account, by network, and by browser where the browser is trusted.

`begin_attempt` stands before any password is hashed or code compared; `succeeded`, `failed` or `taken_back` stands
after. Counts are rows of PostgreSQL (`AttemptCount`), changed under their row locks: attempts at the same moment are
all counted, whichever process takes them, and restarts forget nothing. A login that nobody has is counted like any
other. What is decided is in `lockout_rules`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from tmam.accounts.errors import PausedError
from tmam.accounts.happenings import Happening
from tmam.accounts.lockout_rules import NETWORK_PAUSES, PAUSES, Count, Rule, after_attempt, after_success
from tmam.accounts.lockout_rules import taken_back as without_attempt
from tmam.accounts.logins import logins_of_person, normal_login
from tmam.accounts.models import AttemptCount
from tmam.accounts.security_log import NOWHERE, Visit, record
from tmam.platform.settings import current_settings
from tmam.platform.statements import Step, Verb, run_verb, run_verb_retrying, statement

# A login's mails are never held back for longer, however often strangers ask: its owner may have forgotten the password.
MAIL_PAUSES = (timedelta(minutes=15),)
# All logins of one person together get so many times the guesses of one.
PERSON_TIMES = 3
# Nobody mails the whole world through us.
MAILS_OF_A_NETWORK = Rule(20, timedelta(minutes=5), NETWORK_PAUSES)
# Nobody needs such a file of one booking often.
FILES_OF_A_BOOKING = Rule(5, timedelta(minutes=1), (timedelta(minutes=1),))
_SALT = "tmam.accounts.lockout"
_LOCK = statement("tmam.accounts", "lock_attempt_counts")
_SAVE = statement("tmam.accounts", "save_attempt_counts")


class Purpose(StrEnum):
    """What is tried. Each is counted by itself, so that a forgotten password does not stand in the way of a new one."""

    SIGN_IN = "sign_in"  # passwords, wherever they are asked for
    CODE = "code"  # codes from mails
    LINK = "link"  # links to orders that are none
    NAME = "name"  # user names that somebody wants to take
    FILE = "file"  # files that are dear to make and kept nowhere
    MAIL = (
        "mail"  # mails that anybody may have sent to any address: new password, code, sign-up, lost tickets
    )


@dataclass(frozen=True)
class Subject:
    """Whose attempt is counted: a key of `AttemptCount`, and its rule."""

    key: str
    rule: Rule

    @property
    def is_login(self) -> bool:
        """Whether its pauses are told to the owner: the person's own count stays silent beside the login's."""
        return not self.is_network and ":person:" not in self.key and ":booking:" not in self.key

    @property
    def is_network(self) -> bool:
        """Whether many people share this count."""
        return ":network:" in self.key


@dataclass(frozen=True)
class Attempt:
    """An attempt that was let through. `pauses`: the numbers of the pauses that begin if it was wrong, by key."""

    subjects: Sequence[Subject]
    pauses: Mapping[str, int]

    @property
    def account_pause(self) -> tuple[str, int] | None:
        """Key and number of the pause that a wrong attempt means for the account or device, if it does."""
        for subject in self.subjects:
            if subject.is_login and subject.key in self.pauses:
                return subject.key, self.pauses[subject.key]
        return None


def login_subject(purpose: Purpose, login: str) -> Subject:
    """The count of one login, whoever tries it from wherever."""
    return Subject(_key(purpose, "login", normal_login(login)), _rule(purpose))


def person_subject(purpose: Purpose, user_id: int, login: str) -> Subject:
    """The count of one person, whichever of their logins is tried; of a login that nobody has, it is that login's."""
    rule = _rule(purpose)
    return Subject(
        _key(purpose, "person", str(user_id) if user_id else f"nobody {normal_login(login)}"),
        replace(rule, limit=PERSON_TIMES * rule.limit),
    )


def device_subject(purpose: Purpose, device: str, login: str) -> Subject:
    """The count of one trusted browser for one login: apart from the login's, so that nobody else can use it up."""
    return Subject(_key(purpose, "device", f"{device} {normal_login(login)}"), _rule(purpose))


def network_subject(purpose: Purpose, network: str) -> Subject:
    """The count of one network, whatever the logins."""
    return Subject(_key(purpose, "network", network), _network_rule(purpose))


def booking_subject(order_id: UUID) -> Subject:
    """The count of dear files of one booking, whoever asks for them."""
    return Subject(_key(Purpose.FILE, "booking", order_id.hex), FILES_OF_A_BOOKING)


def begin_attempt(subjects: Sequence[Subject], now: datetime) -> Attempt:
    """Count an attempt against all its subjects, before it is looked at.

    Raises:
        PausedError: one of them is paused. Then nothing is counted, and nothing must be looked at.
    """
    ordered = sorted(subjects, key=lambda subject: subject.key)
    locked_until, pauses = run_verb_retrying(lambda: _begin(ordered, now))
    if locked_until is not None:
        raise PausedError.until(locked_until, now)
    return Attempt(ordered, pauses)


def succeeded(attempt: Attempt, now: datetime) -> None:
    """It was right: nothing is held against the account; the network loses this one attempt only.

    (Somebody with an account of their own could otherwise clear their network's count between guesses.)
    """
    counted = [subject for subject in attempt.subjects if subject.is_network]
    cleared = [subject for subject in attempt.subjects if not subject.is_network]
    decide = _taking_back(attempt)

    def either(key: str, count: Count) -> Count:
        return decide(key, count) if key in {subject.key for subject in counted} else after_success(count)

    run_verb_retrying(lambda: _change([subject.key for subject in (*cleared, *counted)], either, now))


def taken_back(attempt: Attempt, now: datetime) -> None:
    """It was never looked at (we were too busy): as if it had not been."""
    keys = [subject.key for subject in attempt.subjects]
    run_verb_retrying(lambda: _change(keys, _taking_back(attempt), now))


def refuse_if_paused(subjects: Sequence[Subject], now: datetime) -> None:
    """Stop here if one of them is paused; counts nothing.

    Raises:
        PausedError: until when.
    """
    until = latest_pause([subject.key for subject in subjects], now)
    if until is not None:
        raise PausedError.until(until, now)


def latest_pause(keys: Sequence[str], now: datetime) -> datetime | None:
    """Until when at least one of these keys is paused."""
    paused = AttemptCount.objects.filter(key__in=keys, locked_until__gt=now)
    return paused.order_by("-locked_until").values_list("locked_until", flat=True).first()


def paused_until(user_id: int, now: datetime) -> datetime | None:
    """Until when signing in to this account is paused, for browsers that are not trusted."""
    return latest_pause(_keys_of_person(user_id, (Purpose.SIGN_IN,)), now)


def unlock_once(key: str, lock_number: int, now: datetime) -> bool:
    """End one pause by its owner's link; False when it is over, or the link was used."""
    return run_verb(_unlock_once(key, lock_number, now))


def unlock_by_owner(user_id: int, key: str, lock_number: int, *, now: datetime, visit: Visit) -> bool:
    """End the pause that a signed link names, once; it is written into the security log."""
    with transaction.atomic():
        if not unlock_once(key, lock_number, now):
            return False
        run_verb(_clear([person_subject(purpose, user_id, "").key for purpose in Purpose], now))
        record(user_id, Happening.UNLOCKED, now=now, visit=visit)
    return True


def unlock_by_staff(user_id: int, staff_id: int, reason: str, now: datetime, visit: Visit = NOWHERE) -> bool:
    """End every pause of an account by hand; it is audited and its owner is told. False when none was paused.

    Raises:
        ValueError: without a reason.
    """
    if not reason.strip():
        raise ValueError("unlocking by hand needs a reason")
    with transaction.atomic():
        was_paused = any(run_verb(_clear(_keys_of_person(user_id, tuple(Purpose)), now)))
        record(
            user_id,
            Happening.UNLOCKED,
            now=now,
            visit=visit,
            actor=f"staff:{staff_id}",
            reason=reason.strip(),
            details={"was_paused": was_paused},
        )
    return was_paused


def forgive(user_id: int, now: datetime) -> None:
    """Hold nothing against an account whose owner proved the address: a new password was chosen."""
    run_verb(_clear(_keys_of_person(user_id, tuple(Purpose)), now))


def _begin(subjects: Sequence[Subject], now: datetime) -> Verb[tuple[datetime | None, dict[str, int]]]:
    counts = yield from _lock([subject.key for subject in subjects], now)
    until = [
        count.locked_until
        for count in counts.values()
        if count.is_locked(now) and count.locked_until is not None
    ]
    if until:
        return max(until), {}
    after = {subject.key: after_attempt(counts[subject.key], now, subject.rule) for subject in subjects}
    yield _save_step(after)
    return None, {key: count.lock_number for key, count in after.items() if count.locked_until is not None}


def _change(keys: Sequence[str], decide: Callable[[str, Count], Count], now: datetime) -> Verb[None]:
    counts = yield from _lock(sorted(keys), now)
    yield _save_step({key: decide(key, count) for key, count in counts.items()})


def _taking_back(attempt: Attempt) -> Callable[[str, Count], Count]:
    return lambda key, count: without_attempt(count, attempt.pauses.get(key, 0))


def _lock(keys: Sequence[str], now: datetime) -> Verb[dict[str, Count]]:
    rows = yield _LOCK, (list(keys), now)
    return {row[0]: Count(*row[1:]) for row in rows}


def _save_step(counts: Mapping[str, Count]) -> Step:
    each = list(counts.values())
    return _SAVE, (
        list(counts),
        [count.failures for count in each],
        [count.since for count in each],
        [count.last_at for count in each],
        [count.locks for count in each],
        [count.lock_number for count in each],
        [count.locked_until for count in each],
    )


def _unlock_once(key: str, lock_number: int, now: datetime) -> Verb[bool]:
    rows = yield statement("tmam.accounts", "unlock_once"), (key, lock_number, now)
    return bool(rows)


def _clear(keys: Sequence[str], now: datetime) -> Verb[list[bool]]:
    rows = yield statement("tmam.accounts", "clear_attempt_counts"), (list(keys), now)
    return [bool(row[1]) for row in rows]


def _keys_of_person(user_id: int, purposes: Sequence[Purpose]) -> list[str]:
    logins = logins_of_person(user_id)
    by_login = [login_subject(purpose, login) for purpose in purposes for login in logins]
    by_person = [person_subject(purpose, user_id, "") for purpose in purposes]
    return [subject.key for subject in (*by_login, *by_person)]


def _rule(purpose: Purpose) -> Rule:
    settings = current_settings()
    pauses = MAIL_PAUSES if purpose is Purpose.MAIL else PAUSES
    return Rule(settings.sign_in_failures, timedelta(minutes=settings.sign_in_minutes), pauses)


def _network_rule(purpose: Purpose) -> Rule:
    if purpose is Purpose.MAIL:
        return MAILS_OF_A_NETWORK
    settings = current_settings()
    window = timedelta(minutes=settings.sign_in_minutes)
    return Rule(settings.sign_in_failures_per_network, window, NETWORK_PAUSES)


def _key(purpose: Purpose, kind: str, who: str) -> str:
    return f"{purpose}:{kind}:{salted_hmac(_SALT, who, algorithm='sha256').hexdigest()[:40]}"
