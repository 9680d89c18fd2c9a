"""How an organizer's tickets look. Global tables.

One design is for all events of an organizer; an event may have one of its own instead, whole, not field by field.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class CodeKind(models.TextChoices):
    """The kinds of code that scanners at a venue may read."""

    QR = "qr"
    AZTEC = "aztec"
    PDF417 = "pdf417"


class Paper(models.TextChoices):
    """The sheet that tickets are printed on."""

    A4 = "a4"
    LETTER = "letter"


class TicketLogo(models.Model):
    """A logo as `logos.clean_logo` made it: a small PNG, kept once however often it is used.

    `made_at` is when it was uploaded or last went out of use: unused ones go a day after it (`change_design`).
    """

    organizer = models.ForeignKey(
        "organizers.Organizer", on_delete=models.CASCADE, related_name="ticket_logos"
    )
    sha256 = models.CharField(max_length=64)
    png = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organizer", "sha256"], name="ticket_logo_once"),
            models.CheckConstraint(condition=Q(width__lte=600) & Q(height__lte=200), name="ticket_logo_box"),
        ]

    def __str__(self) -> str:
        return f"{self.organizer_id} {self.sha256[:8]}"


class TicketDesign(models.Model):
    """The look of the tickets of an organizer (`event` empty), or of one event.

    `accent_hue` is an event's own colour; empty for an organizer's design, which has the organizer's. `line` is a
    sentence of theirs by language, `logo` the SHA-256 of one of the organizer's logos or empty. `revision` counts the changes.
    """

    organizer = models.ForeignKey(
        "organizers.Organizer", on_delete=models.CASCADE, related_name="ticket_designs"
    )
    event = models.OneToOneField(
        "catalog.Event", on_delete=models.CASCADE, null=True, related_name="ticket_design"
    )
    accent_hue = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=10, choices=CodeKind.choices, default=CodeKind.QR)
    logo = models.CharField(max_length=64, blank=True, default="")
    line = models.JSONField(default=dict, blank=True)
    shows_poster = models.BooleanField(default=True)
    shows_reference_bars = models.BooleanField(default=False, db_default=False)
    paper = models.CharField(max_length=10, choices=Paper.choices, default=Paper.A4)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organizer"], condition=Q(event=None), name="ticket_design_once_per_organizer"
            ),
            models.CheckConstraint(
                condition=Q(event=None, accent_hue=None) | Q(event__isnull=False, accent_hue__lt=360),
                name="ticket_design_colour_of_event",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organizer_id}/{self.event_id or 'all'}"
