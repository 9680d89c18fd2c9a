"""No field speaks as Django does: our words, and in Spanish as one speaks to a friend."""

from __future__ import annotations

import pytest
from django import forms
from django.utils import translation


class _Form(forms.Form):
    line = forms.CharField()
    choice = forms.ChoiceField(choices=[("a", "A")])
    typed = forms.TypedChoiceField(choices=[("a", "A")])
    several = forms.MultipleChoiceField(choices=[("a", "A")])
    number = forms.IntegerField(min_value=2)
    most = forms.IntegerField(max_value=2)
    day = forms.DateField()
    moment = forms.DateTimeField()
    email = forms.EmailField()
    file = forms.FileField()


EMPTY: dict[str, str | list[str]] = {}
WRONG: dict[str, str | list[str]] = {
    "choice": "x", "typed": "x", "several": ["x"], "number": "1", "most": "3", "day": "x", "moment": "x", "email": "x",
}  # fmt: skip


def said(data: dict[str, str | list[str]], language: str) -> list[str]:
    with translation.override(language):
        return [str(words) for found in _Form(data).errors.values() for words in found]


def test_a_field_left_out_says_so_in_our_words() -> None:
    assert set(said(EMPTY, "en")) == {"Fill this in."}
    assert set(said(EMPTY, "es")) == {"Rellena esto."}


@pytest.mark.parametrize("wrong", [WRONG, {**WRONG, "number": "x", "most": "x"}])
def test_wrong_input_is_told_plainly(wrong: dict[str, str | list[str]]) -> None:
    english, spanish = " ".join(said(wrong, "en")), " ".join(said(wrong, "es"))
    assert english.count("Choose one of these.") == 3
    assert "valid choice" not in english
    assert spanish.count("Elige una de estas opciones.") == 3
    for formal in ("Introduzca", "Seleccione", "Escoja", "Asegúrese", "Ingrese", "Escriba"):
        assert formal not in spanish
