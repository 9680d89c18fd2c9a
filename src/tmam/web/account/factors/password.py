"""The password as a way to prove once more, for whoever has no second factor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.hashers import check_password
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tmam.accounts.models import User
from tmam.accounts.passwords import MAX_LENGTH
from tmam.web.account.factors.method import Asking, Proof, Words


class PasswordForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        label=_("Password"),
        max_length=MAX_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordMethod:
    """The present password."""

    key = "password"
    other_way: Words = _("Use your password")
    template = "account/factors/_password.html"
    can_be_guessed = True

    def is_had_by(self, user: User) -> bool:
        return user.has_usable_password()

    def begin(self, asking: Asking, *, again: bool = False) -> dict[str, Any]:
        del asking, again
        return {}

    def form(self, data: QueryDict | None = None) -> forms.Form:
        return PasswordForm(data)

    def check(self, asking: Asking, form: forms.Form) -> Proof | None:
        # Not `user.check_password`: that would store a hash made with older costs anew, and end this very session.
        is_right = check_password(form.cleaned_data["password"], asking.user.password)
        return Proof("password", is_second_factor=False) if is_right else None

    def wrong_words(self) -> Words:
        return _("That is not your password. Try again.")
