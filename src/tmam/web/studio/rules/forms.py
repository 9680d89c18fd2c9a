"""The forms of the sales rules. Each answers the value that `inventory.change_sales_rules` keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, cast

from babel.numbers import format_decimal
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.catalog.sales_rules import Channel
from tmam.inventory.change_sales_rules import Value
from tmam.inventory.draws import LARGEST_QUANTITY
from tmam.kernel.locales import format_locale
from tmam.web.studio.rules.words import CHANNELS

MOST_PLACES: Final = 1_000_000


def whole_number(
    label: Any, least: int, most: int, hint: Any = "", *, required: bool = True
) -> forms.IntegerField:
    """A field for a number of tickets or places."""
    return forms.IntegerField(
        label=label,
        help_text=hint,
        required=required,
        min_value=least,
        max_value=most,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--short"}
        ),
    )


class RuleForm(forms.Form):
    """A form whose `value` is what is kept of it."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                facts = {"least": field.min_value, "most": _number(cast("int", field.max_value))}
                words = _("Enter a whole number from %(least)s to %(most)s") % facts
                field.error_messages |= dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"), words
                )

    @property
    def value(self) -> Value:
        """The rule's value, once the form is valid."""
        return dict(self.cleaned_data)


class DoorForm(RuleForm):
    """What counts at the door."""

    # Sent with the form, so that a form with nothing ticked is still one that was filled in.
    asked = forms.CharField(widget=forms.HiddenInput, initial="yes")
    live_codes_only = forms.BooleanField(
        required=False,
        label=_("Live codes only"),
        help_text=_(
            "Gates refuse paper, files and pictures of a code, and admit only codes that change on a phone. Who has no such phone says the booking reference at the door and is let in from the list."
        ),
    )

    @property
    def value(self) -> Value:
        """The rule's value, once the form is valid."""
        return {"live_codes_only": self.cleaned_data["live_codes_only"]}


class OrderForm(RuleForm):
    """What one order on the website may have."""

    max_per_order = whole_number(
        _("Tickets an order"),
        1,
        LARGEST_QUANTITY,
        _("The most that one order on the website may have, all ticket types together."),
    )
    avoid_single_seats = forms.BooleanField(
        required=False,
        label=_("Leave no single seats"),
        help_text=_(
            "Who picks seats cannot leave one free seat alone between taken ones, unless nothing else is left."
        ),
    )

    def __init__(self, *args: Any, has_seats: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_seats:
            self.fields["avoid_single_seats"].widget = forms.HiddenInput()


class LimitForm(RuleForm):
    """At most so many tickets, and where they are counted."""

    most = whole_number(_("Tickets at most"), 1, LARGEST_QUANTITY, _("Of this event, all dates together."))
    counted = forms.MultipleChoiceField(
        label=_("Where is it counted?"),
        help_text=_("Sales elsewhere are neither counted nor refused."),
        choices=list(CHANNELS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one place where it is counted")},
    )

    @property
    def value(self) -> Value:
        """The limit with the channels that are exempt."""
        counted = self.cleaned_data["counted"]
        return {
            "most": self.cleaned_data["most"],
            "exempt_channels": [channel.value for channel in CHANNELS if channel.value not in counted],
        }


class ContingentForm(RuleForm):
    """How many places of a pool a channel may sell on each date."""

    places = whole_number(_("Places on each date"), 0, MOST_PLACES)


def exempt_to_counted(exempt_channels: Iterable[str]) -> list[str]:
    """The channels that are not exempt."""
    exempt = set(exempt_channels)
    return [channel.value for channel in Channel if channel.value not in exempt]


def _number(number: int) -> str:
    return str(format_decimal(number, locale=format_locale(get_language() or "en")))
