"""Puzzles: ours, in time, once; and when they are called for."""

import base64
import json
from datetime import datetime, timedelta

import msgspec
import pytest

from tests.cast import NOW
from tmam.accounts.adapters.altcha import AltchaPuzzles, solve
from tmam.accounts.attack_signs import CALM, attack_goes_on, forget_old_signs, is_under_attack, note_failure
from tmam.accounts.models import FailureMinute, SolvedChallenge
from tmam.accounts.proof_of_work import LIFETIME, is_called_for, is_used, use_solution
from tmam.platform.settings import Settings

PUZZLES = AltchaPuzzles()


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.mark.django_db
def test_a_solution_is_worth_one_attempt() -> None:
    solution = solve(PUZZLES.make(NOW))
    solved = PUZZLES.read(solution, NOW)
    assert solved is not None
    assert not is_used(solved.digest)
    assert use_solution(PUZZLES, solution, NOW)
    assert is_used(solved.digest)
    assert not use_solution(PUZZLES, solution, NOW)
    spelled = json.loads(base64.b64decode(solution))
    spelled["salt"] = spelled["salt"].rstrip("&")
    assert not use_solution(PUZZLES, base64.b64encode(json.dumps(spelled).encode()).decode(), NOW)


@pytest.mark.django_db
def test_nothing_else_is_a_solution() -> None:
    puzzle = PUZZLES.make(NOW)
    solution = json.loads(base64.b64decode(solve(puzzle)))
    later = puzzle.replace(str(int((NOW + LIFETIME).timestamp())), str(int(at(600).timestamp())))
    changed = [
        {**solution, "number": solution["number"] + 1},
        {**solution, "signature": "0" * 64},
        {**solution, "salt": solution["salt"] + "x=1&"},
        {**json.loads(later), "number": solution["number"]},
        {name: value for name, value in solution.items() if name != "salt"},
    ]
    texts = ["", "none", "{}", base64.b64encode(b"[]").decode(), base64.b64encode(b'{"salt": 7}').decode()]
    texts += [base64.b64encode(json.dumps(each).encode()).decode() for each in changed]
    assert [text for text in texts if use_solution(PUZZLES, text, NOW)] == []
    assert not use_solution(PUZZLES, solve(puzzle), NOW + LIFETIME), "too late"


def test_an_attack_is_seen_and_its_end_too() -> None:
    minute = {at(number): failures for number, failures in enumerate([3, 59, 60, 31, 2, 0])}
    assert not attack_goes_on({at(0): 3, at(1): 59}, at(1), 60)
    assert attack_goes_on({at(0): 3, at(1): 59, at(2): 60}, at(2), 60)
    assert attack_goes_on(minute, at(3) + CALM, 60), "31 is not below half"
    assert not attack_goes_on(minute, at(3) + CALM + timedelta(minutes=2), 60)
    assert not attack_goes_on({at(0): 31, at(1): 45}, at(1), 60), "half of it alone starts nothing"
    assert not attack_goes_on({}, at(0), 60)


@pytest.mark.django_db
def test_failures_of_all_accounts_switch_it_on() -> None:
    auto, off, on = (msgspec.structs.replace(Settings(), challenge=mode) for mode in ("auto", "off", "on"))
    assert not is_called_for(auto, NOW)
    for _ in range(auto.challenge_failures):
        note_failure(NOW)
    assert is_called_for(auto, NOW)
    assert (is_called_for(off, NOW), is_called_for(on, NOW)) == (False, True)
    assert not is_under_attack(at(30), auto.challenge_failures)


@pytest.mark.django_db
def test_old_signs_are_forgotten() -> None:
    note_failure(NOW)
    use_solution(PUZZLES, solve(PUZZLES.make(NOW)), NOW)
    forget_old_signs(NOW + timedelta(days=3))
    assert not FailureMinute.objects.filter(minute__lte=NOW).exists()
    assert not SolvedChallenge.objects.filter(expires_at__lte=at(60)).exists()
