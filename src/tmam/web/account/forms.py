"""allauth's forms in our manner: a label above each field, nothing in placeholders, the right keyboard.

Only the surface changes here; what a form accepts stays allauth's business.
"""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.socialaccount import forms as service_forms
from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.accounts.consent_texts import CURRENT_VERSION, MARKETING_TEXTS
from tmam.accounts.consents import answer_consent
from tmam.accounts.security_log import visit_of

PASSWORD_HINT = _("At least 10 characters. Three words that do not belong together are easy to remember.")


class PlainFields(forms.Form):
    """Takes placeholders out and gives the known fields their labels, hints and keyboards."""

    labels: dict[str, Any] = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "password1": _("Password"),
        "code": _("Code from the e-mail"),
    }
    hints: dict[str, Any] = {}
    left_out: tuple[str, ...] = ("password2",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.left_out:
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.update(_keyboard(name))


class LoginForm(PlainFields, allauth_forms.LoginForm):
    """Sign in."""


class SignupForm(PlainFields, allauth_forms.SignupForm):
    """Make an account."""

    hints = {
        "email": _("The one you buy tickets with. We send a code to it."),
        "password1": PASSWORD_HINT,
    }
    marketing = forms.BooleanField(required=False, label=cast("str", MARKETING_TEXTS[CURRENT_VERSION]))

    def save(self, request: HttpRequest) -> Any:
        """The account, and what its owner said about mails if they said yes. Silence is no, and needs no row."""
        user = super().save(request)
        if self.cleaned_data.get("marketing"):
            answer_consent(
                user.pk,
                is_given=True,
                language=get_language() or "en",
                place="signup",
                now=timezone.now(),
                visit=visit_of(request),
            )
        return user


class ServiceSignupForm(PlainFields, service_forms.SignupForm):
    """The sign-in service told no address: which one is yours?"""

    hints = {"email": _("The one you buy tickets with. We send a code to it.")}


class ResetPasswordForm(PlainFields, allauth_forms.ResetPasswordForm):
    """Forgot the password: which address?"""


class NewPasswordForm(PlainFields, allauth_forms.ResetPasswordKeyForm):
    """Forgot the password: the new one."""

    labels = PlainFields.labels | {"password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}


class ChangePasswordForm(PlainFields, allauth_forms.ChangePasswordForm):
    """Another password. The page asks for a fresh proof before, so the old one is not asked for again."""

    left_out = ("oldpassword", "password2")
    labels = PlainFields.labels | {"password1": _("New password")}
    hints = {"password1": PASSWORD_HINT}


class AddEmailForm(PlainFields, allauth_forms.AddEmailForm):
    """One more address."""

    labels = PlainFields.labels | {"email": _("Another e-mail address of yours")}
    hints = {"email": _("We send a code to it. Then tickets bought with it are in your account too.")}


class ChangeEmailForm(PlainFields, allauth_forms.ChangeEmailForm):
    """The address was mistyped at sign-up."""

    labels = PlainFields.labels | {"email": _("Right e-mail address")}


class EmailCodeForm(PlainFields, allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code that proves an address."""


class NewDeviceCodeForm(PlainFields, allauth_forms.ConfirmLoginCodeForm):
    """The code that makes a browser known."""


class ResetCodeForm(PlainFields, allauth_forms.ConfirmPasswordResetCodeForm):
    """The code that allows a new password."""


def _keyboard(field_name: str) -> dict[str, str]:
    if field_name == "login":  # browsers offer passkeys in this field too
        return {"inputmode": "email", "autocomplete": "username webauthn", "autocapitalize": "none"}
    if field_name == "email":
        return {"type": "email", "inputmode": "email", "autocomplete": "email", "autocapitalize": "none"}
    if field_name == "code":
        return {
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": "20",
            "class": "code-input",
        }
    return {}
