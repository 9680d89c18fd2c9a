"""What "this was not me" undid, in words: for the letter, the page and the support desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Final[Mapping[str, Promise]] = {
    "main_address": _("The main e-mail address is again the one of before."),
    "addresses": _("E-mail addresses that were added are removed."),
    "addresses_restored": _("E-mail addresses that were removed are back."),
    "apps": _("An authenticator app that was added is removed."),
    "passkeys": _("Passkeys and security keys that were added are removed."),
    "phones": _("The phone number for codes is as it was before."),
    "services": _("Sign-in services that were connected are removed."),
    "username": _("The user name is as it was before."),
    "recovery_codes": _("Recovery codes that were made are worthless. Make new ones."),
    "requests": _("Requests for help with signing in are stopped."),
    "services_lost": _("A sign-in service was taken off. Connect it again when you are in."),
    "addresses_lost": _("An e-mail address was taken away, and we cannot bring it back by ourselves."),
    "factors_lost": _("An app or key of yours was removed, and nobody can bring it back. Set it up anew."),
}


def taken_back_words(counts: Mapping[str, int]) -> list[str]:
    """One sentence for each kind."""
    return [str(words) for kind, words in WORDS.items() if counts.get(kind)]
