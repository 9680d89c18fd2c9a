"""Organizers, the tenants who sell, and the people of their teams. Global tables."""

from __future__ import annotations

from django.conf import settings
from django.db import models


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

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member of a team may do."""

    OWNER = "owner"
    GATE = "gate"


class Membership(models.Model):
    """A person's role in one organizer's team."""

    organizer = models.ForeignKey(Organizer, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organizer", "user"], name="membership_once_per_organizer"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organizer} · {self.role}"
