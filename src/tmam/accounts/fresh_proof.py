"""Whether somebody proved moments ago who they are: the pure rule; `tmam.web.account.step_up` asks it for pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

# How allauth's session record calls a proof by a second factor; every other method is a first factor.
BY_FACTOR = "mfa"


def is_fresh(
    records: Iterable[Mapping[str, Any]], *, has_factor: bool, now: datetime, valid_for: timedelta
) -> bool:
    """Whether a session's records of proofs hold one that counts still.

    Who has a second factor must have proven by one: a password alone, which can be watched or found, is not enough.

    Args:
        records: `{"method": …, "at": Unix seconds, "reauthenticated": True}` of one session, as allauth keeps them;
            only those with `reauthenticated` count.
        has_factor: whether the person has a second factor now.
        now: the present instant.
        valid_for: how long a proof counts.
    """
    oldest = (now - valid_for).timestamp()
    return any(
        record.get("reauthenticated")
        and oldest < record["at"] <= now.timestamp() + 1
        and (record["method"] == BY_FACTOR or not has_factor)
        for record in records
    )
