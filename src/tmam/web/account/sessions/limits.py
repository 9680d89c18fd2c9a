"""How long a session may last: pure rules, on what the session itself remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tmam.platform.settings import Settings

# In the session: when it was signed in, when it was last noted to be in use, and its limits; whole seconds.
SIGNED_IN_AT, SEEN_AT, IDLE_S, ABSOLUTE_S = "signed_in_at", "seen_at", "idle_s", "absolute_s"
# Being in use is written down so often, not with each request.
NOTED_EVERY = timedelta(minutes=5)
VISITOR_S = 14 * 24 * 3600


@dataclass(frozen=True)
class Limits:
    """Without a visit, and in all."""

    idle: timedelta
    absolute: timedelta


def limits_for(settings: Settings, *, is_strict: bool) -> Limits:
    """The limits of a person; strict for who works with other people's tickets and money."""
    if is_strict:
        return Limits(
            timedelta(hours=settings.team_session_idle_hours),
            timedelta(days=settings.team_session_absolute_days),
        )
    return Limits(
        timedelta(hours=settings.session_idle_hours), timedelta(days=settings.session_absolute_days)
    )


def facts_at_sign_in(limits: Limits, now: datetime) -> dict[str, int]:
    """What a session remembers from its sign-in on."""
    return {SIGNED_IN_AT: int(now.timestamp())} | facts_in_use(limits, now)


def facts_in_use(limits: Limits, now: datetime) -> dict[str, int]:
    """What a session that is in use remembers anew."""
    return {
        SEEN_AT: int(now.timestamp()),
        IDLE_S: int(limits.idle.total_seconds()),
        ABSOLUTE_S: int(limits.absolute.total_seconds()),
    }


def is_to_be_noted(session: Mapping[str, Any], now: datetime) -> bool:
    """Whether it is long enough ago that this session was noted to be in use."""
    return now.timestamp() - int(session.get(SEEN_AT, 0)) >= NOTED_EVERY.total_seconds()


def seconds_left(session: Mapping[str, Any], now: datetime) -> int:
    """How long a session lasts if nobody comes any more; a visitor who is not signed in has two weeks."""
    if SIGNED_IN_AT not in session:
        return VISITOR_S
    used_up_s = int(now.timestamp()) - int(session[SIGNED_IN_AT])
    return max(0, min(int(session[IDLE_S]), int(session[ABSOLUTE_S]) - used_up_s))
