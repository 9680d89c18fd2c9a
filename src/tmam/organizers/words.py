"""What roles are called, and what each may do, as people read it in the studio and in mails."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tmam.organizers.models import Role

ROLE_NAMES: Final[dict[str, Promise]] = {
    Role.OWNER: pgettext_lazy("role", "Owner"),
    Role.MANAGER: pgettext_lazy("role", "Manager"),
    Role.FINANCE: pgettext_lazy("role", "Finance"),
    Role.BOX_OFFICE: pgettext_lazy("role", "Box office"),
    Role.GATE: pgettext_lazy("role", "Gate"),
    Role.SUPPORT: pgettext_lazy("role", "Support"),
    Role.READ_ONLY: pgettext_lazy("role", "Read only"),
}
ROLE_HINTS: Final[dict[str, Promise]] = {
    Role.OWNER: _("Everything, for all events: also the organizer's own details, payouts, and other owners."),
    Role.MANAGER: _("Runs events: sales, rules, orders, gates, and the team apart from owners and managers."),
    Role.FINANCE: _("Sees sales, orders and payouts, and gives money back. Changes no event."),
    Role.BOX_OFFICE: _("Sells tickets and finds orders. Sees no totals of money."),
    Role.GATE: _("Scans tickets at the gate. Sees nothing of the studio."),
    Role.SUPPORT: _("Helps buyers with their orders. Sees no totals of money."),
    Role.READ_ONLY: _("Sees events, sales and orders. Changes nothing."),
}
