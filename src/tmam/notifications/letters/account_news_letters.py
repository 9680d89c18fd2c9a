"""News of what happened to how somebody signs in; the happenings are listed in `tmam.notifications.account_news`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tmam.notifications.letter import Letter, code, small, text
from tmam.notifications.letters.news import news as _news
from tmam.notifications.when_words import moment_words

Facts = Mapping[str, Any]

KIND_WORDS = {
    "totp": gettext_lazy("Authenticator app"),
    "webauthn": gettext_lazy("Passkey or security key"),
    "sms": gettext_lazy("Codes by SMS"),
}


def step_up_code(found: Facts) -> Letter:
    """The code that proves once more who one is, for accounts without a password."""
    return Letter(
        subject=_("%(code)s is your code for tmam") % {"code": found["code"]},
        preview=_("Type it in the page that is open."),
        title=_("It is you, once more"),
        blocks=[
            text(_("Type this code in the page that is open:")),
            code(found["code"]),
            text(_("It works for 15 minutes.")),
            text(_("Nobody from tmam will ever ask you for this code.")),
            small(
                _(
                    "You did not ask for this? Then somebody is signed in to your account. Sign out everywhere and write to us."
                )
            ),
        ],
    )


def factor_added(found: Facts) -> Letter:
    """One more factor."""
    title = _("A second step was added to your account")
    words = _("From now on you sign in with a second step: %(kind)s.") % {"kind": _kind(found)}
    return _news(title, [words], found)


def factor_removed(found: Facts) -> Letter:
    """One factor less."""
    title = _("A second step was removed from your account")
    return _news(title, [_("You no longer sign in with: %(kind)s.") % {"kind": _kind(found)}], found)


def recovery_codes_made(found: Facts) -> Letter:
    """Ten new codes, the old ones void."""
    words = _("Your account has new recovery codes. Those from before do not work any more: throw them away.")
    return _news(_("You have new recovery codes"), [words], found)


def recovery_code_used(found: Facts) -> Letter:
    """Somebody who has the list was here."""
    left = int(found.get("left", 0))
    words = [
        _("One of your recovery codes was used in the place of your second step."),
        ngettext("%(left)d code is left.", "%(left)d codes are left.", left) % {"left": left},
    ]
    if left <= 2:
        words.append(_("Make new ones in your account, under Security, before you run out."))
    return _news(_("A recovery code was used"), words, found)


def codes_paused(found: Facts) -> Letter:
    """Somebody is guessing."""
    words = [_("Somebody typed many wrong codes for your account. They may know your password.")]
    if until := found.get("until"):
        words.append(
            _("We look at no more codes until %(until)s. Wherever you are signed in, you stay so.")
            % {"until": moment_words(datetime.fromisoformat(until), "UTC")}
        )
    words.append(_("If it was you: wait, or use a passkey if you have one."))
    return _news(_("Many wrong codes for your account"), words, found)


NEWS_LETTERS: Mapping[str, Callable[[Facts], Letter]] = {
    "step_up_code": step_up_code,
    "factor_added": factor_added,
    "factor_removed": factor_removed,
    "recovery_codes_made": recovery_codes_made,
    "recovery_code_used": recovery_code_used,
    "codes_paused": codes_paused,
}


def _kind(found: Facts) -> str:
    return str(KIND_WORDS.get(str(found.get("kind")), found.get("kind", "")))
