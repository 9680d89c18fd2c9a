"""The forms of sales codes: what they are good for, and adding them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final

from babel.numbers import get_currency_precision
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.catalog.models import Event
from tmam.catalog.sales_rules import CodeKind
from tmam.inventory.change_sales_rules import Value
from tmam.kernel.money import Money
from tmam.kernel.texts import in_language
from tmam.web.studio.rules.forms import MOST_PLACES, RuleForm, whole_number
from tmam.web.studio.rules.sales_codes import MOST_AT_ONCE, read_codes

HIGHEST_PRICE: Final = 10_000_000  # major units; the column ends not far above
PERCENT, PRICE = "percent", "price"
LOCAL_TIME: Final = "%Y-%m-%dT%H:%M"


class TermsForm(RuleForm):
    """What a sales code is good for."""

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
    price_how = forms.ChoiceField(
        label=_("What does it take off?"),
        choices=[(PERCENT, _("A part of the price")), (PRICE, _("The ticket costs a price of its own"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the voucher takes off")},
    )
    percent = forms.CharField(label=_("Percent off"), required=False, max_length=10)
    price = forms.CharField(label=_("Price with the voucher"), required=False, max_length=20)
    opens_at = forms.DateTimeField(label=_("Good from"), required=False)
    ends_at = forms.DateTimeField(label=_("Good until"), required=False)

    def __init__(self, *args: Any, event: Event, kind: CodeKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.currency = kind, event.currency
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
        for name in ("percent", "price"):
            self.fields[name].widget = forms.TextInput(
                attrs={"inputmode": "decimal", "class": "input--short"}
            )
        self.fields["price"].help_text = _("In %(currency)s. Never more than the usual price.") % {
            "currency": event.currency
        }
        if kind == CodeKind.PRESALE:
            for name in ("price_how", "percent", "price"):
                del self.fields[name]

    def _field(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Read the price; the end is after the beginning."""
        cleaned = super().clean() or {}
        opens_at, ends_at = cleaned.get("opens_at"), cleaned.get("ends_at")
        if opens_at and ends_at and ends_at <= opens_at:
            self.add_error("ends_at", _("Choose an end after the beginning"))
        if cleaned.get("price_how") == PERCENT:
            self._read_percent(cleaned)
        elif cleaned.get("price_how") == PRICE:
            self._read_price(cleaned)
        return cleaned

    def _read_percent(self, cleaned: dict[str, Any]) -> None:
        percent = _decimal(cleaned.get("percent", "").rstrip("% "))
        if percent is None or not 0 < percent <= 100 or percent != round(percent, 2):
            self.add_error("percent", _("Enter a percentage above 0, up to 100"))
        else:
            cleaned["off_basis_points"] = int(percent * 100)

    def _read_price(self, cleaned: dict[str, Any]) -> None:
        price = _decimal(cleaned.get("price", ""))
        digits = get_currency_precision(self.currency)
        if price is None or not 0 <= price <= HIGHEST_PRICE or price != round(price, digits):
            self.add_error(
                "price", _("Enter a price like %(example)s, 0 if it is free") % {"example": self._example}
            )
        else:
            cleaned["price_minor"] = int(price.scaleb(digits))

    @property
    def _example(self) -> str:
        return str(Money(1250, self.currency).decimal)

    @property
    def value(self) -> Value:
        """The terms; the codes themselves are beside them."""
        cleaned = self.cleaned_data
        moments = {
            name: cleaned[name].isoformat() if cleaned[name] else None for name in ("opens_at", "ends_at")
        }
        return {
            "kind": self.kind.value,
            "uses": cleaned["uses"],
            "ticket_types": sorted(cleaned["ticket_types"]),
            "off_basis_points": cleaned.get("off_basis_points", 0),
            "price_minor": cleaned.get("price_minor"),
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
        "price_how",
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


def terms_typed(row: Value, currency: str) -> dict[str, Any]:
    """A code's terms as the form shows them."""
    price_minor = row["price_minor"]
    percent = Decimal(row["off_basis_points"]) / 100
    return row | {
        "price_how": PRICE if price_minor is not None else PERCENT,
        "percent": f"{percent.normalize():f}" if row["off_basis_points"] else "",
        "price": "" if price_minor is None else str(Money(price_minor, currency).decimal),
    }


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
