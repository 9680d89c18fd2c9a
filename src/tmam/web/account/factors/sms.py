"""A code by SMS as a way to prove, and as a line of the security page. The weakest of the factors, and said to be."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.accounts.errors import TooManySmsError
from tmam.accounts.models import User
from tmam.accounts.security_log import visit_of
from tmam.accounts.sms.codes import Wanted, is_code_spent, send_code
from tmam.accounts.sms.numbers import masked, readable
from tmam.accounts.sms.phones import phone_of, prove_by_phone
from tmam.accounts.sms.senders import is_sms_offered
from tmam.web.account.factors.method import NUMERIC, Asking, CodeField, CodeForm, OverviewRow, Proof, Words

KIND = "sms"
SESSION_KEY = "sms_proof"
# Another message may be asked for after so long.
PATIENCE = timedelta(seconds=30)


class SmsMethod:
    """Six digits, sent when the form is shown, good in this session only."""

    key = "sms"
    other_way: Words = _("Use a code by SMS")
    template = "account/factors/_sms.html"
    can_be_guessed = True

    def is_had_by(self, user: User) -> bool:
        return is_sms_offered(settings.TMAM) and phone_of(user.pk) is not None

    def begin(self, asking: Asking, *, again: bool = False) -> dict[str, Any]:
        phone = phone_of(asking.user.pk)
        if phone is None:  # removed in another browser, this moment
            return {}
        context = {"number": masked(phone.number), "was_sent": True}
        if not self._is_due(asking, again=again):
            return context
        wanted = Wanted(asking.user.pk, phone.number, "prove", get_language() or "en")
        try:
            code_id = send_code(
                wanted, visit=visit_of(asking.request), settings=settings.TMAM, now=asking.now
            )
        except TooManySmsError as refusal:
            return context | {"was_sent": False, "free_in": timedelta(seconds=refusal.retry_after_s)}
        asking.request.session[SESSION_KEY] = [str(code_id), asking.now.timestamp()]
        return context

    def form(self, data: QueryDict | None = None) -> forms.Form:
        return CodeForm(data, CodeField(_("Code from the SMS"), attrs=NUMERIC))

    def check(self, asking: Asking, form: forms.Form) -> Proof | None:
        code_id, _sent_at = self._sent(asking)
        if code_id is None:
            return None
        is_right = prove_by_phone(asking.user.pk, code_id, form.cleaned_data["code"], now=asking.now)
        if not is_right:
            return None
        del asking.request.session[SESSION_KEY]
        return Proof(KIND)

    def wrong_words(self) -> Words:
        return _("That is not the code we sent, or it is too old. Look at the newest SMS and type it again.")

    def _is_due(self, asking: Asking, *, again: bool) -> bool:
        code_id, sent_at = self._sent(asking)
        if code_id is None or is_code_spent(code_id, user_id=asking.user.pk, now=asking.now):
            return True
        return again and asking.now - sent_at > PATIENCE

    def _sent(self, asking: Asking) -> tuple[uuid.UUID | None, datetime]:
        code_id, sent_at = asking.request.session.get(SESSION_KEY, (None, 0))
        return uuid.UUID(code_id) if code_id else None, datetime.fromtimestamp(sent_at, UTC)


def sms_row(user: User) -> OverviewRow | None:
    """How the number stands."""
    if not is_sms_offered(settings.TMAM):
        return None
    phone = phone_of(user.pk)
    if phone is None:
        return OverviewRow(
            _("Codes by SMS"),
            "smartphone",
            is_on=False,
            words=_("Better than a password alone, but the weakest of these: messages can be redirected."),
            links=((reverse("account_phone"), _("Set up")),),
        )
    return OverviewRow(
        _("Codes by SMS"),
        "smartphone",
        is_on=True,
        words=readable(phone.number),
        since=phone.added_at,
        last_used_at=phone.last_used_at,
        links=((reverse("account_phone"), _("Change")),),
    )
