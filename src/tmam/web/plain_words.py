"""Plain words where Django speaks of limits and null characters, in one place for every text field of every form."""

from __future__ import annotations

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

# The longest address there can be (RFC 5321 less its brackets), and what our tables hold.
LONGEST_EMAIL = 254
WORDS = {
    "max_length": _("That is too long: at most %(limit_value)d characters fit here."),
    "null_characters_not_allowed": _(
        "There is an invisible character in this that we cannot read. Type it instead of pasting it."
    ),
}


def speak_plainly() -> None:
    """From now on every text field has our words, unless it brings its own. Fields of before stay as they are."""
    forms.CharField.default_error_messages = {**forms.Field.default_error_messages, **WORDS}


def limit_length(field: forms.Field, longest: int) -> None:
    """No more than so many characters, for the browser too; in place of any limit that the field had."""
    field.validators = [each for each in field.validators if not isinstance(each, MaxLengthValidator)]
    field.validators.append(MaxLengthValidator(longest))
    field.error_messages = {**WORDS, **field.error_messages}
    field.widget.attrs["maxlength"] = str(longest)
