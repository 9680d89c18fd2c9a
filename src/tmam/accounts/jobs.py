"""Background work of accounts."""

from __future__ import annotations

from datetime import datetime

from tmam.accounts.happenings import Happening
from tmam.accounts.security_log import Visit, record
from tmam.platform.jobs import app


@app.task(queue="accounts", name="accounts.tell_of_pause")
def tell_of_pause(*, user_id: int, key: str, lock_number: int, at: str, network: str, browser: str) -> None:
    """Write down that an account was paused, if it is anybody's.

    A job, because the page must cost the same for a login that nobody has (`user_id` 0): both defer one.
    """
    if user_id:
        record(
            user_id,
            Happening.LOCKED,
            now=datetime.fromisoformat(at),
            visit=Visit(network=network, browser=browser),
            actor="system",
            details={"key": key, "lock_number": lock_number},
        )
