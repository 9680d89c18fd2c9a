"""The shop's words and pictures for values of the catalogue."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tmam.catalog.search_query import Trouble

Words = str | Promise

KIND_WORDS: dict[str, Words] = {
    "concert": _("Concerts"),
    "theatre": _("Theatre"),
    "cinema": _("Cinema"),
    "museum": _("Museums"),
    "tour": _("Tours"),
    "train": _("Trains"),
    "flight": _("Flights"),
}
ONE_KIND_WORDS: dict[str, Words] = {
    "concert": _("Concert"),
    "theatre": pgettext_lazy("one event", "Theatre"),
    "cinema": pgettext_lazy("one event", "Cinema"),
    "museum": _("Museum"),
    "tour": _("Tour"),
    "train": _("Train"),
    "flight": _("Flight"),
}
KIND_ICONS = {
    "concert": "music",
    "theatre": "drama",
    "cinema": "clapperboard",
    "museum": "landmark",
    "tour": "tree-palm",
    "train": "train-front",
    "flight": "plane",
}
WHEN_WORDS: dict[str, Words] = {
    "any": _("Any date"),
    "today": _("Today"),
    "tomorrow": _("Tomorrow"),
    "weekend": _("This weekend"),
    "week": _("Next 7 days"),
}

_PRICE_FORM = _("Type the price as a number, such as 25 or 25.50")
_TROUBLE_WORDS: dict[tuple[str, Trouble], Words] = {
    ("q", Trouble.TOO_LONG): _("The search is too long: only its beginning was used"),
    ("place", Trouble.TOO_LONG): _("The place is too long: only its beginning was used"),
    ("when", Trouble.UNKNOWN): _("We do not know this time; all dates are shown"),
    ("from", Trouble.NOT_A_DATE): _("The first date is not a date of the calendar; write it as 2026-12-05"),
    ("to", Trouble.NOT_A_DATE): _("The last date is not a date of the calendar; write it as 2026-12-05"),
    ("to", Trouble.ENDS_BEFORE_START): _("The last date is before the first one"),
    ("price-from", Trouble.NOT_A_PRICE): _PRICE_FORM,
    ("price-to", Trouble.NOT_A_PRICE): _PRICE_FORM,
    ("price-from", Trouble.NEGATIVE): _("The lowest price cannot be below zero"),
    ("price-to", Trouble.NEGATIVE): _("The highest price cannot be below zero"),
    ("price-from", Trouble.TOO_HIGH): _("The lowest price is higher than anything sold here"),
    ("price-to", Trouble.TOO_HIGH): _(
        "The highest price is higher than anything sold here: you can leave it empty"
    ),
    ("price-to", Trouble.ENDS_BEFORE_START): _("The highest price is below the lowest one"),
    ("currency", Trouble.UNKNOWN): _("Nothing is sold in this currency here"),
    ("kind", Trouble.UNKNOWN): _("We do not know this kind of event"),
}
_TARGETS = {"kind": "#filters", "when": "#filters"}


def trouble_words(troubles: dict[str, Trouble]) -> dict[str, Words]:
    """What to tell people, by field."""
    return {
        name: _TROUBLE_WORDS.get((name, trouble), _("This part was not understood"))
        for name, trouble in troubles.items()
    }


def trouble_target(name: str) -> str:
    """Where the error summary's link of a field jumps to."""
    return _TARGETS.get(name, f"#{name}")
