"""How one gets a ticket to the door, whatever one has: the same words in every letter."""

from __future__ import annotations

from django.utils.translation import gettext as _


def fetching_steps() -> list[str]:
    """One sentence for each way, the simplest first; the last is for people with neither phone nor printer."""
    return [
        _("On a phone: press the button above. The page offers what suits your phone, the wallet first."),
        _("On paper: print the PDF. Black and white is fine, and there is a large-print version."),
        _("With neither: say your booking reference and your name at the door. That is enough."),
    ]
