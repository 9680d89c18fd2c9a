"""Work done for nothing, so that the time an answer takes does not tell who has an account."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from tmam.accounts.happenings import Happening
from tmam.accounts.models import User
from tmam.accounts.security_log import record, visit_of


def save_decoy(request: HttpRequest, form: Any) -> None:
    """What making an account costs (one hash, the same rows), rolled back."""
    typed = form.cleaned_data
    adapter = get_adapter(request)
    with transaction.atomic():
        form.cleaned_data = {**typed, "email": f"{secrets.token_hex(16)}@decoy.invalid"}
        try:
            person = adapter.save_user(request, adapter.new_user(request), form)
            setup_user_email(request, person, [EmailAddress(email=person.email)])
            record(person.pk, Happening.JOINED, now=timezone.now(), visit=visit_of(request))
        finally:
            form.cleaned_data = typed
            transaction.set_rollback(True)


def look_up_nobody(times: int) -> None:
    """As many look-ups of a person as the page needs for one who exists."""
    for _ in range(times):
        User.objects.filter(pk=0).first()
