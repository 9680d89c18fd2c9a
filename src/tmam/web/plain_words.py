"""Plain words where Django speaks of limits, choices and null characters, in one place for every field of every form.

What Django says well in English (`DJANGOS`) is here for its other languages: a text of our catalogue comes before the
same text of Django's, which speaks to people as an office does.
"""

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
REQUIRED = _("Fill this in.")
CHOICES = {
    "invalid_choice": _("Choose one of these."),
    "invalid_pk_value": _("Choose one of these."),
    "invalid_list": _("Choose from these."),
}
DJANGOS = (
    _("Enter a whole number."),
    _("Enter a number."),
    _("Enter a valid date."),
    _("Enter a valid date/time."),
    _("Enter a valid email address."),
    _("Ensure this value is greater than or equal to %(limit_value)s."),
    _("Ensure this value is less than or equal to %(limit_value)s."),
)


def speak_plainly() -> None:
    """From now on every field has our words, unless it brings its own. Fields of before stay as they are."""
    forms.Field.default_error_messages = {"required": REQUIRED}
    forms.CharField.default_error_messages = {**forms.Field.default_error_messages, **WORDS}
    for kind in (
        forms.ChoiceField,
        forms.MultipleChoiceField,
        forms.ModelChoiceField,
        forms.ModelMultipleChoiceField,
    ):
        kind.default_error_messages = {"required": REQUIRED, **CHOICES}


def limit_length(field: forms.Field, longest: int) -> None:
    """No more than so many characters, for the browser too; in place of any limit that the field had."""
    field.validators = [each for each in field.validators if not isinstance(each, MaxLengthValidator)]
    field.validators.append(MaxLengthValidator(longest))
    field.error_messages = {**WORDS, **field.error_messages}
    field.widget.attrs["maxlength"] = str(longest)
