"""When a proof counts as fresh."""

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW
from tmam.accounts.fresh_proof import is_fresh

MINUTES = timedelta(minutes=1)


def proof(method: str = "password", age: timedelta = MINUTES, **fields: Any) -> dict[str, Any]:
    return {"method": method, "at": (NOW - age).timestamp(), "reauthenticated": True} | fields


@pytest.mark.parametrize(
    ("records", "has_factor", "is_enough"),
    [
        ([], False, False),
        ([proof()], False, True),
        ([proof()], True, False),
        ([proof("mfa")], True, True),
        ([proof("mfa")], False, True),
        ([proof("mailed_code")], False, True),
        ([proof("mailed_code")], True, False),
        ([proof("mfa", age=5 * MINUTES)], True, False),
        ([proof("mfa", age=6 * MINUTES), proof("password")], True, False),
        ([proof("mfa", reauthenticated=False)], True, False),
        ([proof("mfa", age=-10 * MINUTES)], True, False),
    ],
)
def test_what_counts(records: list[dict[str, Any]], has_factor: bool, is_enough: bool) -> None:
    answer = is_fresh(records, has_factor=has_factor, now=NOW, valid_for=5 * MINUTES)
    assert answer is is_enough
