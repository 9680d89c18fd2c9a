"""How one gets a ticket to the door, whatever one has: the same words in every letter."""

from __future__ import annotations

from django.utils.translation import gettext as _


def fetching_steps(*, live_only: bool = False) -> list[str]:
    """One sentence for each way, the simplest first; the last is for people with neither phone nor printer.

    `live_only`: the doors of this event admit only codes that change on a phone, so paper is no way.
    """
    if live_only:
        return [
            _(
                "The doors of this event admit only codes that change on a phone: paper and pictures do not count."
            ),
            _("Press the button above and put the tickets into the wallet that the page offers."),
            _(
                "No such phone? Say your booking reference and your name at the door, and bring a document with your name on it."
            ),
        ]
    return [
        _("On a phone: press the button above. The page offers what suits your phone, the wallet first."),
        _("On paper: print the PDF. Black and white is fine, and there is a large-print version."),
        _("With neither: say your booking reference and your name at the door. That is enough."),
    ]
