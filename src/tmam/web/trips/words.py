"""The words of journeys."""

from __future__ import annotations

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tmam.web.trips.search_form import Trouble

Words = str | Promise

_TROUBLES: dict[tuple[str, Trouble], Words] = {
    ("from", Trouble.EMPTY): gettext_lazy("Type where you start"),
    ("to", Trouble.EMPTY): gettext_lazy("Type where you want to go"),
    ("from", Trouble.UNKNOWN): gettext_lazy("We have no station or airport of this name to start from"),
    ("to", Trouble.UNKNOWN): gettext_lazy("We have no station or airport of this name to go to"),
    ("to", Trouble.SAME): gettext_lazy("You are there already: choose another place to go to"),
    ("day", Trouble.NOT_A_DAY): gettext_lazy(
        "The day is not a date within the next two years; write it as 2026-12-05"
    ),
    ("day", Trouble.PAST): gettext_lazy("This day is over: choose today or a later one"),
    ("time", Trouble.NOT_A_TIME): gettext_lazy("The time is not one of the clock; write it as 14:30"),
}


def trouble_words(troubles: dict[str, Trouble]) -> dict[str, Words]:
    """What to tell people, by field."""
    return {name: _TROUBLES[name, trouble] for name, trouble in troubles.items()}


def duration_words(length: timedelta) -> str:
    """`2 h 35 min`, `1 day 4 h`."""
    minutes = int(length.total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


def changes_words(changes: int) -> str:
    """`Direct`, `1 change`."""
    if changes == 0:
        return _("Direct")
    return ngettext("%(count)s change", "%(count)s changes", changes) % {"count": changes}
