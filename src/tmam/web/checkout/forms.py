"""The two forms of the till: who gets the tickets, and how they are paid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from tmam.orders.baskets import Basket, Place, holder_of
from tmam.orders.email_typos import suggest_email
from tmam.orders.save_details import TypedHolder, document_ending
from tmam.orders.typed import Problem, TypedWrongError, read_document, read_email, read_name, read_phone

WORDS = {
    Problem.NAME_MISSING: _("Enter a name"),
    Problem.NAME_TOO_LONG: _("Shorten the name to at most 100 characters"),
    Problem.NAME_UNREADABLE: _("Enter the name with letters, as it stands in a passport"),
    Problem.DOCUMENT_MISSING: _("Enter the number of the ID card or passport"),
    Problem.DOCUMENT_UNREADABLE: _("Enter 4 to 20 letters and digits, as printed on the ID card or passport"),
    Problem.EMAIL_MISSING: _("Enter the e-mail address for your tickets"),
    Problem.EMAIL_UNREADABLE: _("Enter an e-mail address like name@example.com"),
    Problem.PHONE_MISSING: _("Enter your phone number"),
    Problem.PHONE_WITHOUT_COUNTRY: _(
        "Start the phone number with + and the country's code, like +34 600 123 456"
    ),
    Problem.PHONE_UNREADABLE: _("Enter a phone number like +34 600 123 456"),
}
SUGGESTED, AS_TYPED = "suggested", "typed"
LONGEST_TYPED = 300
NAME_ATTRS = {"autocapitalize": "words", "spellcheck": "false"}


class TypedField(forms.CharField):
    """A text that one of our readers understands; refusals come in our words."""

    def __init__(self, *, read: Callable[[str], str], missing: Problem, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_TYPED, error_messages={"required": WORDS[missing]}, **kwargs)
        self.read = read

    def clean(self, value: Any) -> str:
        """The text as read."""
        typed = cast("str", super().clean(value))
        if not typed:
            return ""
        try:
            return self.read(typed)
        except TypedWrongError as wrong:
            raise ValidationError(WORDS[wrong.problem]) from wrong


@dataclass(frozen=True)
class PlaceFields:
    """The fields of one ticket, for the page. `number` counts the tickets that ask something, from 1."""

    number: int
    place: Place
    name: BoundField
    same: BoundField | None
    document: BoundField | None


class DetailsForm(forms.Form):
    """E-mail, buyer's name, and a holder for each ticket that asks for one.

    An address with a probably mistyped domain comes back once with a question; either answer is accepted.
    """

    use_required_attribute = False

    email = TypedField(
        read=read_email,
        missing=Problem.EMAIL_MISSING,
        label=_("E-mail address"),
        help_text=_("We send your tickets here."),
        widget=forms.EmailInput(
            attrs={
                "autocomplete": "email",
                "inputmode": "email",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )
    email_answer = forms.ChoiceField(
        required=False,
        choices=[(SUGGESTED, SUGGESTED), (AS_TYPED, AS_TYPED)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose which e-mail address is right")},
    )
    email_asked = forms.CharField(required=False, max_length=LONGEST_TYPED, widget=forms.HiddenInput)
    name = TypedField(
        read=read_name,
        missing=Problem.NAME_MISSING,
        label=_("Your full name"),
        widget=forms.TextInput(attrs={"autocomplete": "name", **NAME_ATTRS}),
    )

    def __init__(
        self, basket: Basket, data: Mapping[str, Any] | None = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={**_typed_before(basket), **(initial or {})})
        self.checkout = basket.checkout
        self.places = basket.places_to_name
        self.suggestion = self._prepare_question()
        if basket.asks_phone:
            self._add_phone()
        for number, place in enumerate(self.places):
            self._add_place(place, can_be_buyer=number == 0)

    def _add_phone(self) -> None:
        self.fields["phone"] = TypedField(
            read=read_phone,
            missing=Problem.PHONE_MISSING,
            label=_("Your phone number"),
            help_text=_(
                "With the country's code, like +34 600 123 456. The seller limits the tickets per phone: "
                "we use it for that, and forget it when you have your tickets."
            ),
            widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        )

    def _add_place(self, place: Place, *, can_be_buyer: bool) -> None:
        same = f"same-{place.key}"
        if can_be_buyer:
            self.fields[same] = forms.BooleanField(required=False, label=_("This ticket is for me"))
        self.fields[f"name-{place.key}"] = TypedField(
            read=read_name,
            missing=Problem.NAME_MISSING,
            required=not (can_be_buyer and self.data.get(same)),
            label=_("Full name"),
            widget=forms.TextInput(attrs={"autocomplete": "off", **NAME_ATTRS}),
        )
        if place.asks_document:
            self._add_document(place)

    def _add_document(self, place: Place) -> None:
        ending = document_ending(place, self.checkout)
        self.fields[f"document-{place.key}"] = TypedField(
            read=read_document,
            missing=Problem.DOCUMENT_MISSING,
            required=not ending,
            label=_("ID card or passport number"),
            help_text=_("We have it already; it ends in %(ending)s. Leave this empty to keep it.")
            % {"ending": ending}
            if ending
            else _("Checked at the entrance. We store it encrypted."),
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "off",
                    "autocapitalize": "characters",
                    "spellcheck": "false",
                    "class": "input--short",
                }
            ),
        )

    @property
    def place_fields(self) -> list[PlaceFields]:
        """The fields of each ticket that asks for something, event by event."""
        return [
            PlaceFields(
                number,
                place,
                self[f"name-{place.key}"],
                self[f"same-{place.key}"] if f"same-{place.key}" in self.fields else None,
                self[f"document-{place.key}"] if place.asks_document else None,
            )
            for number, place in enumerate(self.places, start=1)
        ]

    @property
    def holders(self) -> list[tuple[Place, TypedHolder]]:
        """Each ticket with its holder, once the form is valid."""
        return [
            (
                place,
                TypedHolder(
                    name=self.cleaned_data[f"name-{place.key}"] or self.cleaned_data["name"],
                    document=self.cleaned_data.get(f"document-{place.key}") or None,
                ),
            )
            for place in self.places
        ]

    def clean(self) -> dict[str, Any]:
        """Take the suggested address if that was the answer."""
        cleaned = cast("dict[str, Any]", super().clean())
        if cleaned.get("email_answer") == SUGGESTED and "email" in cleaned:
            cleaned["email"] = self.suggestion
        return cleaned

    def _prepare_question(self) -> str:
        """Ask about a domain that looks mistyped; answers the address probably meant, or "".

        An answer counts for the address that the question was about: after another typo it is asked again.
        """
        try:
            typed = read_email(str(self.data.get("email", "")))
        except TypedWrongError:
            return ""
        suggestion = suggest_email(typed)
        if suggestion is None:
            return ""
        field = cast("forms.ChoiceField", self.fields["email_answer"])
        field.required = True
        field.label = _("Did you mean %(address)s?") % {"address": suggestion}
        field.choices = [
            (SUGGESTED, _("Yes, send them to %(address)s") % {"address": suggestion}),
            (AS_TYPED, _("No, %(address)s is right") % {"address": typed}),
        ]
        if self.data.get("email_asked") != typed:
            self.data = {**dict(self.data.items()), "email_asked": typed, "email_answer": ""}
        return suggestion


class PayForm(forms.Form):
    """What was seen, what is accepted, and the card. `method` comes from the gateway's own fields."""

    use_required_attribute = False

    seen_total = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    seen_terms = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
    method = forms.CharField(
        max_length=100, error_messages={"required": _("Choose how you want to pay")}, widget=forms.RadioSelect
    )
    terms = forms.BooleanField(error_messages={"required": _("Accept the terms to buy")})

    def __init__(
        self,
        *,
        is_free: bool,
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["method"].required = not is_free


def _typed_before(basket: Basket) -> dict[str, Any]:
    """What was typed before, for coming back."""
    checkout = basket.checkout
    names = {
        f"name-{place.key}": holder_of(place, checkout.holders).get("name", "")
        for place in basket.places_to_name
    }
    return {"email": checkout.email, "name": checkout.name, "phone": checkout.phone, **names}
