"""Phone numbers as second factors, the codes sent to them, and what keeps sending them cheap. Control tables."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

MOST_ATTEMPTS = 3


class Phone(models.Model):
    """A number that its owner proved to have in hand; at most one a person, in E.164 (`+34612345678`)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="phone"
    )
    number = models.CharField(max_length=16)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} · …{self.number[-3:]}"


class SmsCode(models.Model):
    """A one-time code that was sent to a number. `digest` is keyed by our secret: the table alone gives no code away.

    Trying counts before comparing, and the constraint ends it: whatever happens at the same moment, nobody gets
    a fourth guess.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=16)
    purpose = models.CharField(max_length=10, choices=[("add", "add"), ("prove", "prove")])
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="sms_code_expiry")]
        constraints = [
            models.CheckConstraint(condition=Q(attempts__lte=MOST_ATTEMPTS), name="sms_code_few_attempts")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} · {self.user_id}"


class Sms(models.Model):
    """One text message that we owe. `text` is emptied at the end: it holds a code.

    waiting → sent; → failed when the provider will never take it; → expired when the code it brings is too old.
    """

    to = models.CharField(max_length=16)
    text = models.TextField(blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(each, each) for each in ("waiting", "sent", "failed", "expired")],
        default="waiting",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    provider_reference = models.CharField(max_length=80, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="sms_expiry")]

    def __str__(self) -> str:
        return f"…{self.to[-3:]} · {self.state}"


class SmsCount(models.Model):
    """How many messages one person, number, network, or everybody had in one hour or day.

    `scope` is `person:7:hour`; numbers and networks are in it as digests. The limit stands in the row, so that
    one statement counts and refuses (`sql/count_sms.sql`), and the constraint watches it.
    """

    scope = models.CharField(max_length=60)
    since = models.DateTimeField()
    sent = models.PositiveIntegerField()
    most = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "since"], name="sms_count_once"),
            models.CheckConstraint(condition=Q(sent__lte=models.F("most")), name="sms_count_within_limit"),
        ]
        indexes = [models.Index(fields=["since"], name="sms_count_since")]

    def __str__(self) -> str:
        return f"{self.scope} · {self.sent}/{self.most}"
