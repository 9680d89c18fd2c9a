"""Accounts whose owner said that somebody else got in. Control table."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Freeze(models.Model):
    """One time an account was locked by its owner, and how that ended. An open one (`thawed_at` null) is in force."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="freezes")
    frozen_at = models.DateTimeField()
    # The security entry whose alert was answered with "this was not me"; each can freeze once.
    alert_entry = models.BigIntegerField(null=True, unique=True)
    thawed_at = models.DateTimeField(null=True)
    # `user:7` (the owner, who proved it anew) or `staff:3`.
    thawed_by = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    # The instant of the alert to which the account went back; null: it did not.
    back_to = models.DateTimeField(null=True)
    # What was undone, by kind (`take_back.TakenBack`).
    taken_back = models.JSONField(default=dict)
    # Something could not be put back, so that its owner's mailbox alone must not open it.
    needs_staff = models.BooleanField(default=False)
    # The addresses that may open it: those that were proven when it was locked; null: locked before this was kept.
    address_ids = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(thawed_at=None), name="one_open_freeze_per_user"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.frozen_at}"
