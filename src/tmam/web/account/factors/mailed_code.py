"""A code by e-mail as a way to prove once more, for accounts without a password and without a second factor."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.accounts.models import User
from tmam.kernel.typed_codes import typed_digits
from tmam.notifications.compose import ACCOUNT_PREFIX
from tmam.notifications.queue_mail import queue_mail
from tmam.web.account.factors.method import NUMERIC, Asking, CodeField, CodeForm, Proof, Words

SESSION_KEY = "mailed_proof"
VALID_FOR = timedelta(minutes=15)
# A second mail may be asked for after so long.
PATIENCE = timedelta(seconds=60)
MOST_TRIES = 3


class MailedCodeMethod:
    """Six digits, sent when the form is shown; the session keeps only their keyed hash."""

    key = "mail"
    other_way: Words = _("Use a code by e-mail")
    template = "account/factors/_mailed_code.html"
    can_be_guessed = True

    def is_had_by(self, user: User) -> bool:
        return _address_of(user) is not None

    def begin(self, asking: Asking, *, again: bool = False) -> dict[str, Any]:
        sent_at = _sent_at(asking.request)
        age = None if sent_at is None else asking.now - sent_at
        is_ripe = age is None or age > (PATIENCE if again else VALID_FOR)
        if is_ripe or _tries(asking.request) >= MOST_TRIES:
            _send(asking)
        return {"email": _address_of(asking.user)}

    def form(self, data: QueryDict | None = None) -> forms.Form:
        return CodeForm(data, CodeField(_("Code from the e-mail"), attrs=NUMERIC))

    def check(self, asking: Asking, form: forms.Form) -> Proof | None:
        state = asking.request.session.get(SESSION_KEY)
        sent_at = _sent_at(asking.request)
        if state is None or sent_at is None or asking.now - sent_at > VALID_FOR:
            return None
        state["tries"] += 1
        asking.request.session[SESSION_KEY] = state
        typed = typed_digits(form.cleaned_data["code"])
        if state["tries"] > MOST_TRIES or not constant_time_compare(
            state["digest"], _digest(asking.user, typed)
        ):
            return None
        del asking.request.session[SESSION_KEY]
        return Proof("mailed_code", is_second_factor=False)

    def wrong_words(self) -> Words:
        return _("That is not the code we sent. Check the newest mail and type it again.")


def _send(asking: Asking) -> None:
    code = f"{secrets.randbelow(1_000_000):06d}"
    asking.request.session[SESSION_KEY] = {
        "digest": _digest(asking.user, code),
        "sent_at": asking.now.timestamp(),
        "tries": 0,
    }
    address = _address_of(asking.user)
    if address is not None:
        queue_mail(
            cause=f"account:step_up_code:{secrets.token_hex(12)}",
            template=f"{ACCOUNT_PREFIX}step_up_code",
            to=address,
            language=get_language() or "en",
            now=asking.now,
            context={"code": code},
        )


def _address_of(user: User) -> str | None:
    address = EmailAddress.objects.filter(user_id=user.pk, verified=True).order_by("-primary", "pk").first()
    return str(address.email) if address else None


def _sent_at(request: HttpRequest) -> datetime | None:
    state = request.session.get(SESSION_KEY)
    return None if state is None else datetime.fromtimestamp(state["sent_at"], tz=UTC)


def _tries(request: HttpRequest) -> int:
    return int(request.session.get(SESSION_KEY, {}).get("tries", 0))


def _digest(user: User, digits: str) -> str:
    return salted_hmac("tmam.mailed_proof", f"{user.pk}:{digits}", algorithm="sha256").hexdigest()
