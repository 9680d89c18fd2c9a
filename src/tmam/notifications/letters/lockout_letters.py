"""The letters about pauses: somebody guesses, here is the way in for the owner; the pause is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tmam.accounts.unlock_links import UnlockLink, sign_unlock_link
from tmam.notifications.letter import Letter, button, facts, small, text
from tmam.notifications.when_words import moment_words


def account_locked(found: Mapping[str, Any]) -> Letter:
    """Signing in was paused: what happened, what it means, how to get in at once."""
    link = UnlockLink(int(found["user_id"]), found["key"], int(found["lock_number"]))
    return Letter(
        subject=_("Signing in to your account is paused"),
        preview=_("A wrong password was typed several times. If it was you, end the pause here."),
        title=_("Signing in to your account is paused"),
        blocks=[
            text(
                _(
                    "A wrong password or code was typed for your account several times in a row. So that nobody can go on guessing, we let nobody try for a while."
                )
            ),
            facts([(_("When"), moment_words(datetime.fromisoformat(found["at"]), "UTC"))]),
            text(_("Was it you? Then end the pause and sign in:")),
            button(_("End the pause"), f"{settings.SITE_ORIGIN}/accounts/unlock/?t={sign_unlock_link(link)}"),
            text(
                _(
                    "Was it not you? Then you need do nothing: nobody got in, and your tickets are as they were. A password that you use nowhere else keeps it so."
                )
            ),
            small(_("The link works once, for 24 hours. Nobody from tmam will ever ask you for it.")),
        ],
    )


def account_unlocked(found: Mapping[str, Any]) -> Letter:
    """The pause was ended, by the owner's link or by our staff."""
    if found.get("by_staff"):
        words = _("Our staff ended the pause of your account. You can sign in again.")
    else:
        words = _("The pause of your account was ended with the link from our e-mail. You can sign in again.")
    return Letter(
        subject=_("You can sign in again"),
        preview=_("The pause of your account is over."),
        title=_("You can sign in again"),
        blocks=[
            text(words),
            facts([(_("When"), moment_words(datetime.fromisoformat(found["at"]), "UTC"))]),
            button(_("Sign in"), f"{settings.SITE_ORIGIN}/accounts/login/"),
            text(_("It was not you? Then choose a new password at once and write to us.")),
        ],
    )
