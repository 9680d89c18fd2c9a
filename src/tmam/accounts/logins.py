"""What people type to say who they are: an e-mail address or a user name, and whose it is."""

from __future__ import annotations

import unicodedata

from tmam.accounts.models import User
from tmam.platform.statements import Verb, run_verb, statement


def normal_login(typed: str) -> str:
    """One form for every way of typing the same login."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def person_of_login(typed: str) -> User | None:
    """Whose login this is. Two statements, whether there is such a person or not."""
    user_id = run_verb(_person_of_login(normal_login(typed)))
    return User.objects.filter(pk=user_id or 0).first()


def logins_of_person(user_id: int) -> list[str]:
    """Every login of one person, in normal form."""
    return run_verb(_logins_of_person(user_id))


def _person_of_login(login: str) -> Verb[int | None]:
    rows = yield statement("tmam.accounts", "person_of_login"), (login.replace("\0", ""),)
    return int(rows[0][0]) if rows else None


def _logins_of_person(user_id: int) -> Verb[list[str]]:
    rows = yield statement("tmam.accounts", "logins_of_person"), (user_id,)
    return [normal_login(row[0]) for row in rows]
