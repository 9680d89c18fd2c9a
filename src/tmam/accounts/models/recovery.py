"""Getting back into an account with the help of staff. Control table."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class RecoveryKind(models.TextChoices):
    """What was lost for good."""

    FACTORS = "factors"  # the phone, and with it every second factor
    EMAIL = "email"  # the mailbox


class RecoveryState(models.TextChoices):
    """unproven → asked → approved → completed; `refused`, `cancelled` and `lapsed` end it. See `recovery_rules`."""

    UNPROVEN = "unproven"
    ASKED = "asked"
    APPROVED = "approved"
    COMPLETED = "completed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


OPEN_STATES = (RecoveryState.ASKED, RecoveryState.APPROVED)


class RecoveryRequest(models.Model):
    """One request. The password was right when the row was made; a link in a mail then proved the mailbox.

    `new_email` is where the account shall go when the old mailbox `old_email` is lost. `ready_at` is the approval plus the
    waiting time, in which the owner, who is told at every address and in every browser, can cancel.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recoveries")
    kind = models.CharField(max_length=10, choices=RecoveryKind.choices)
    state = models.CharField(max_length=10, choices=RecoveryState.choices, default=RecoveryState.UNPROVEN)
    language = models.CharField(max_length=10)
    old_email = models.EmailField()
    new_email = models.EmailField(blank=True)
    proofs = models.JSONField(default=list)
    network = models.CharField(max_length=45, blank=True)
    begun_at = models.DateTimeField()
    requested_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    told_soon_at = models.DateTimeField(null=True)
    told_ready_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=OPEN_STATES), name="recovery_one_open_per_person"
            ),
            models.CheckConstraint(
                condition=~Q(state=RecoveryState.APPROVED) | Q(ready_at__gt=models.F("approved_at")),
                name="recovery_waits_after_approval",
            ),
            models.CheckConstraint(
                condition=~Q(state=RecoveryState.COMPLETED) | Q(ended_at__gte=models.F("ready_at")),
                name="recovery_never_completed_early",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "ready_at"], name="recovery_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.id} · {self.kind} · {self.state}"
