"""A fresh proof of who one is, without the way through the page."""

from __future__ import annotations

import time

from django.test import Client

from tmam.accounts.factors import has_second_factor
from tmam.accounts.models import User


def prove_freshly(client: Client, person: User) -> None:
    """As if the signed-in person had proven it just now, by a second factor if they have one."""
    session = client.session
    session["account_authentication_methods"] = [
        {
            "method": "mfa" if has_second_factor(person.pk) else "password",
            "at": time.time(),
            "reauthenticated": True,
        }
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
