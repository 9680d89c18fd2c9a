"""How long an answer takes does not tell whether there is such an account: a rank test on interleaved samples."""

from __future__ import annotations

import statistics
import time

import msgspec
import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.cast import make_user, unique

ACCOUNTS, TRIES = 20, 4
# A difference that chance alone makes once in 15,000 runs.
MOST_DEVIATIONS = 4.0


# Address → the field for the login, and the status of its answer.
QUESTIONS = {
    "/accounts/login/": ("login", 200),
    "/accounts/password/reset/": ("email", 302),
    "/accounts/login/code/": ("email", 302),
}


@pytest.mark.soak
@pytest.mark.django_db
@pytest.mark.parametrize("path", QUESTIONS)
def test_known_and_unknown_take_the_same_time(path: str, settings: Settings) -> None:
    settings.TMAM = msgspec.structs.replace(settings.TMAM, challenge="off")
    settings.PASSWORD_HASHERS = ["tmam.accounts.hashing.BoundedArgon2Hasher"]
    known = [make_user().email for _ in range(ACCOUNTS)]
    unknown = [f"{unique('nobody')}@buyers.example" for _ in known]
    samples: dict[bool, list[float]] = {True: [], False: []}
    seconds_of(path, unknown[0] + "x", 0)  # warm
    for attempt in range(TRIES):
        for number in range(ACCOUNTS):
            pair = [(True, known[number]), (False, unknown[number])]
            for is_known, login in pair if (attempt + number) % 2 else reversed(pair):
                samples[is_known].append(seconds_of(path, login, attempt * ACCOUNTS + number))
    assert abs(deviations(samples[True], samples[False])) < MOST_DEVIATIONS, {
        is_known: statistics.median(each) for is_known, each in samples.items()
    }


def seconds_of(path: str, login: str, number: int) -> float:
    field, status = QUESTIONS[path]
    client = Client(headers={"x-forwarded-for": f"198.18.7.{number}"})
    began = time.perf_counter()
    answer = client.post(path, {field: login, "password": "wrong wrong wrong"})
    took = time.perf_counter() - began
    assert answer.status_code == status
    return took


def deviations(first: list[float], second: list[float]) -> float:
    """Mann and Whitney's U, in standard deviations from what chance gives."""
    wins = sum((a > b) + (a == b) / 2 for a in first for b in second)
    expected = len(first) * len(second) / 2
    spread = (len(first) * len(second) * (len(first) + len(second) + 1) / 12) ** 0.5
    return (wins - expected) / spread
