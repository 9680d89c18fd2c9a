"""A fresh proof of who one is, without the way through the page."""

from __future__ import annotations

import time

from django.test import Client

from tmam.accounts.models import User


def prove_freshly(client: Client, person: User) -> None:
    """As if the signed-in person had typed the password just now."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
