"""The forms of sales codes: what they are good for, and adding them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from babel.numbers import get_currency_precision
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.catalog.models import Event
from tmam.catalog.sales_rules import CodeKind, SalesCode
from tmam.inventory.change_sales_rules import Value
from tmam.kernel.money import Money
from tmam.kernel.texts import in_language
from tmam.web.studio.rules.forms import MOST_PLACES, RuleForm, whole_number
from tmam.web.studio.rules.sales_codes import MOST_AT_ONCE, read_codes
from tmam.web.typed_fields import LocalTimeField

HIGHEST_PRICE_MINOR: Final = 1_000_000_000  # the column ends not far above
WRONG_PERCENT = _("Enter a percentage above 0, up to 100")
LOCAL_TIME: Final = "%Y-%m-%dT%H:%M"


class Does(StrEnum):
    """What a code does. Vouchers lower the price: by a part, or to a price of their own."""

    PRESALE = "presale"
    PERCENT = "percent"
    PRICE = "price"


class TermsForm(RuleForm):
    """What sales codes that do one thing (`Does`) are good for."""

    uses = whole_number(
        _("Tickets with each code"), 1, MOST_PLACES, _("How many tickets can be bought with one code in all.")
    )
    ticket_types = forms.TypedMultipleChoiceField(
        label=_("Which ticket types?"),
        help_text=_("Choose none if it is for all of them."),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    percent = forms.CharField(
        label=_("Percent off"),
        max_length=10,
        error_messages={"required": WRONG_PERCENT},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input--short"}),
    )
    price = forms.CharField(
        label=_("Price with the voucher"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input--short"}),
    )
    opens_at = LocalTimeField(label=_("Good from"), required=False)
    ends_at = LocalTimeField(label=_("Good until"), required=False)

    def __init__(self, *args: Any, event: Event, does: Does, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.does, self.currency = does, event.currency
        language = get_language() or "en"
        types = event.ticket_types.order_by("ordinal")
        self._field("ticket_types").choices = [
            (each.ordinal, in_language(each.name, language)) for each in types
        ]
        for name in ("opens_at", "ends_at"):
            field = self.fields[name]
            field.widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL_TIME)
            field.error_messages["invalid"] = _("Enter a day and a time, like 2026-12-24 20:00")
        self.fields["opens_at"].help_text = _("On the clock of %(zone)s. Empty: when sales open.") % {
            "zone": event.venue.time_zone
        }
        self.fields["ends_at"].help_text = _("Empty: when sales end.")
        price = self.fields["price"]
        price.error_messages["required"] = self._wrong_price
        price.help_text = _("In %(currency)s. Never more than the usual price.") % {
            "currency": event.currency
        }
        for other in {Does.PERCENT, Does.PRICE} - {does}:
            del self.fields[other.value]

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Read the price; the end is after the beginning."""
        cleaned = super().clean() or {}
        opens_at, ends_at = cleaned.get("opens_at"), cleaned.get("ends_at")
        if opens_at and ends_at and ends_at <= opens_at:
            self.add_error("ends_at", _("Choose an end after the beginning"))
        return cleaned

    def clean_percent(self) -> int:
        """The basis points that are taken off."""
        percent = _decimal(self.cleaned_data["percent"].rstrip("% "))
        if percent is None or not 0 < percent <= 100 or percent != round(percent, 2):
            raise ValidationError(WRONG_PERCENT)
        return int(percent * 100)

    def clean_price(self) -> int:
        """The price in minor units."""
        price = _decimal(self.cleaned_data["price"])
        digits = get_currency_precision(self.currency)
        if (
            price is None
            or price != round(price, digits)
            or not 0 <= price.scaleb(digits) <= HIGHEST_PRICE_MINOR
        ):
            raise ValidationError(self._wrong_price)
        return int(price.scaleb(digits))

    @property
    def _wrong_price(self) -> str:
        example = Money(1250, self.currency).decimal
        return _("Enter a price like %(example)s, 0 if it is free") % {"example": example}

    @property
    def value(self) -> Value:
        """The terms; the codes themselves are beside them."""
        cleaned = self.cleaned_data
        moments = {
            name: cleaned[name].isoformat() if cleaned[name] else None for name in ("opens_at", "ends_at")
        }
        return {
            "kind": (CodeKind.PRESALE if self.does is Does.PRESALE else CodeKind.VOUCHER).value,
            "uses": cleaned["uses"],
            "ticket_types": sorted(cleaned["ticket_types"]),
            "off_basis_points": cleaned.get("percent", 0),
            "price_minor": cleaned.get("price"),
            **moments,
        }


class CodesForm(TermsForm):
    """New codes: typed or pasted ones, or so many random ones."""

    codes = forms.CharField(
        label=_("Your own codes"),
        help_text=_(
            "One a line, or with commas between. Letters and digits, at least 3; capitals make no difference."
        ),
        required=False,
        max_length=MOST_AT_ONCE * 45,
        widget=forms.Textarea(
            attrs={"rows": 4, "autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    how_many = whole_number(
        _("Or make random codes: how many?"),
        1,
        MOST_AT_ONCE,
        _("Eight letters and digits each, none that are easily mixed up."),
        required=False,
    )
    field_order = (
        "codes",
        "how_many",
        "uses",
        "ticket_types",
        "percent",
        "price",
        "opens_at",
        "ends_at",
    )

    def clean_codes(self) -> list[str]:
        """The codes in capitals, each once."""
        codes, bad = read_codes(self.cleaned_data["codes"])
        if bad:
            raise ValidationError(
                _("Change %(codes)s: a code has 3 to 40 letters and digits, dashes between")
                % {"codes": ", ".join(bad[:5])}
            )
        if len(codes) > MOST_AT_ONCE:
            raise ValidationError(_("Add at most %(most)s codes at once") % {"most": MOST_AT_ONCE})
        return codes

    def clean(self) -> dict[str, Any]:
        """Own codes or random ones, not both."""
        cleaned = super().clean()
        if (
            "codes" in cleaned
            and "how_many" in cleaned
            and bool(cleaned["codes"]) == bool(cleaned["how_many"])
        ):
            both = cleaned["codes"]
            self.add_error(
                "codes",
                _("Type codes or have random ones made, not both")
                if both
                else _("Type a code, or say how many to make"),
            )
        return cleaned


def does_of(code: SalesCode) -> Does:
    """What a code does."""
    if code.kind == CodeKind.PRESALE:
        return Does.PRESALE
    return Does.PERCENT if code.price_minor is None else Does.PRICE


def terms_typed(row: Value, currency: str) -> dict[str, Any]:
    """A code's terms as the form shows them."""
    price_minor = row["price_minor"]
    percent = Decimal(row["off_basis_points"]) / 100
    return row | {
        "percent": f"{percent.normalize():f}" if row["off_basis_points"] else "",
        "price": "" if price_minor is None else str(Money(price_minor, currency).decimal),
    }


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
