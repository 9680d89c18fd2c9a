"""What a seat, a pool and a hold do when one thing happens after the other."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.races.history import Operation
from tests.races.linearizability import Model, Verdict, judge

# A refusal or a look changes nothing; so does an extension, which only tells that the hold lives.
CHANGES = ("hold", "release", "buy")
ENDS = {"release": "released", "buy": "sold"}


class _Key:
    """What seats, pools and holds have in common; seats and holds have short histories that need no hints."""

    def is_read(self, operation: Operation) -> bool:
        return operation.op not in CHANGES or operation.outcome == "refused"

    def gap(self, state: Any, operation: Operation) -> int:
        del state, operation
        return 0

    def contradiction(self, history: Sequence[Operation]) -> int | None:
        del history
        return None


class Seat(_Key):
    """`seat:<number>`: free (None), or (hold, held or sold)."""

    def initial(self) -> tuple[str, str] | None:
        return ("", "free")

    def step(self, state: tuple[str, str], operation: Operation) -> tuple[str, str] | None:
        hold = operation.hold or ""
        match operation.op, operation.outcome:
            case "hold", "refused":  # this seat was said to be taken
                return state if state[1] != "free" else None
            case "hold", _:
                return (hold, "held") if state[1] == "free" else None
            case "release", _:
                return ("", "free") if state == (hold, "held") else None
            case "buy", _:
                return (hold, "sold") if state == (hold, "held") else None
            case "read", _:  # value: free, held or sold
                return state if state[1] == operation.value else None
        raise ValueError(operation)

    def likeness(self, operation: Operation) -> object:
        # Nobody knows the number of a hold whose answer was lost, so nobody can act on it.
        return "hold" if operation.op == "hold" else operation


@dataclass(frozen=True)
class Pool(_Key):
    """`pool:<number>`: (held, sold) of a capacity."""

    capacity: int

    def initial(self) -> tuple[int, int]:
        return (0, 0)

    def step(self, state: tuple[int, int], operation: Operation) -> tuple[int, int] | None:
        (held, sold), quantity = state, operation.quantity
        left = self.capacity - held - sold
        match operation.op, operation.outcome:
            case "hold", "refused":  # value: how many were said to be left
                return state if left < quantity and operation.value in {None, str(left)} else None
            case "hold", _:
                return (held + quantity, sold) if left >= quantity else None
            case "release", _:
                return (held - quantity, sold) if held >= quantity else None
            case "buy", _:
                return (held - quantity, sold + quantity) if held >= quantity else None
            case "read", _:  # value: held/sold
                return state if f"{held}/{sold}" == operation.value else None
        raise ValueError(operation)

    def gap(self, state: tuple[int, int], operation: Operation) -> int:
        if operation.op not in {"hold", "read"} or self.step(state, operation) is not None:
            return 0
        (held, sold), value = state, operation.value
        if operation.op == "read":
            held_then, sold_then = (value or "0/0").split("/")
            # What is sold stays so, and buying lowers what is held: the one counts for more than the other.
            return abs(held - int(held_then)) + 2 * abs(sold - int(sold_then))
        left = self.capacity - held - sold
        return abs(left - (int(value) if value else operation.quantity)) + 1

    def contradiction(self, history: Sequence[Operation]) -> int | None:
        places = _Bounds(history, {"hold": 1, "release": -1})
        bought = _Bounds(history, {"buy": 1})
        for place, operation in enumerate(history):
            if operation.returned is None:
                continue
            least, most = places.around(operation)
            match operation.op, operation.outcome:
                case "hold", "refused" if operation.value is not None:
                    is_possible = least <= self.capacity - int(operation.value) <= most
                case "hold", "refused":
                    is_possible = most > self.capacity - operation.quantity
                case "hold", _:
                    is_possible = least <= self.capacity - operation.quantity
                case "read", _:
                    held, sold = map(int, (operation.value or "0/0").split("/"))
                    fewest, all_ = bought.around(operation)
                    is_possible = least <= held + sold <= most and fewest <= sold <= all_
                case _:
                    is_possible = True
            if not is_possible:
                return place
        return None

    def likeness(self, operation: Operation) -> object:
        return (operation.op, operation.quantity)


class _Bounds:
    """Between what a sum must lie while an operation is under way, whatever the order."""

    def __init__(self, history: Sequence[Operation], signs: Mapping[str, int]) -> None:
        changes = [
            (each.call, each.returned, signs[each.op] * each.quantity)
            for each in history
            if each.op in signs and each.outcome != "refused"
        ]
        self.done = _Sums((end, change) for _, end, change in changes if end is not None)
        self.begun_up = _Sums((call, change) for call, _, change in changes if change > 0)
        self.begun_down = _Sums((call, change) for call, _, change in changes if change < 0)
        self.done_up = _Sums((end, change) for _, end, change in changes if end is not None and change > 0)
        self.done_down = _Sums((end, change) for _, end, change in changes if end is not None and change < 0)

    def around(self, operation: Operation) -> tuple[int, int]:
        """The least and the most, when an operation takes effect."""
        before, until = operation.call - 1, operation.returned or 0
        certain = self.done.until(before)
        ups = self.begun_up.until(until) - self.done_up.until(before)
        downs = self.begun_down.until(until) - self.done_down.until(before)
        return certain + downs, certain + ups


class _Sums:
    """Sums of changes up to a time."""

    def __init__(self, changes: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(changes)
        self.times = [time for time, _ in ordered]
        self.sums = [0, *itertools.accumulate(change for _, change in ordered)]

    def until(self, time: int) -> int:
        return self.sums[bisect.bisect_right(self.times, time)]


class Hold(_Key):
    """`hold:<id>`: absent, held, released or sold; it ends once."""

    def initial(self) -> str:
        return "absent"

    def step(self, state: str, operation: Operation) -> str | None:
        match operation.op, operation.outcome:
            case "hold", "ok" | "unknown":
                return "held" if state == "absent" else None
            case "extend", "ok" | "unknown":
                return state if state == "held" else None
            case "release" | "buy", "ok" | "unknown":
                ended = ENDS[operation.op]
                return ended if state in {"held", ended} else None  # asked again, it answers as before
            case _:  # a look, or a refusal; value: what had become of it
                return state if operation.value in {state, None} else None

    def likeness(self, operation: Operation) -> object:
        return operation.op


def judge_keys(keys: Mapping[str, Sequence[Operation]], capacities: Mapping[str, int]) -> dict[str, Verdict]:
    """The verdict on each key; `capacities` are those of the pools."""
    return {key: judge(history, _model_of(key, capacities)) for key, history in keys.items()}


def _model_of(key: str, capacities: Mapping[str, int]) -> Model[Any]:
    kind = key.partition(":")[0]
    models: dict[str, Any] = {"seat": Seat(), "hold": Hold()}
    return models.get(kind) or Pool(capacities[key])
