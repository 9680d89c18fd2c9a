"""The forms of a team: a role, and for which events it counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tmam.catalog.models import Event
from tmam.kernel.texts import in_language
from tmam.organizers.change_team import Given
from tmam.organizers.models import Organizer
from tmam.organizers.permissions import is_owner
from tmam.organizers.words import ROLE_HINTS, ROLE_NAMES

ALL: Final = "all"
CHOSEN: Final = "chosen"
MOST_EVENTS: Final = 200


class RoleForm(forms.Form):
    """What somebody may do, and where."""

    use_required_attribute = False

    role = forms.ChoiceField(
        label=_("Role"), widget=forms.RadioSelect, error_messages={"required": _("Choose a role")}
    )
    reach = forms.ChoiceField(
        label=_("For which events?"),
        choices=[(ALL, _("All events, future ones too")), (CHOSEN, _("Only the events chosen below"))],
        initial=ALL,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose all events or single ones")},
    )
    events = forms.TypedMultipleChoiceField(
        label=_("Events"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, organizer: Organizer, roles: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("role", [(role, _role_label(role)) for role in roles])
        kept: Sequence[int] = self.initial.get("events", ())
        events = _events_of(organizer, kept)
        self._offer("events", events)
        if not events:
            del self.fields["reach"], self.fields["events"]

    def clean(self) -> dict[str, Any]:
        """Owners are owners of everything; chosen events are at least one."""
        cleaned = super().clean() or {}
        is_chosen = cleaned.get("reach") == CHOSEN
        if is_chosen and is_owner(cleaned.get("role", "")):
            self.add_error("reach", _("An owner's role is for all events"))
        elif is_chosen and "events" not in self.errors and not cleaned.get("events"):
            self.add_error("events", _("Choose at least one event"))
        return cleaned

    @property
    def given(self) -> Given:
        """What was chosen, once the form is valid."""
        cleaned = self.cleaned_data
        if cleaned.get("reach", ALL) == ALL:
            return Given(cleaned["role"])
        return Given(cleaned["role"], all_events=False, event_ids=tuple(sorted(cleaned["events"])))

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


class InviteForm(RoleForm):
    """Whom to invite."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The invitation goes there, and can be accepted with this address only."),
        max_length=254,
        error_messages={
            "required": _("Enter an e-mail address"),
            "invalid": _("Enter an e-mail address like name@example.org"),
        },
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "inputmode": "email", "autocapitalize": "none"}
        ),
    )
    field_order = ("email", "role", "reach", "events")


def initial_of(given: Given) -> dict[str, Any]:
    """What a member has, as the form shows it."""
    return {
        "role": given.role,
        "reach": ALL if given.all_events else CHOSEN,
        "events": list(given.event_ids),
    }


def _role_label(role: str) -> SafeString:
    return format_html("{}<small>{}</small>", ROLE_NAMES[role], ROLE_HINTS[role])


def _events_of(organizer: Organizer, kept: Sequence[int]) -> list[tuple[int, str]]:
    """The organizer's events, the next ones first; those that are chosen already are among them, however old."""
    language = get_language() or "en"
    events = (
        Event.objects.filter(organizer=organizer)
        .annotate(next_at=Min("dates__starts_at", filter=Q(dates__ends_at__gt=timezone.now())))
        .order_by(F("next_at").asc(nulls_last=True), "-id")
    )
    found = list(events[:MOST_EVENTS])
    shown = {event.id for event in found}
    found += [event for event in events.filter(id__in=kept) if event.id not in shown]
    return [(event.id, in_language(event.title, language)) for event in found]
