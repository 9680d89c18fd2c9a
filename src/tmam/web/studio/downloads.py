"""Who has their tickets, in the words of the studio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tmam.fulfilment.download_share import DownloadShare
from tmam.web.me.form_words import FORM_WORDS

# As `fulfilment.protect_files` counts what one page makes.
_PROTECTED: Final[Mapping[str, Promise]] = {
    "pdf-protected": _("PDF with a password"),
    "pdf-signed": _("Signed PDF"),
}


@dataclass(frozen=True)
class ShownShare:
    """A share with its forms named, the most used first. `in_devices` live in a phone now, so that form has no line of its own."""

    tickets: int
    fetched: int
    missing: int
    percent: int
    in_devices: int
    forms: Sequence[tuple[str, int]]


def shown_share(share: DownloadShare) -> ShownShare:
    """Forms that have no words (an old program's) are called by their name."""
    # Who took a ticket out of the phone again has it in another form: only those in phones now are told.
    forms = sorted(
        ((name, tickets) for name, tickets in share.by_form.items() if name != "wallet"),
        key=lambda form: (-form[1], form[0]),
    )
    return ShownShare(
        tickets=share.tickets,
        fetched=share.fetched,
        missing=share.missing,
        percent=share.percent,
        in_devices=share.in_devices,
        forms=[(_title(name), tickets) for name, tickets in forms],
    )


def _title(name: str) -> str:
    if name in _PROTECTED:
        return str(_PROTECTED[name])
    return str(FORM_WORDS[name].title) if name in FORM_WORDS else name
