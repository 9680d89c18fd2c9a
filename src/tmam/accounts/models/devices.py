"""Browsers that people signed in with. Control table."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Device(models.Model):
    """One browser as one account knows it; a family's browser has a row for each of its accounts.

    The browser holds a random key in a cookie, this row its SHA-256. A row is never reused: a device that was
    forgotten stays so, and the same browser is a new device when it signs in again.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    key_hash = models.CharField(max_length=64)
    # Its user agent as sent; `browser_names` makes a name of it.
    browser = models.CharField(max_length=200, blank=True)
    network = models.CharField(max_length=45, blank=True)
    place = models.CharField(max_length=120, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    # When somebody proved on it that the account is theirs; from then on no code is mailed at sign-in.
    trusted_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key_hash"], condition=models.Q(forgotten_at=None), name="device_known_once"
            )
        ]
        indexes = [models.Index(fields=["key_hash"], name="device_by_key")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.browser}"
