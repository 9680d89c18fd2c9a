"""The form that changes a date. Times are on the clock of the place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tmam.catalog.date_rules import ENTRANCE_CHARS, FIELD_OF, DateTimes, Problem, problems_of
from tmam.catalog.models import Date
from tmam.web.typed_fields import LineField, LocalTimeField

LOCAL_TIME: Final = "%Y-%m-%dT%H:%M"
WORDS: Final[Mapping[Problem, Promise]] = {
    Problem.STARTS_IN_THE_PAST: _("Choose a start that lies ahead"),
    Problem.STARTS_TOO_FAR: _("Choose a start within the next five years"),
    Problem.ENDS_BEFORE_START: _("Choose an end after the start"),
    Problem.ENDS_IN_THE_PAST: _("Choose an end that lies ahead"),
    Problem.TOO_LONG: _("Choose an end at most 31 days after the start"),
    Problem.DOORS_AFTER_START: _("Doors open before the start, or at the same time"),
    Problem.DOORS_TOO_EARLY: _("Doors open at most 24 hours before the start"),
    Problem.ENTRANCE_TOO_LONG: _("Say it in at most 60 characters"),
}
ENTRANCE: Final = "entrance_"
LABELS: Final = {"en": _("Entrance, in English"), "es": _("Entrance, in Spanish")}


class DateForm(forms.Form):
    """New times and the entrance of a date; `wanted` once it is valid."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput)
    starts_at = LocalTimeField(label=_("Starts"))
    ends_at = LocalTimeField(label=_("Ends"))
    doors_at = LocalTimeField(label=_("Doors open"), required=False)

    def __init__(self, *args: Any, date: Date, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "seen": date.revision,
            "starts_at": date.starts_at,
            "ends_at": date.ends_at,
            "doors_at": date.doors_at,
            **{f"{ENTRANCE}{code}": words for code, words in date.entrance.items()},
        }
        super().__init__(*args, **kwargs)
        self.date, self.now = date, now
        for name in ("starts_at", "ends_at", "doors_at"):
            field = cast("LocalTimeField", self.fields[name])
            field.kept = getattr(date, name)
            field.widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_TIME)
            words = _("Enter a day and a time, like 2026-12-24 20:00")
            field.error_messages |= {"invalid": words, "required": words}
        self.fields["starts_at"].help_text = _("On the clock of %(zone)s.") % {"zone": date.time_zone}
        self.fields["doors_at"].help_text = _("Empty: people are let in from 60 minutes before the start.")
        for code, _name in settings.LANGUAGES:
            self.fields[f"{ENTRANCE}{code}"] = LineField(
                label=LABELS.get(code, code),
                help_text=_("What the signs there say, like “Gate B”. Empty: nothing is said."),
                required=False,
                max_length=ENTRANCE_CHARS,
            )

    @property
    def wanted(self) -> DateTimes:
        """What the date is to be."""
        cleaned = self.cleaned_data
        entrance = {code: cleaned[f"{ENTRANCE}{code}"] for code, _name in settings.LANGUAGES}
        return DateTimes(
            cleaned["starts_at"],
            cleaned["ends_at"],
            cleaned["doors_at"],
            {code: words for code, words in entrance.items() if words},
        )

    def clean(self) -> dict[str, Any]:
        """The times fit together."""
        cleaned = super().clean() or {}
        if not self.errors:
            for problem in problems_of(self.wanted, self.now, starts_at=self.date.starts_at):
                self.add_error(FIELD_OF[problem], str(WORDS[problem]))
        return cleaned
