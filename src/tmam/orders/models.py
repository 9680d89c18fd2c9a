"""Checkouts (control tables), orders (event table) and each person's list of orders (global table)."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class CheckoutState(models.TextChoices):
    """open → paying → done; back to open when a payment is declined; `abandoned` when its holds ran out."""

    OPEN = "open"
    PAYING = "paying"
    DONE = "done"
    ABANDONED = "abandoned"


class Checkout(models.Model):
    """One visit to the till. `holders` is what was typed for each ticket, documents encrypted. Control table.

    `phone` (E.164) is asked only where an event limits the tickets per phone, and forgotten when the checkout ends.
    `holders`: `{"<hold id>": [{"name": "…", "document": "<encrypted, base64>"}, …]}` in the order of the places.
    """

    id = models.UUIDField(primary_key=True)
    visitor_id = models.UUIDField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    state = models.CharField(max_length=20, choices=CheckoutState.choices, default=CheckoutState.OPEN)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=10)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=16, blank=True, default="", db_default="")
    holders = models.JSONField(default=dict)
    terms_versions = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)  # when the worker last tried to finish what was interrupted
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.id} {self.state}"


class CheckoutHold(models.Model):
    """A hold that lies in a checkout's basket. Control table."""

    checkout = models.ForeignKey(Checkout, on_delete=models.CASCADE, related_name="holds")
    event_id = models.IntegerField()
    hold_id = models.UUIDField(unique=True)
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.event_id}:{self.hold_id}"


class Order(models.Model):
    """The contract for one event. Event table. `lines` is what was sold, with the prices of that moment."""

    pk = models.CompositePrimaryKey("event_id", "id")
    event_id = models.IntegerField()
    id = models.UUIDField()
    booking_reference = models.TextField()
    state = models.TextField()
    organizer_id = models.BigIntegerField()
    checkout_id = models.UUIDField()
    hold_id = models.UUIDField()
    email = models.TextField()
    name = models.TextField(default="")
    language = models.TextField()
    currency = models.TextField()
    total_minor = models.BigIntegerField()
    lines = models.JSONField()
    terms_version = models.TextField()
    channel = models.TextField(default="web")
    confirmed_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "orders_order"


class KeptRecord(models.Model):
    """Who bought one order, kept apart because the law wants it after its buyer's account was erased. Control table.

    `sealed` is JSON (name, e-mail address) under the master key; only the staff area opens it, each time noted. The
    order itself names nobody any more. At `keep_until` the row is deleted.
    """

    event_id = models.IntegerField()
    order_id = models.UUIDField(unique=True)
    booking_reference = models.TextField(db_index=True)
    confirmed_at = models.DateTimeField()
    total_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    sealed = models.BinaryField()
    legal_basis = models.CharField(max_length=30)
    kept_since = models.DateTimeField()
    keep_until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.booking_reference} until {self.keep_until}"


class PersonOrder(models.Model):
    """Which orders belong to an e-mail address: "my tickets". Filled from the event log. Global table."""

    email = models.EmailField()
    event_id = models.IntegerField()
    order_id = models.UUIDField(unique=True)
    booking_reference = models.TextField(db_index=True)
    ordered_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["email", "-ordered_at"], name="person_order_email")]

    def __str__(self) -> str:
        return f"{self.email} {self.booking_reference}"
