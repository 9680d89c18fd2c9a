"""What happened to an account, as its owner and platform staff read it. Control table."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SecurityEntry(models.Model):
    """One thing that happened to one account. Written by `security_log.record` only, never changed.

    `name` is a `Happening`. Network, browser and place are personal: they are here, where erasing the account
    deletes them, and not in the event log's fact that is written beside. `actor` is `user:7`, `staff:3` or
    `system`; `reason` is what staff typed.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="security_entries"
    )
    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    network = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at"], name="security_entry_lately"),
            models.Index(fields=["at"], name="security_entry_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.user_id} · {self.at}"
