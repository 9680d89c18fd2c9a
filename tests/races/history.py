"""The history of a race: what each process asked, when, and what it was told.

A history file is JSON Lines, one object a line, so that any checker can judge it (`docs/histories.md`). An
operation that touches several keys is written once for each of them, with the same times.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Operation:
    """One operation on one key; times are nanoseconds of one monotonic clock.

    `outcome` is ok, refused (a certain answer that nothing was done) or unknown: it may have taken effect at any
    time after the call, or never; then `returned` is None.
    """

    process: int
    op: str
    key: str
    call: int
    returned: int | None
    outcome: str
    hold: str | None = None
    quantity: int = 0
    value: str | None = None


def write_history(path: Path, operations: Iterable[Operation]) -> None:
    """Write operations in the order of their calls."""
    with path.open("w", encoding="utf-8") as file:
        for operation in sorted(operations, key=lambda each: each.call):
            fields = asdict(operation)
            fields["return"] = fields.pop("returned")
            file.write(json.dumps(fields) + "\n")


def read_history(path: Path) -> list[Operation]:
    """The operations of a file, in its order."""
    operations = []
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        fields["returned"] = fields.pop("return")
        operations.append(Operation(**fields))
    return operations


def by_key(operations: Iterable[Operation]) -> dict[str, list[Operation]]:
    """The operations on each key: a history is linearizable if it is for each key by itself."""
    keys: dict[str, list[Operation]] = defaultdict(list)
    for operation in operations:
        keys[operation.key].append(operation)
    return dict(keys)
