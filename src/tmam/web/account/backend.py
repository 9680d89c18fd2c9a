"""Signing in with address or user name and password: one look-up and one hash, whoever is or isn't found.

allauth's own backend looks a login up as address, as user name and as address again, and hashes each time it finds
somebody: the time would tell who has an account.
"""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from tmam.accounts.logins import person_of_login
from tmam.accounts.models import User


class SignInBackend(AuthenticationBackend):
    """allauth's backend with our look-up; without a person, allauth hashes the password for nothing."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        del request
        person = person_of_login(login_of(credentials))
        checked: User | None = self._check_password(person, credentials.get("password") or "")
        return checked


def login_of(credentials: dict[str, Any]) -> str:
    """What was typed as login: allauth passes it on as one or both of these."""
    return str(credentials.get("email") or credentials.get("username") or "")
