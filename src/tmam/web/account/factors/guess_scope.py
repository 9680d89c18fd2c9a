"""Who is trying a code: within a session, from a browser we know, or a stranger (see `tmam.accounts.guesses`)."""

from __future__ import annotations

from tmam.accounts.guesses import GuessScope
from tmam.web.account.factors.method import Asking


def guess_scope(asking: Asking) -> GuessScope:
    """The scope whose tries an attempt uses up."""
    return GuessScope.SIGNED_IN if asking.is_step_up else GuessScope.STRANGERS
