"""Organizers, the tenants who sell, and the people of their teams. Global tables; the team's history is a control table."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Organizer(models.Model):
    """A tenant. `terms` and `about` are texts by language code (`{"en": …, "es": …}`)."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    country = models.CharField(max_length=2)
    tax_number = models.CharField(max_length=40, blank=True)
    email = models.EmailField()
    website = models.URLField(blank=True)
    accent_hue = models.PositiveSmallIntegerField(default=265)
    about = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    terms_version = models.CharField(max_length=20, default="1")
    # Members without a second factor may do nothing until they have one.
    requires_second_factor = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member of a team may do; the actions of each are in `permissions`, its name in `words`."""

    OWNER = "owner"
    MANAGER = "manager"
    FINANCE = "finance"
    BOX_OFFICE = "box_office"
    GATE = "gate"
    SUPPORT = "support"
    READ_ONLY = "read_only"


class Reach(models.Model):
    """For which events a role counts: for all of the organizer's, or for those listed and no others.

    An empty list means none, never all; the owner's role is for all.
    """

    role = models.CharField(max_length=20, choices=Role.choices)
    all_events = models.BooleanField(default=True)
    event_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        abstract = True


class Membership(Reach):
    """A person's role in one organizer's team."""

    organizer = models.ForeignKey(Organizer, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    # None for those who were in the team before this was kept.
    joined_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organizer", "user"], name="membership_once_per_organizer"),
            models.CheckConstraint(
                condition=~Q(role="owner") | Q(all_events=True), name="membership_owner_of_all_events"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organizer} · {self.role}"


class Invitation(Reach):
    """An offer to join a team, mailed to one address. Open until it is accepted, revoked or expired.

    The link's secret is made anew for each mail from `id` and `mails_sent` (`invitation_links`); its SHA-256 is all
    that is kept, so sending it again ends the link before.
    """

    organizer = models.ForeignKey(Organizer, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    language = models.CharField(max_length=10, default="en")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations_sent"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mails_sent = models.PositiveSmallIntegerField(default=1)
    token_sha256 = models.BinaryField(max_length=32, unique=True, null=True)
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "organizer",
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open_per_address",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_ends_once"
            ),
            models.CheckConstraint(
                condition=~Q(role="owner") | Q(all_events=True), name="invitation_owner_of_all_events"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organizer} · {self.role} · {self.made_at}"


class TeamEntry(models.Model):
    """One change of a team, as the team reads it. Written by `team_log.record` only, never changed. Control table.

    `person` is whom it is about, `actor` who did it. People who erase their account leave the entry without a name.
    """

    organizer = models.ForeignKey(Organizer, on_delete=models.CASCADE, related_name="team_entries")
    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.SET_NULL, related_name="+")
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["organizer", "-at"], name="team_entry_lately")]

    def __str__(self) -> str:
        return f"{self.organizer_id} · {self.name} · {self.at}"
