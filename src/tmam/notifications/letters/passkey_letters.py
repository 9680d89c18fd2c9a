"""News of passkeys, security keys and phone numbers that open an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tmam.notifications.letter import Letter
from tmam.notifications.letters.news import news

Facts = Mapping[str, Any]


def passkey_added(found: Facts) -> Letter:
    """One more key opens the account."""
    if found.get("is_passkey"):
        title = _("A passkey was added to your account")
        words = _("It is enough to sign in: no password is asked for.")
    else:
        title = _("A security key was added to your account")
        words = _("We ask for it after your password.")
    return news(title, [words], found)


def passkey_removed(found: Facts) -> Letter:
    """One key less."""
    title = (
        _("A passkey was removed from your account")
        if found.get("is_passkey")
        else _("A security key was removed from your account")
    )
    return news(title, [_("It does not open your account any more.")], found)


def passkey_cloned(found: Facts) -> Letter:
    """A key counted backwards: there are two of it."""
    words = [
        _("Somebody used one of your passkeys or security keys out of turn. There may be a copy of it."),
        _("We refused it. Remove that key in your account, under Security, and set up a new one."),
    ]
    return news(_("One of your keys may have been copied"), words, found)


def phone_added(found: Facts) -> Letter:
    """Codes go to a number."""
    words = _("From now on we can send codes to the number ending in %(end)s.") % {
        "end": found.get("ends_in", "")
    }
    return news(_("A phone number was added to your account"), [words], found)


def phone_removed(found: Facts) -> Letter:
    """Codes go there no more."""
    words = _("We send no more codes to the number ending in %(end)s.") % {"end": found.get("ends_in", "")}
    return news(_("A phone number was removed from your account"), [words], found)


PASSKEY_LETTERS: Mapping[str, Callable[[Facts], Letter]] = {
    "passkey_added": passkey_added,
    "passkey_removed": passkey_removed,
    "passkey_cloned": passkey_cloned,
    "phone_added": phone_added,
    "phone_removed": phone_removed,
}
