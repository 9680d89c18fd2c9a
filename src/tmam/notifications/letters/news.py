"""The shape of every letter that tells an owner what was done to their account, and from where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tmam.notifications.letter import Block, Letter, button, facts, text
from tmam.notifications.when_words import moment_words


def news(title: str, words: Sequence[str], found: Mapping[str, Any]) -> Letter:
    """What happened, when and from where, and what to do if it was somebody else."""
    return Letter(title, _("If it was not you, act now."), title, [*map(text, words), *_from_where(found)])


def _from_where(found: Mapping[str, Any]) -> list[Block]:
    at = found.get("timestamp")
    return [
        facts(
            [
                (_("When"), moment_words(datetime.fromisoformat(at), "UTC") if at else ""),
                (_("From the network address"), str(found.get("ip", ""))),
                (_("Browser"), str(found.get("user_agent", ""))),
            ]
        ),
        text(_("It was not you? Then choose a new password at once and write to us.")),
        button(_("Choose a new password"), f"{settings.SITE_ORIGIN}/accounts/password/reset/"),
    ]
