"""Who is trying a code: within a session, from a browser we know, or a stranger (see `tmam.accounts.guesses`)."""

from __future__ import annotations

from tmam.accounts.device_cookie import is_trusted_browser
from tmam.accounts.guesses import GuessScope
from tmam.web.account.factors.method import Asking


def guess_scope(asking: Asking) -> GuessScope:
    """The scope whose tries an attempt uses up."""
    if asking.is_step_up:
        return GuessScope.SIGNED_IN
    if is_trusted_browser(asking.request, asking.user.pk, now=asking.now):
        return GuessScope.KNOWN_BROWSERS
    return GuessScope.STRANGERS
