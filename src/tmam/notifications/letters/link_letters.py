"""The letter with the code that a strange browser is asked for when it opens a link to somebody's tickets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from tmam.catalog.models import Event
from tmam.notifications.letter import Letter, button, code, text
from tmam.notifications.letters.device_letters import from_where
from tmam.notifications.when_words import in_language


def link_code(found: Mapping[str, Any]) -> Letter:
    """The code, and what to do when somebody else asked for it.

    Raises:
        LookupError: the event is gone.
    """
    event = Event.objects.filter(id=found["event_id"]).first()
    if event is None:
        raise LookupError(f"event {found['event_id']} is gone")
    return Letter(
        subject=_("%(code)s is your code to open your tickets") % {"code": found["code"]},
        preview=_("Type it in the page that is open."),
        title=_("Opening your tickets in another browser"),
        blocks=[
            text(
                _("Somebody opens the link to your tickets for %(event)s in another browser:")
                % {"event": in_language(event.title)}
            ),
            from_where(found["browser"], found["network"], found["place"]),
            text(_("Is it you? Then type this code in the page that is open:")),
            code(found["code"]),
            text(_("It works for 15 minutes. Nobody from tmam will ever ask you for this code.")),
            text(
                _(
                    "It is not you? Then somebody else has your link. Without the code it opens nothing for them."
                )
            ),
            button(_("My tickets"), f"{settings.SITE_ORIGIN}/me/tickets/"),
        ],
    )
