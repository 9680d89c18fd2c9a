"""allauth's forms in our manner: a label above each field, nothing in placeholders, the right keyboard.

Only the surface changes here; what a form accepts stays allauth's business.
"""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from typing import Any, cast

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import is_login_rate_limited
from allauth.account.internal.flows.password_reset_by_code import PASSWORD_RESET_VERIFICATION_SESSION_KEY
from allauth.account.models import Login
from allauth.core import context, ratelimit
from allauth.socialaccount import forms as service_forms
from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.accounts.consent_texts import CURRENT_VERSION, MARKETING_TEXTS
from tmam.accounts.consents import answer_consent
from tmam.accounts.lockout import Purpose
from tmam.accounts.logins import normal_login, person_of_login
from tmam.accounts.models import User
from tmam.accounts.security_log import visit_of
from tmam.kernel.typed_codes import letters_and_digits
from tmam.web.account.decoys import look_up_nobody, save_decoy
from tmam.web.account.guarding import count_mail, guarded, refuse_if_sign_in_is_paused
from tmam.web.account.puzzle import WithPuzzle
from tmam.web.plain_words import LONGEST_EMAIL, limit_length

PASSWORD_HINT = _("At least 10 characters. Three words that do not belong together are easy to remember.")


class PlainFields(forms.Form):
    """Takes placeholders out and gives the known fields their labels, hints and keyboards."""

    labels: dict[str, Any] = {
        "login": _("E-mail address or user name"),
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
            if isinstance(field, forms.EmailField):
                limit_length(field, LONGEST_EMAIL)


class GuardedCode(forms.Form):
    """A field `code` whose guesses are counted for the address that the code was sent to."""

    def clean_code(self) -> str:
        """Compare, unless too many were wrong.

        Raises:
            PausedError: too many were wrong.
        """
        problems: list[forms.ValidationError] = []
        self.cleaned_data["code"] = letters_and_digits(self.cleaned_data["code"])

        def check() -> str | None:
            try:
                return str(super(GuardedCode, self).clean_code())  # type: ignore[misc]  # allauth's, beside us
            except forms.ValidationError as error:
                problems.append(error)
                return None

        code = guarded(context.request, Purpose.CODE, self.address(), check)
        if code is None:
            raise problems[0]
        return code

    def address(self) -> str:
        """The address that the code was sent to."""
        raise NotImplementedError


class LoginForm(WithPuzzle, PlainFields, allauth_forms.LoginForm):
    """Sign in."""

    puzzle_login_field = "login"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit_length(self.fields["login"], LONGEST_EMAIL)

    def _clean_with_password(self, credentials: dict[str, Any]) -> dict[str, Any]:
        """As allauth, except for an unproven address that got a code moments ago, in another browser.

        allauth would say "too often". The right password leads to the page of the code, with one that works here;
        our own count of mails keeps anybody from having an address flooded.
        """
        adapter = get_adapter(self.request)
        user = adapter.authenticate(self.request, **credentials)
        if user is None:
            raise adapter.validation_error("email_password_mismatch")
        self.user, self._login = user, Login(user=user, email=credentials.get("email"))
        if is_login_rate_limited(context.request, self._login):
            count_mail(context.request, self._login.email)
            ratelimit.clear(context.request, action="confirm_email", key=self._login.email.lower())
            messages.info(
                context.request,
                _("We sent you a code moments ago. In this browser the one in the newest mail works."),
            )
        return self.cleaned_data


class SignupForm(WithPuzzle, PlainFields, allauth_forms.SignupForm):
    """Make an account."""

    hints = {
        "email": _("The one you buy tickets with. We send a code to it."),
        "password1": PASSWORD_HINT,
    }
    account_already_exists: bool
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

    def try_save(self, request: HttpRequest) -> tuple[User | None, Any]:
        """Make the account; for an address that has one, do the same work and keep nothing of it."""
        count_mail(request, self.cleaned_data["email"])
        if self.account_already_exists:
            save_decoy(request, self)
        try:
            with transaction.atomic():
                saved: tuple[User | None, Any] = super().try_save(request)
        except IntegrityError:
            if not User.objects.filter(email__iexact=self.cleaned_data["email"]).exists():
                raise
            # Somebody else's form, or a second tap, was quicker by a blink: now the address has an account.
            self.account_already_exists = True
            saved = super().try_save(request)
        return saved


class ServiceSignupForm(PlainFields, service_forms.SignupForm):
    """The sign-in service told no address: which one is yours?"""

    hints = {"email": _("The one you buy tickets with. We send a code to it.")}


class ResetPasswordForm(WithPuzzle, PlainFields, allauth_forms.ResetPasswordForm):
    """Forgot the password: which address?"""

    def clean_email(self) -> str:
        """Find the account with the same statements whether there is one or not."""
        email = normal_login(self.cleaned_data["email"])
        count_mail(context.request, email)
        person = person_of_login(email)
        self.users = [person] if person and person.is_active else []
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Send the mail. Without an account the session names nobody, in the same words as it would name somebody."""
        email: str = super().save(request, **kwargs)
        request.session[PASSWORD_RESET_VERIFICATION_SESSION_KEY].setdefault("user_id", "0")
        return email


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

    def clean_email(self) -> str:
        """An address that may be somebody else's: the mail to it is counted like every other."""
        email = str(super().clean_email())
        count_mail(context.request, email)
        return email


class ChangeEmailForm(PlainFields, allauth_forms.ChangeEmailForm):
    """The address was mistyped at sign-up."""

    labels = PlainFields.labels | {"email": _("Right e-mail address")}


class EmailCodeForm(GuardedCode, PlainFields, allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code that proves an address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user is None:
            look_up_nobody(2)

    def address(self) -> str:
        return str(self.email)


class NewDeviceCodeForm(GuardedCode, PlainFields, allauth_forms.ConfirmLoginCodeForm):
    """The code that makes a browser known."""

    def address(self) -> str:
        return str(context.request._login_stage.login.user.email)  # noqa: SLF001 - allauth hands it over there


class ResetCodeForm(GuardedCode, PlainFields, allauth_forms.ConfirmPasswordResetCodeForm):
    """The code that allows a new password."""

    def address(self) -> str:
        return str(context.request.session[PASSWORD_RESET_VERIFICATION_SESSION_KEY]["email"])


class AskForCodeForm(WithPuzzle, PlainFields, allauth_forms.RequestLoginCodeForm):
    """Sign in without a password: which address?"""

    def clean_email(self) -> str:
        """Find the account with the same statements whether there is one or not."""
        email = normal_login(self.cleaned_data["email"])
        refuse_if_sign_in_is_paused(context.request, email)
        count_mail(context.request, email)
        person = person_of_login(email)
        self._user = person if person and person.is_active else None
        return email


class SignInCodeForm(GuardedCode, PlainFields, allauth_forms.ConfirmLoginCodeForm):
    """The code that signs in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if context.request._login_stage.login.user is None:  # noqa: SLF001 - allauth hands it over there
            look_up_nobody(1)

    def address(self) -> str:
        return str(context.request._login_stage.state["email"])  # noqa: SLF001 - allauth hands it over there


def _keyboard(field_name: str) -> dict[str, str]:
    if field_name == "login":  # browsers offer passkeys in this field too
        return {
            "type": "text",
            "inputmode": "email",
            "autocomplete": "username webauthn",
            "autocapitalize": "none",
            "spellcheck": "false",
        }
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
