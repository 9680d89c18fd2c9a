"""Who has their tickets, in the words of the studio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tmam.fulfilment.download_share import DownloadShare
from tmam.web.me.form_words import FORM_WORDS


@dataclass(frozen=True)
class ShownShare:
    """A share with its forms named, the most used first."""

    tickets: int
    fetched: int
    missing: int
    percent: int
    in_devices: int
    forms: Sequence[tuple[str, int]]


def shown_share(share: DownloadShare) -> ShownShare:
    """Forms that have no words (an old program's) are called by their name."""
    forms = sorted(share.by_form.items(), key=lambda form: (-form[1], form[0]))
    return ShownShare(
        tickets=share.tickets,
        fetched=share.fetched,
        missing=share.missing,
        percent=share.percent,
        in_devices=share.in_devices,
        forms=[
            (str(FORM_WORDS[name].title) if name in FORM_WORDS else name, tickets) for name, tickets in forms
        ],
    )
