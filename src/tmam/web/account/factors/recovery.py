"""A recovery code as a way to prove, and the codes as a line of the security page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tmam.accounts.happenings import Happening
from tmam.accounts.models import User
from tmam.accounts.recovery_codes import codes_left, use_code
from tmam.accounts.security_log import record, visit_of
from tmam.web.account.factors.method import Asking, CodeField, CodeForm, OverviewRow, Proof, Words

KIND = "recovery_codes"


class RecoveryMethod:
    """A code from the paper. Using one is news: to the owner by mail, too."""

    key = "recovery"
    other_way: Words = _("Use a recovery code")
    template = "account/factors/_recovery.html"
    can_be_guessed = True

    def is_had_by(self, user: User) -> bool:
        stand = codes_left(user.pk)
        return stand is not None and stand.left > 0

    def begin(self, asking: Asking, *, again: bool = False) -> dict[str, Any]:
        del asking, again
        return {}

    def form(self, data: QueryDict | None = None) -> forms.Form:
        look = CodeField(
            _("Recovery code"),
            _("10 letters and digits, one of those that you put away. Each works once."),
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
        )
        return CodeForm(data, look)

    def check(self, asking: Asking, form: forms.Form) -> Proof | None:
        if not use_code(asking.user.pk, form.cleaned_data["code"], now=asking.now):
            return None
        stand = codes_left(asking.user.pk)
        record(
            asking.user.pk,
            Happening.RECOVERY_CODE_USED,
            now=asking.now,
            visit=visit_of(asking.request),
            details={"left": stand.left if stand else 0},
        )
        return Proof(KIND)

    def wrong_words(self) -> Words:
        return _(
            "That is none of your recovery codes, or it was used before. Take the next one on your list."
        )


def recovery_row(user: User) -> OverviewRow | None:
    """How the codes stand; None for whom they would replace nothing."""
    stand = codes_left(user.pk)
    make = (reverse("account_codes_make"), _("Make new ones"))
    if stand is None:
        return None
    warning: Words = ""
    if not stand.are_kept:
        warning = _("You have not told us that you put them away. Make new ones and keep them safe.")
    elif stand.are_few:
        warning = _("Make new ones before you run out.")
    return OverviewRow(
        _("Recovery codes"),
        "file-text",
        is_on=stand.left > 0,
        words=ngettext("%(left)d code left", "%(left)d codes left", stand.left) % {"left": stand.left},
        since=stand.made_at,
        last_used_at=stand.last_used_at,
        warning=warning,
        links=(make,),
    )
