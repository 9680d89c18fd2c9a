"""The forms of a phone number: a country with its number, and the code that came."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from babel import Locale
from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.accounts.errors import PhoneNotAcceptedError
from tmam.accounts.sms.numbers import dialling_countries, read_number

REFUSED = {
    "unreadable": _("That is no complete phone number. Check the digits and the country."),
    "not_mobile": _("Codes go to mobile phones only. Type the number of a mobile phone."),
    "country": _("We cannot send codes to that country. Use a passkey or an authenticator app instead."),
}
USUAL_COUNTRIES = {"en": "GB", "es": "ES"}
_REGION = re.compile(r"[a-z]{2,3}-([A-Z]{2})\b", re.IGNORECASE)


class PhoneForm(forms.Form):
    """Where codes are to go."""

    country = forms.ChoiceField(label=_("Country"), widget=forms.Select(attrs={"autocomplete": "country"}))
    number = forms.CharField(
        label=_("Mobile number"),
        max_length=40,
        help_text=_("We send a code to it now. It costs you nothing."),
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national", "class": "input--short"}
        ),
    )

    def __init__(self, *args: Any, allowed: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.allowed = allowed
        country = self.fields["country"]
        assert isinstance(country, forms.ChoiceField)  # noqa: S101  # declared above
        country.choices = [
            (code, words)
            for code, words in country_choices(get_language() or "en")
            if not allowed or code in allowed
        ]

    def clean(self) -> dict[str, Any]:
        """Puts `e164` beside what was typed."""
        typed = super().clean() or {}
        if "number" in typed and "country" in typed:
            try:
                typed["e164"] = read_number(typed["number"], country=typed["country"], allowed=self.allowed)
            except PhoneNotAcceptedError as error:
                self.add_error("number", str(REFUSED[error.reason]))
        return typed


@lru_cache(maxsize=8)
def country_choices(language: str) -> list[tuple[str, str]]:
    """(code, "Spain (+34)") in the order of the language."""
    names = Locale.parse(language, sep="-").territories
    found = [(code, f"{names.get(code, code)} (+{dial})") for code, dial in dialling_countries()]
    return sorted(found, key=lambda each: each[1].casefold())


def likely_country(request: HttpRequest) -> str:
    """Where the phone is from, guessed by the browser's languages (`es-MX`)."""
    found = _REGION.search(request.headers.get("Accept-Language", ""))
    return found[1].upper() if found else USUAL_COUNTRIES.get((get_language() or "en")[:2], "ES")
