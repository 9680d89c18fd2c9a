"""The gate's one form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

ANY_DATE: Final = "any"


class GateForm(forms.Form):
    """Which date is let in, and where."""

    date = forms.ChoiceField(label=_("Date"), widget=forms.RadioSelect, initial=ANY_DATE)
    gate = forms.ChoiceField(label=_("Gate"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, dates: Sequence[tuple[str, str]], gates: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offer("date", dates)
        self._offer("gate", gates)
        self.fields["gate"].initial = gates[0][0]

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)
