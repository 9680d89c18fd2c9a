"""Passkeys and security keys as a way to prove, and as a line of the security page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tmam.accounts.errors import PasskeyNotAcceptedError
from tmam.accounts.models import Passkey, User
from tmam.accounts.passkeys.change_passkey import keys_of
from tmam.accounts.passkeys.prove_by_passkey import begin_proof, prove_by_passkey
from tmam.accounts.passkeys.relying_party import are_passkeys_possible
from tmam.accounts.security_log import visit_of
from tmam.web.account.factors.method import Asking, OverviewRow, Proof, Words
from tmam.web.account.passkeys.answers import AnswerForm, browser_of, refusal_words

KIND = "webauthn"


class PasskeyMethod:
    """One of the person's keys answers a challenge. Nothing here can be guessed."""

    key = "passkey"
    other_way: Words = _("Use a passkey or security key")
    template = "account/factors/_passkey.html"
    can_be_guessed = False

    def is_had_by(self, user: User) -> bool:
        return Passkey.objects.filter(authenticator__user_id=user.pk).exists()

    def begin(self, asking: Asking, *, again: bool = False) -> dict[str, Any]:
        del again
        options, ceremony = begin_proof(
            asking.user.pk, browser=browser_of(asking.request), settings=settings.TMAM, now=asking.now
        )
        return {"passkey_options": {"options": options, "ceremony": ceremony}}

    def form(self, data: QueryDict | None = None) -> forms.Form:
        return AnswerForm(data)

    def check(self, asking: Asking, form: forms.Form) -> Proof | None:
        assert isinstance(form, AnswerForm)  # noqa: S101  # the form of this method, made above
        try:
            passkey = prove_by_passkey(
                asking.user.pk,
                **form.answer,
                browser=browser_of(asking.request),
                visit=visit_of(asking.request),
                settings=settings.TMAM,
                now=asking.now,
            )
        except PasskeyNotAcceptedError as error:
            messages.error(asking.request, refusal_words(error))
            return None
        return Proof(KIND, authenticator_id=passkey.pk)

    def wrong_words(self) -> Words:
        return _("That key was not accepted. Try again, or use another way.")


def passkey_row(user: User) -> OverviewRow | None:
    """How the keys stand."""
    keys = keys_of(user.pk)
    if not keys:
        if not are_passkeys_possible(settings.TMAM):
            return None
        return OverviewRow(
            _("Passkeys"),
            "shield-check",
            is_on=False,
            words=_(
                "Your finger, your face or your device's PIN. No password, and nothing that can be stolen."
            ),
            links=((reverse("account_passkey_add"), _("Set up")),),
            is_recommended=True,
        )
    used = [key.authenticator.last_used_at for key in keys if key.authenticator.last_used_at]
    return OverviewRow(
        _("Passkeys and security keys"),
        "shield-check",
        is_on=True,
        words=ngettext("%(count)d key", "%(count)d keys", len(keys)) % {"count": len(keys)},
        since=min(key.authenticator.created_at for key in keys),
        last_used_at=max(used, default=None),
        warning=_("There may be a copy of one of your keys. Look at the list.")
        if any(key.suspected_at for key in keys)
        else "",
        links=((reverse("account_passkeys"), _("Show")),),
    )
