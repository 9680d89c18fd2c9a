"""What staff type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class FindForm(forms.Form):
    """One person, exactly: there is no browsing through people."""

    person = forms.CharField(
        label=_("E-mail address or account number"),
        help_text=_("Exactly. The search is noted, with your name."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "autocapitalize": "none"}),
    )


class ReasonForm(forms.Form):
    """Why something is done to somebody's account."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "The person reads it, and it stays in the audit trail. What you checked and how; no names or numbers of documents."
        ),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"min_length": _("Say a little more, so that others understand it in a year.")},
    )


class KeptForm(forms.Form):
    """A kept record, by the order it belongs to."""

    reference = forms.CharField(
        label=_("Booking reference"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    reason = forms.CharField(
        label=_("Who asks, and on which ground?"),
        help_text=_("The file number of the authority. It stays in the audit trail."),
        min_length=10,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TrailForm(forms.Form):
    """What to read of the audit trail."""

    staff = forms.IntegerField(label=_("Staff number"), required=False, min_value=1, max_value=2**53)
    person = forms.IntegerField(label=_("Account number"), required=False, min_value=1, max_value=2**53)
    since = forms.DateField(
        label=_("From the day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
