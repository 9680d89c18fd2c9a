"""How an account stood when its owner was warned. Control table."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tmam.accounts.models.security import SecurityEntry


class AlertSnapshot(models.Model):
    """What opened an account at the moment of an alert, so that "this was not me" can go back to it.

    Addresses, user name and number are kept themselves, for they must be put back when somebody took them away; of
    apps, keys and services only the row numbers. It goes with the account, and by itself after 30 days.
    """

    entry = models.OneToOneField(
        SecurityEntry, on_delete=models.CASCADE, primary_key=True, related_name="snapshot"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    taken_at = models.DateTimeField()
    main_address = models.EmailField()
    # The proven ones.
    addresses = models.JSONField(default=list)
    username = models.CharField(max_length=30, null=True)
    phone = models.CharField(max_length=16, blank=True)
    authenticator_ids = models.JSONField(default=list)
    service_ids = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["taken_at"], name="alert_snapshot_oldest")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.taken_at}"
