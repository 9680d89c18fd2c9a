"""Between a form and what it would try: counted and paused by `tmam.accounts.lockout`.

Everything here does the same work for logins that exist and for those that do not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from tmam.accounts import lockout
from tmam.accounts.attack_signs import note_failure
from tmam.accounts.errors import PausedError, TooManyRequestsError
from tmam.accounts.jobs import tell_of_pause
from tmam.accounts.lockout import (
    Attempt,
    Purpose,
    Subject,
    booking_subject,
    device_subject,
    login_subject,
    network_subject,
    person_subject,
)
from tmam.accounts.logins import person_of_login
from tmam.accounts.security_log import visit_of
from tmam.accounts.trusted_browsers import trusted_device
from tmam.kernel.errors import TmamError
from tmam.platform import errors as platform_errors
from tmam.platform.clients import client_network

T = TypeVar("T")


def guarded(request: HttpRequest, purpose: Purpose, login: str, check: Callable[[], T | None]) -> T | None:
    """Let `check` look at one attempt; None is a wrong one, anything else a right one.

    Raises:
        PausedError: too many were wrong; `check` was not asked.
    """
    now = timezone.now()
    person = person_of_login(login)
    user_id = person.pk if person else 0
    attempt = lockout.begin_attempt(subjects_of(request, purpose, login, user_id, now), now)
    try:
        result = check()
    except TmamError:  # too busy to look
        lockout.taken_back(attempt, now)
        raise
    if result is None:
        if (
            purpose is Purpose.SIGN_IN
        ):  # what a pause refuses is stopped already, so it is no sign of an attack
            note_failure(now)
        _tell_of_pause(request, attempt, user_id, now)
    else:
        lockout.succeeded(attempt, now)
    return result


def count_mail(request: HttpRequest, login: str) -> None:
    """One more mail that somebody wants sent to an address that may not be theirs.

    Raises:
        TooManyRequestsError: that was too often, for this address or from this network.
    """
    now = timezone.now()
    person = person_of_login(login)
    _count(subjects_of(request, Purpose.MAIL, login, person.pk if person else 0, now), now)


def count_from_network(request: HttpRequest) -> None:
    """The same where the address has a limit of its own already.

    Raises:
        TooManyRequestsError: that was too often from this network.
    """
    _count([network_subject(Purpose.MAIL, client_network(request))], timezone.now())


def count_file(order_id: UUID) -> None:
    """One more file of a booking that is made for this request alone.

    Raises:
        platform.errors.TooManyRequestsError: that was too often.
    """
    try:
        lockout.begin_attempt([booking_subject(order_id)], timezone.now())
    except PausedError as error:
        raise platform_errors.TooManyRequestsError(retry_after_s=60 * error.minutes) from None


def refuse_if_sign_in_is_paused(request: HttpRequest, login: str) -> None:
    """No other way around the password while it is paused for this login.

    Raises:
        PausedError: it is.
    """
    now = timezone.now()
    person = person_of_login(login)
    lockout.refuse_if_paused(
        subjects_of(request, Purpose.SIGN_IN, login, person.pk if person else 0, now), now
    )


def subjects_of(
    request: HttpRequest, purpose: Purpose, login: str, user_id: int, now: datetime
) -> list[Subject]:
    """Against whom an attempt counts: a trusted browser by itself, any other by login, by person and by network."""
    device = trusted_device(request, user_id, now)
    if device:
        return [device_subject(purpose, device, login)]
    return [
        login_subject(purpose, login),
        person_subject(purpose, user_id, login),
        network_subject(purpose, client_network(request)),
    ]


def _count(subjects: list[Subject], now: datetime) -> None:
    try:
        lockout.begin_attempt(subjects, now)
    except PausedError as error:
        raise TooManyRequestsError(retry_after_s=60 * error.minutes) from None


def _tell_of_pause(request: HttpRequest, attempt: Attempt, user_id: int, now: datetime) -> None:
    pause = attempt.account_pause
    if pause is None:
        return
    visit = visit_of(request)
    tell_of_pause.defer(
        user_id=user_id,
        key=pause[0],
        lock_number=pause[1],
        at=now.isoformat(),
        network=visit.network,
        browser=visit.browser,
    )
