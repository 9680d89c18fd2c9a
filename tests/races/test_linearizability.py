"""The judge of histories: what it accepts can be explained, what it refuses cannot."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.races.history import Operation, by_key, read_history, write_history
from tests.races.linearizability import FOREVER, judge
from tests.races.models import Hold, Pool, Seat


def op(
    name: str,
    call: int,
    returned: int | None,
    outcome: str = "ok",
    *,
    hold: str | None = None,
    quantity: int = 1,
    value: str | None = None,
) -> Operation:
    if returned is None:
        outcome = "unknown"
    return Operation(0, name, "key", call, returned, outcome, hold, quantity, value)


EXPLAINED = {
    "one after the other": [
        op("hold", 0, 1, hold="a"),
        op("release", 2, 3, hold="a"),
        op("hold", 4, 5, hold="b"),
    ],
    "at the same time, in the other order": [
        op("hold", 0, 9, hold="b"),
        op("hold", 1, 2, hold="a"),
        op("release", 3, 4, hold="a"),
    ],
    "refused while somebody had it": [
        op("hold", 0, 5, hold="a"),
        op("hold", 1, 4, "refused"),
        op("release", 6, 7, hold="a"),
    ],
    "a lost answer explains the refusal": [op("hold", 0, None, hold="x"), op("hold", 5, 6, "refused")],
    "a lost request explains nothing": [op("hold", 0, None, hold="x"), op("hold", 5, 6, hold="a")],
    "a lost request that arrives late": [
        op("hold", 0, None, hold="x"),
        op("hold", 5, 6, hold="a"),
        op("release", 7, 8, hold="a"),
        op("hold", 9, 10, "refused"),
    ],
    "a lost release lets the next one in": [
        op("hold", 0, 1, hold="a"),
        op("release", 2, None, hold="a"),
        op("hold", 3, 4, "refused"),
        op("hold", 5, 6, hold="b"),
        op("buy", 7, 8, hold="b"),
        op("read", 9, 10, value="sold"),
    ],
}
NOT_EXPLAINED = {
    "held twice": [op("hold", 0, 1, hold="a"), op("hold", 2, 3, hold="b")],
    "held twice at once": [op("hold", 0, 5, hold="a"), op("hold", 1, 4, hold="b")],
    "refused although it was free": [op("hold", 0, 1, "refused"), op("hold", 2, 3, hold="a")],
    "sold and given again": [
        op("hold", 0, 1, hold="a"),
        op("buy", 2, 3, hold="a"),
        op("hold", 4, 5, hold="b"),
    ],
    "what was acknowledged is lost": [op("hold", 0, 1, hold="a"), op("read", 2, 3, value="free")],
    "released before it was asked for": [
        op("hold", 0, 1, hold="a"),
        op("hold", 2, 3, hold="b"),
        op("release", 4, 5, hold="a"),
    ],
    "one lost answer explains one hold only": [
        op("hold", 0, None, hold="x"),
        op("hold", 1, 2, "refused"),
        op("hold", 3, 4, hold="a"),
    ],
    "a lost answer explains nothing before its call": [
        op("hold", 0, 1, "refused"),
        op("hold", 2, None, hold="x"),
    ],
}


@pytest.mark.parametrize("history", EXPLAINED.values(), ids=EXPLAINED)
def test_seats_that_can_be_explained(history: list[Operation]) -> None:
    verdict = judge(history, Seat())
    assert verdict.is_linearizable
    assert_explains(history, Seat(), verdict.order)


@pytest.mark.parametrize("history", NOT_EXPLAINED.values(), ids=NOT_EXPLAINED)
def test_seats_that_cannot_be_explained(history: list[Operation]) -> None:
    assert not judge(history, Seat()).is_linearizable


def test_pools_count_to_the_last_place() -> None:
    fits = [
        op("hold", 0, 9, quantity=2),
        op("hold", 0, 9, quantity=3),
        op("hold", 0, 9, "refused", quantity=2, value="1"),
    ]
    assert judge(fits, Pool(6)).is_linearizable
    assert not judge([*fits, op("hold", 10, 11, quantity=2)], Pool(6)).is_linearizable
    assert not judge(fits, Pool(8)).is_linearizable
    assert not judge([*fits, op("read", 10, 11, value="4/0")], Pool(6)).is_linearizable
    sold = [*fits, op("buy", 10, 11, quantity=3), op("release", 10, None, quantity=2)]
    assert judge([*sold, op("read", 12, 13, value="2/3")], Pool(6)).is_linearizable
    assert judge([*sold, op("read", 12, 13, value="0/3")], Pool(6)).is_linearizable
    assert not judge([*sold, op("read", 12, 13, value="1/3")], Pool(6)).is_linearizable


def test_holds_end_once() -> None:
    held = [op("hold", 0, 1, hold="a"), op("extend", 2, 3, hold="a")]
    assert judge(
        [*held, op("release", 4, 9), op("buy", 5, 8, "refused", value="released")], Hold()
    ).is_linearizable
    assert not judge([*held, op("release", 4, 9), op("buy", 5, 8)], Hold()).is_linearizable
    assert not judge([*held, op("release", 4, 5), op("extend", 6, 7)], Hold()).is_linearizable
    assert judge([*held, op("buy", 4, None), op("buy", 6, 7)], Hold()).is_linearizable


def assert_explains(history: Sequence[Operation], model: Pool | Seat | Hold, order: Sequence[int]) -> None:
    """An order is a proof: it respects time, leaves out nothing that is certain, and every step is possible."""
    state = model.initial()
    for place in order:
        state = model.step(state, history[place])
        assert state is not None
    assert len(set(order)) == len(order)
    certain = {place for place, each in enumerate(history) if each.returned is not None}
    assert certain <= set(order)
    for earlier, later in itertools.combinations(order, 2):
        end = history[later].returned
        assert (FOREVER if end is None else end) >= history[earlier].call


def can_be_explained(history: Sequence[Operation], model: Pool | Seat) -> bool:
    """The same judgement the slow way: every order of every choice of the unknown ones."""
    certain = [each for each in history if each.returned is not None]
    unknown = [each for each in history if each.returned is None]
    for count in range(len(unknown) + 1):
        for chosen in itertools.combinations(unknown, count):
            for order in itertools.permutations([*certain, *chosen]):
                state = model.initial()
                for place, each in enumerate(order):
                    if any(
                        later.returned is not None and later.returned < each.call
                        for later in order[place + 1 :]
                    ):
                        break
                    state = model.step(state, each)
                    if state is None:
                        break
                else:
                    return True
    return False


@st.composite
def small_histories(draw: st.DrawFn) -> list[Operation]:
    """Up to six operations on a pool of three places, answered at random: most of them are nonsense."""
    history = []
    for _ in range(draw(st.integers(1, 6))):
        call = draw(st.integers(0, 12))
        returned = draw(st.one_of(st.none(), st.integers(call, call + 6)))
        name = draw(st.sampled_from(["hold", "hold", "release", "buy", "read"]))
        outcome = draw(st.sampled_from(["ok", "refused"])) if name == "hold" else "ok"
        value = draw(st.sampled_from(["0/0", "1/0", "2/1"])) if name == "read" else None
        history.append(op(name, call, returned, outcome, quantity=draw(st.integers(1, 2)), value=value))
    return history


@settings(max_examples=400, deadline=None)
@given(small_histories())
def test_the_judge_agrees_with_the_slow_way(history: list[Operation]) -> None:
    verdict = judge(history, Pool(3))
    assert verdict.is_linearizable == can_be_explained(history, Pool(3))
    if verdict.is_linearizable:
        assert_explains(history, Pool(3), verdict.order)


def happened(seed: int, *, operations: int, processes: int, lost: float, capacity: int) -> list[Operation]:
    """A history that did happen: each process's operations take effect at a moment between call and return."""
    chance = random.Random(seed)  # noqa: S311 -- a repeatable script, no secret
    free, used = [0] * processes, 0
    pending = []
    for _ in range(operations):
        process = min(range(processes), key=free.__getitem__)
        call = free[process] + chance.randint(1, 20)
        effect = call + chance.randint(1, 400)
        returned = effect + chance.randint(1, 400)
        free[process] = returned
        pending.append((effect, call, returned, chance.randint(1, 4), chance.random() < lost))
    holds: list[int] = []
    history = []
    for _, call, returned, asked, is_lost in sorted(pending):
        known, quantity = None if is_lost else returned, asked
        if holds and chance.random() < 0.45:
            quantity = holds.pop(chance.randrange(len(holds)))
            used -= quantity
            history.append(op("release", call, known, quantity=quantity))
        elif used + quantity <= capacity:
            used += quantity
            holds.append(quantity)
            history.append(op("hold", call, known, quantity=quantity))
        else:
            history.append(op("hold", call, known, "refused", quantity=quantity, value=str(capacity - used)))
    return history


@pytest.mark.parametrize("seed", range(4))
def test_long_histories_that_happened_are_explained(seed: int) -> None:
    history = happened(seed, operations=3_000, processes=64, lost=0.03, capacity=60)
    assert sum(each.outcome == "refused" for each in history) > 100
    verdict = judge(history, Pool(60))
    assert verdict.is_linearizable


@pytest.mark.parametrize("seed", range(4))
def test_one_place_too_many_in_a_long_history_is_found(seed: int) -> None:
    history = happened(seed, operations=2_000, processes=8, lost=0, capacity=20)
    end = max(each.returned or 0 for each in history)
    used = sum(
        {"hold": 1, "release": -1}[each.op] * each.quantity for each in history if each.outcome == "ok"
    )
    assert judge([*history, op("read", end + 1, end + 2, value=f"{used}/0")], Pool(20)).is_linearizable
    assert not judge(
        [*history, op("read", end + 1, end + 2, value=f"{used + 1}/0")], Pool(20)
    ).is_linearizable


def test_a_reading_is_explained_by_a_few_of_very_many_lost_answers() -> None:
    history = [op("hold", place, None, quantity=place % 3 + 1) for place in range(150)]
    history += [op("hold", place, place + 1, quantity=3) for place in range(200, 220, 2)]
    history += [
        op("release", 300, None, quantity=3),
        op("buy", 301, None, quantity=1),
        op("buy", 302, None, quantity=1),
    ]
    for value in ("30/0", "26/1", "44/2", "29/1"):
        verdict = judge([*history, op("read", 400, 401, value=value)], Pool(80))
        assert verdict.is_linearizable, value
    for value in ("26/0", "29/3"):
        assert not judge([*history, op("read", 400, 401, value=value)], Pool(80)).is_linearizable


def test_a_history_survives_its_file(tmp_path: Path) -> None:
    history = [op("hold", 0, 1, hold="a"), op("buy", 5, None, hold="a"), op("read", 7, 8, value="sold")]
    write_history(tmp_path / "history.jsonl", history[::-1])
    assert read_history(tmp_path / "history.jsonl") == history
    assert by_key(history) == {"key": history}
