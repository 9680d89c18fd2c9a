"""Fields of forms for what people type: a line of visible characters, a moment on the clock of a place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tmam.kernel.texts import one_line

CLOCK_GOES_FORWARD = _(
    "The clocks go forward then, and leave this time out. Choose an earlier or a later one."
)
CLOCK_GOES_BACK = _("The clocks go back then, and this time comes twice. Choose an earlier or a later one.")


class LineField(forms.CharField):
    """One line. Characters that nobody sees (direction overrides, control characters) are left out, as in names."""

    def to_python(self, value: Any) -> str:
        """The text, its blanks squeezed. A null character stays: no text may have one, and that is said."""
        text = super().to_python(value) or ""
        return text if "\0" in text else one_line(text)


class LocalTimeField(forms.DateTimeField):
    """A moment on the clock of the current time zone; `kept` is the moment that was shown, if there was one.

    A browser sends whole minutes and no offset: what was left as it is keeps its seconds, and its side of a change
    of clocks.
    """

    kept: datetime | None = None

    def to_python(self, value: Any) -> datetime | None:
        """An aware moment.

        Raises:
            ValidationError: no moment, one that the clock there leaves out or shows twice, or one that UTC cannot tell.
        """
        try:
            typed = super().to_python(value)
            if typed is not None:
                typed.astimezone(UTC)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        except ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            return self._between_two_clocks(error)
        if (
            typed is not None
            and self.kept is not None
            and typed == self.kept.replace(second=0, microsecond=0)
        ):
            return self.kept
        return typed

    def _between_two_clocks(self, error: ValidationError) -> datetime:
        facts = error.params or {}
        shown, zone = facts["datetime"], facts["current_timezone"]
        if self.kept is not None:
            kept = self.kept.astimezone(zone)
            if kept.replace(tzinfo=None, second=0, microsecond=0, fold=0) == shown:
                return self.kept
        is_shown = shown.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == shown
        words = CLOCK_GOES_BACK if is_shown else CLOCK_GOES_FORWARD
        raise ValidationError(words, code=error.code)
