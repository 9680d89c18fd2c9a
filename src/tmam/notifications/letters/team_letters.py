"""The letters about a team: an invitation into it, and what is asked of everybody in it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tmam.accounts.factors import has_second_factor
from tmam.catalog.models import Event
from tmam.kernel.texts import in_language
from tmam.notifications.letter import Letter, button, facts, small, text
from tmam.notifications.when_words import moment_words
from tmam.organizers.invitation_links import token_of
from tmam.organizers.models import Invitation, Organizer
from tmam.organizers.words import ROLE_HINTS, ROLE_NAMES

MOST_TITLES = 5


def team_invitation(found: dict[str, Any]) -> Letter:
    """Somebody is asked to join a team. The link's secret is made here and kept nowhere.

    Raises:
        LookupError: the invitation is gone.
    """
    invitation = (
        Invitation.objects.select_related("organizer", "invited_by").filter(pk=found["invitation_id"]).first()
    )
    if invitation is None:
        raise LookupError(f"no invitation {found}")
    name, inviter = invitation.organizer.name, invitation.invited_by.name or invitation.invited_by.email
    title = _("Join the team of %(organizer)s") % {"organizer": name}
    return Letter(
        subject=title,
        preview=_("%(inviter)s invites you.") % {"inviter": inviter},
        title=title,
        blocks=[
            text(
                _("%(inviter)s invites you to work for %(organizer)s on tmam.")
                % {"inviter": inviter, "organizer": name}
            ),
            facts(
                [
                    (_("Your role"), str(ROLE_NAMES[invitation.role])),
                    (_("What it means"), str(ROLE_HINTS[invitation.role])),
                    (_("For"), _events_words(invitation)),
                    (_("Good until"), moment_words(invitation.expires_at, "UTC")),
                ]
            ),
            button(
                _("See the invitation"),
                f"{settings.SITE_ORIGIN}/me/invitations/open/?t={token_of(invitation)}",
            ),
            text(
                _("You need an account with this e-mail address. If you have none, you can create it there.")
            ),
            small(_("You do not know them? Then do nothing: without you nothing happens.")),
        ],
    )


def team_second_factor(found: dict[str, Any]) -> Letter:
    """A team is asked for a second factor: who has none is told what to do, the others that all is well."""
    organizer = Organizer.objects.filter(pk=found["organizer_id"]).first()
    if organizer is None:
        raise LookupError(f"no organizer {found}")
    title = _("%(organizer)s now requires a second factor") % {"organizer": organizer.name}
    why = text(
        _(
            "Everybody in the team now needs a second factor: an app on the phone or a passkey, so that a stolen password alone is not enough."
        )
    )
    if has_second_factor(found["user_id"]):
        return Letter(
            title,
            _("You have one: nothing to do."),
            title,
            [why, text(_("You have one, so there is nothing to do."))],
        )
    return Letter(
        title,
        _("You have none yet: set one up now, it takes two minutes."),
        title,
        [
            why,
            text(_("You have none yet. Until you set one up, you see and do nothing for this organizer.")),
            button(_("Set up a second factor"), f"{settings.SITE_ORIGIN}/me/account/security/"),
            small(_("Scanners that you signed in at a gate stop, too, until then.")),
        ],
    )


def _events_words(invitation: Invitation) -> str:
    if invitation.all_events:
        return _("All events, future ones too")
    events = Event.objects.filter(organizer_id=invitation.organizer_id, id__in=invitation.event_ids)
    titles = [in_language(event.title, get_language() or "en") for event in events.order_by("id")]
    return ", ".join([*titles[:MOST_TITLES], *(["…"] if len(titles) > MOST_TITLES else [])])
