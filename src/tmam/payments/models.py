"""Money coming in and going back. Payments belong to a checkout (control tables), allocations to an event."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class PaymentState(models.TextChoices):
    """started → approved | declined; `confirming` while the bank asks the buyer, `unknown` when its answer was lost."""

    STARTED = "started"
    CONFIRMING = "confirming"
    UNKNOWN = "unknown"
    APPROVED = "approved"
    DECLINED = "declined"


class Payment(models.Model):
    """One attempt to take the money of one checkout. `id` is also the idempotency key sent to the gateway."""

    id = models.UUIDField(primary_key=True)
    checkout_id = models.UUIDField(db_index=True)
    gateway = models.CharField(max_length=30)
    state = models.CharField(max_length=20, choices=PaymentState.choices)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    gateway_reference = models.CharField(max_length=100, blank=True)
    decline_reason = models.CharField(max_length=50, blank=True)
    started_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["checkout_id"],
                condition=Q(state__in=["started", "confirming", "unknown", "approved"]),
                name="payment_one_live_per_checkout",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="payment_amount_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class Refund(models.Model):
    """Money instructed to go back. `id` is the idempotency key sent to the gateway."""

    id = models.UUIDField(primary_key=True)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=60)
    hold_id = models.UUIDField(null=True)
    state = models.CharField(max_length=20, choices=[("instructed", "instructed"), ("done", "done")])
    instructed_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "hold_id"], name="refund_once_per_hold"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_amount_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class SandboxCharge(models.Model):
    """What the pretend bank of the sandbox gateway remembers: the outside world, kept in our own table."""

    idempotency_key = models.UUIDField(primary_key=True)
    state = models.CharField(max_length=20)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    refunded_minor = models.BigIntegerField(default=0)
    return_url = models.TextField(blank=True)
    decline_reason = models.CharField(max_length=50, blank=True)

    def __str__(self) -> str:
        return f"{self.idempotency_key} {self.state}"


class SandboxRefund(models.Model):
    """A refund as the pretend bank remembers it, so that a repeated one gives nothing more."""

    id = models.UUIDField(primary_key=True)
    charge = models.ForeignKey(SandboxCharge, on_delete=models.CASCADE, related_name="refunds")
    amount_minor = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.id} {self.amount_minor}"


class Allocation(models.Model):
    """The part of a payment that paid one order. Event table."""

    pk = models.CompositePrimaryKey("event_id", "order_id", "payment_id")
    event_id = models.IntegerField()
    order_id = models.UUIDField()
    payment_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "payments_allocation"
