"""The authenticator app as a way to prove, and as a line of the security page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tmam.accounts.models import User
from tmam.accounts.totp import accept_code, app_of
from tmam.web.account.factors.method import (
    NUMERIC,
    Asking,
    CodeField,
    CodeForm,
    OverviewRow,
    Proof,
    Words,
)

KIND = "totp"


class AppMethod:
    """A code from the app."""

    key = "app"
    other_way: Words = _("Use the authenticator app")
    template = "account/factors/_app.html"
    can_be_guessed = True

    def is_had_by(self, user: User) -> bool:
        return app_of(user.pk) is not None

    def begin(self, asking: Asking, *, again: bool = False) -> dict[str, Any]:
        del asking, again
        return {}

    def form(self, data: QueryDict | None = None) -> forms.Form:
        look = CodeField(_("Code from the app"), _("6 digits. It changes every 30 seconds."), NUMERIC)
        return CodeForm(data, look)

    def check(self, asking: Asking, form: forms.Form) -> Proof | None:
        app = accept_code(asking.user.pk, form.cleaned_data["code"], now=asking.now)
        return Proof(KIND, authenticator_id=app.pk) if app else None

    def wrong_words(self) -> Words:
        return _(
            "That code is not right, or it was used before. Wait for the next one in the app and type it."
        )


def app_row(user: User) -> OverviewRow:
    """How the app stands."""
    app = app_of(user.pk)
    if app is None:
        return OverviewRow(
            _("Authenticator app"),
            "smartphone",
            is_on=False,
            words=_("An app on your phone shows a new code every 30 seconds. It works without a network."),
            links=((reverse("account_app_set_up"), _("Set up")),),
        )
    return OverviewRow(
        _("Authenticator app"),
        "smartphone",
        is_on=True,
        since=app.created_at,
        last_used_at=app.last_used_at,
        links=((reverse("account_app_remove"), _("Remove")),),
    )
