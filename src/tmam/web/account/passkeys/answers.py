"""What the script of a page sends back for an authenticator, and which browser a ceremony belongs to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext_lazy as _

from tmam.accounts.errors import PasskeyNotAcceptedError

REFUSED = {
    "expired": _("The page was open for too long. Try again now."),
    "replayed": _("That was sent twice. Try again."),
    "unknown": _("This passkey belongs to no account of ours, or to another one. Was it removed?"),
    "not_alone": _("This key is a second proof only. Sign in with your password first, then use the key."),
    "copied": _(
        "There may be a copy of this key, so we did not accept it. We have sent you a mail about it."
    ),
    "known": _("This key is in use already."),
    "full": _("You have as many keys as we keep. Remove one that you do not use any more."),
    "invalid": _("That did not work. Try again."),
}

LARGEST_CREDENTIAL = 20_000


class CredentialField(forms.JSONField):
    """A JSON object of the size that authenticators need."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """The object, or a refusal in words for everything else that JSON can be."""
        try:
            found = super().to_python(value) if len(value or "") <= LARGEST_CREDENTIAL else ""
        except RecursionError:  # a thousand brackets
            found = ""
        if found is not None and not isinstance(found, dict):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class AnswerForm(forms.Form):
    """An authenticator's answer with its ceremony, both put in by the script."""

    credential = CredentialField(
        error_messages={
            "required": _(
                "Your browser sent no passkey. Wait until the page has loaded, or use another way to sign in."
            ),
            "invalid": REFUSED["invalid"],
        },
    )
    ceremony = forms.CharField(
        widget=forms.HiddenInput,
        max_length=2_000,
        error_messages={"required": REFUSED["invalid"]},
    )

    @property
    def answer(self) -> dict[str, Any]:
        """Credential and token, as the verbs of `tmam.accounts.passkeys` take them."""
        return {"credential": self.cleaned_data["credential"], "token": self.cleaned_data["ceremony"]}


class NewKeyForm(AnswerForm):
    """A new key with its name."""

    name = forms.CharField(
        label=_("Name"),
        max_length=60,
        help_text=_("So that you know it again in your list."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    field_order = ("name", "credential", "ceremony")


class NameForm(forms.Form):
    """Another name for a key."""

    name = NewKeyForm.base_fields["name"]


def browser_of(request: HttpRequest) -> str:
    """A secret that only this browser and we know; it changes when somebody signs in."""
    get_token(request)  # makes one if there is none yet
    return str(request.META["CSRF_COOKIE"])


def first_error(form: forms.Form) -> str:
    """What to say about an answer that did not even have the right shape."""
    return str(next(iter(form.errors.values()))[0])


def refusal_words(error: PasskeyNotAcceptedError) -> str:
    """What a refusal means to the person."""
    return str(REFUSED[error.reason])
