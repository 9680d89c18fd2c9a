"""The words of our text messages."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _


def code_text(digits: str, *, host: str, language: str) -> str:
    """The message that brings a code. Its last line binds the code to our origin, so phones fill it in only there.

    Source: https://wicg.github.io/sms-one-time-codes/. Short, and in Spanish without acute accents: another
    alphabet would cost two messages.
    """
    with translation.override(language):
        words = _("tmam: %(code)s is your code. It works for 10 minutes. Give it to nobody.") % {
            "code": digits
        }
    return f"{words}\n\n@{host} #{digits}"
