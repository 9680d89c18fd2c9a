"""How long one stays signed in, in words that are true for this very session."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import ngettext

from tmam.web.account.sessions.limits import IDLE_S

DAY_S, HOUR_S = 24 * 3600, 3600


def signed_in_words(request: HttpRequest) -> str:
    """The line on the account page: `You are signed out after 14 days without a visit`, full stop and all."""
    idle_s = int(request.session.get(IDLE_S, 0))
    if idle_s >= 2 * DAY_S:
        days = idle_s // DAY_S
        return ngettext(
            "You are signed out after %(days)d day without a visit.",
            "You are signed out after %(days)d days without a visit.",
            days,
        ) % {"days": days}
    hours = max(1, idle_s // HOUR_S)
    return ngettext(
        "You are signed out after %(hours)d hour without a visit.",
        "You are signed out after %(hours)d hours without a visit.",
        hours,
    ) % {"hours": hours}
