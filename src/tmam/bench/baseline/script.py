r"""From two recordings of the same request to a `pgbench` script that makes ever new ones.

What is equal in both recordings is the same in every request and becomes a constant; what differs is made anew:
ids count upwards (in time order, as UUIDv7 are), other random texts and hashes are random, instants lie as far
from the present as they did, numbers that an earlier statement returned are taken from its row (`\gset`).
The statements themselves are the files' text; only `$1` becomes a variable of pgbench.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tmam.bench.baseline.recording import Recorded, Recording
from tmam.bench.errors import BenchError

PARAMETER = re.compile(r"\$(\d+)")
COMMENT = re.compile(r"^\s*--.*\n?", re.MULTILINE)
TOKEN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:?\d\d)?"
    r"|\d+(?![A-Za-z0-9])|\w+|\W"
)
LARGEST_STEP_BETWEEN_NUMBERS = 10_000
# Numbers that are hashes (the counters of limits) differ in their low bits.
HASH_BITS = 58
SHA256_BYTES = 32
# Each run's numbers are above those of the runs before: the run's first number is its time in these parts of a ms.
TICKS_PER_MS = 1 << 16
TICKS_PER_TRANSACTION = 64


@dataclass
class Script:
    """A pgbench script and the values of its constants.

    `of_run` gives more variables for a run of so many clients and seconds.
    """

    text: str
    constants: dict[str, str] = field(default_factory=dict)
    of_run: Callable[[int, float], Mapping[str, str]] = lambda _clients, _seconds: {}


def make_script(first: Recording, second: Recording, given: Mapping[Any, str] | None = None) -> Script:
    """One transaction with the statements of a recording, as pgbench can repeat it.

    `given` names the SQL expressions of values that differ in the first recording and that only the caller can make.

    Raises:
        BenchError: the recordings do not match, or a value cannot be made anew.
    """
    names = [[step.statement.name for step in recording.steps] for recording in (first, second)]
    if names[0] != names[1] or not names[0]:
        raise BenchError(f"Two equal requests ran different statements: {names[0]} and {names[1]}.")
    return _Writer(first, second, given or {}).write()


class _Writer:
    def __init__(self, first: Recording, second: Recording, given: Mapping[Any, str]) -> None:
        self._first, self._second = first, second
        self._given = given
        self._constants: dict[str, str] = {}
        self._made: dict[tuple[Any, Any], str] = {}
        self._returned: list[tuple[int, str, int, int]] = []
        self._needed: set[int] = set()

    def write(self) -> Script:
        """The script."""
        bodies = []
        for number, (one, other) in enumerate(zip(self._first.steps, self._second.steps, strict=True)):
            bodies.append(self._statement(one, other))
            self._remember_row(number, one, other)
        ends = [f" \\gset s{number}_" if number in self._needed else ";" for number in range(len(bodies))]
        lines = [
            "\\set n :n + 1",
            f"\\set tick :base + :n * {TICKS_PER_TRANSACTION} + :client_id",
            "BEGIN;",
            *(body + end for body, end in zip(bodies, ends, strict=True)),
            "COMMIT;",
        ]
        return Script("\n".join(lines) + "\n", self._constants)

    def _statement(self, one: Recorded, other: Recorded) -> str:
        values = [
            self._argument(mine, theirs) for mine, theirs in zip(one.arguments, other.arguments, strict=True)
        ]
        text = COMMENT.sub("", one.statement.text).strip().rstrip(";")
        return PARAMETER.sub(lambda match: values[int(match[1]) - 1], text)

    def _argument(self, mine: Any, theirs: Any) -> str:
        if mine == theirs:
            return self._constant(mine)
        if isinstance(mine, list | tuple):
            if len(mine) != len(theirs):
                raise BenchError("Two equal requests passed arrays of different lengths.")
            return f"ARRAY[{', '.join(self._value(a, b) for a, b in zip(mine, theirs, strict=True))}]"
        return self._value(mine, theirs)

    def _value(self, mine: Any, theirs: Any) -> str:
        """An SQL expression for a value that is `mine` in the first recording and `theirs` in the second."""
        if mine == theirs:
            return self._constant(mine)
        given = self._given.get(mine)
        if given is not None:
            return given
        known = self._made.get((mine, theirs))
        if known is None:
            known = self._made[mine, theirs] = self._make(mine, theirs)
        return known

    def _make(self, mine: Any, theirs: Any) -> str:
        index = len(self._made)
        if isinstance(mine, UUID):
            return _uuid(mine, index)
        if isinstance(mine, datetime):
            return f"(now() + '{(mine - self._first.at).total_seconds():.6f} s'::interval)"
        if isinstance(mine, bytes | memoryview):
            if len(bytes(mine)) != SHA256_BYTES:
                return self._constant(bytes(mine))
            return f"sha256((:tick::text || '.{index}')::bytea)"
        if isinstance(mine, bool) or not isinstance(mine, int | str):
            raise BenchError(
                f"A {type(mine).__name__} that differs between requests cannot be made by pgbench."
            )
        return self._returned_number(mine, int(theirs)) if isinstance(mine, int) else self._text(mine, theirs)

    def _returned_number(self, mine: int, theirs: int) -> str:
        """A number that follows from one that an earlier statement returned."""
        for number, column, cell, other_cell in reversed(self._returned):
            step = mine - cell
            if step == theirs - other_cell and abs(step) <= LARGEST_STEP_BETWEEN_NUMBERS:
                self._needed.add(number)
                return f"(:s{number}_{column}::bigint + {step})"
        if mine >> HASH_BITS == theirs >> HASH_BITS != 0:
            top = self._constant(mine >> HASH_BITS << HASH_BITS)
            return f"({top}::bigint | (:tick::bigint & {(1 << HASH_BITS) - 1}))"
        raise BenchError(f"It is not known where the number {mine} comes from; pgbench cannot make it.")

    def _text(self, mine: str, theirs: str) -> str:
        """A text, part by part: what is equal stays, what differs is made anew."""
        tokens, other_tokens = TOKEN.findall(mine), TOKEN.findall(theirs)
        if len(tokens) != len(other_tokens):
            raise BenchError(
                f"Two equal requests passed texts of different shapes: {mine[:80]} … {theirs[:80]}"
            )
        parts: list[str] = []
        still = ""
        for token, other in zip(tokens, other_tokens, strict=True):
            if token == other or _is_instant(token):
                still += token
                continue
            if still:
                parts.append(self._constant(still))
                still = ""
            parts.append(self._token(token, other))
        if still:
            parts.append(self._constant(still))
        return "(" + " || ".join(f"{part}::text" for part in parts) + ")"

    def _token(self, mine: str, theirs: str) -> str:
        if len(mine) == 36 and mine.count("-") == 4:
            return f"({self._value(UUID(mine), UUID(theirs))})::uuid"
        if mine.isdecimal() and theirs.isdecimal():
            return self._value(int(mine), int(theirs))
        made = self._made.get((mine, theirs))
        if made is None:
            index = len(self._made)
            made = self._made[mine, theirs] = f"(lpad(to_hex(:tick::bigint), 16, '0') || '{index}')"
        return made

    def _constant(self, value: Any) -> str:
        """A variable of pgbench that holds a constant; what a command line cannot carry stands in the text."""
        if value is None:
            return "NULL"
        text = _literal(value)
        if text == "":
            return "''"
        for name, known in self._constants.items():
            if known == text:
                return f":{name}"
        name = f"c{len(self._constants)}"
        self._constants[name] = text
        return f":{name}"

    def _remember_row(self, number: int, one: Recorded, other: Recorded) -> None:
        if one.row is None or other.row is None:
            return
        for column, cell in one.row.items():
            other_cell = other.row.get(column)
            if isinstance(cell, int) and isinstance(other_cell, int) and cell != other_cell:
                self._returned.append((number, column, cell, other_cell))


def _uuid(like: UUID, index: int) -> str:
    """As text: time first where the original has its time first, else random first."""
    tick = "lpad(to_hex(:tick::bigint), 16, '0')"
    tail = f"8{index:015x}"
    if like.version == 7:
        return f"({tick} || '{tail}')"
    return f"(md5(:tick::text || '.{index}'))"


def _is_instant(token: str) -> bool:
    return len(token) >= 19 and token[4] == "-" and token[7] == "-" and token[10] in "T "


def _literal(value: Any) -> str:
    """A value as PostgreSQL reads it from text."""
    if isinstance(value, list | tuple):
        return "{" + ",".join("NULL" if each is None else _quoted(_literal(each)) for each in value) + "}"
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if not re.fullmatch(r"-?\d+", text) else text
