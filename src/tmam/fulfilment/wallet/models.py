"""Tickets in phones, and the codes by which they get there. Migrations: `fulfilment/migrations/0005_wallet.py`, `0007_wallet_held.py`."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class WalletTicket(models.Model):
    """A ticket that was put into a phone's wallet. Event table; the row stays until the ticket comes out again.

    It counts only while the ticket's own `device_key` is the same. `label` is what the browser calls itself,
    `browser_id` the account's known browser it was put into, if any. `tampered_at`: the phone found its copy changed.
    """

    pk = models.CompositePrimaryKey("event_id", "serial")
    event_id = models.IntegerField()
    serial = models.BigIntegerField()
    device_key = models.BinaryField()
    label = models.TextField()
    browser_id = models.BigIntegerField(null=True)
    bound_at = models.DateTimeField()
    contact_at = models.DateTimeField()
    shown_offline = models.IntegerField(default=0)
    tampered_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "fulfilment"
        managed = False
        db_table = "fulfilment_wallet_ticket"


class WalletOffer(models.Model):
    """A code, minutes old, that lets one phone take an order's tickets. Control table.

    `generations` are those of the tickets when the code was made (serial → generation): had another phone taken them
    since, they are no longer these. `taken_by` is the key of the phone that used the code: it may ask again.
    """

    code_sha256 = models.BinaryField(max_length=32, primary_key=True)
    event_id = models.IntegerField()
    order_id = models.UUIDField()
    generations = models.JSONField()
    made_at = models.DateTimeField(db_index=True)
    taken_by = models.BinaryField(max_length=32, null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")

    class Meta:
        app_label = "fulfilment"
        db_table = "fulfilment_wallet_offer"


class WalletHeld(models.Model):
    """A ticket that a phone has or had: found by its key or browser, whatever the event. Control table, see `held`.

    `contact_key` is a second key of the phone's (32 bytes), which may only give tickets back.
    """

    id = models.BigAutoField(primary_key=True)
    device_key = models.BinaryField(max_length=32)
    event_id = models.IntegerField()
    serial = models.BigIntegerField()
    contact_key = models.BinaryField(max_length=32, null=True)
    browser_id = models.BigIntegerField(null=True)
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "fulfilment"
        db_table = "fulfilment_wallet_held"
        constraints = (
            models.UniqueConstraint(fields=["device_key", "event_id", "serial"], name="wallet_held_once"),
        )
        indexes = (
            models.Index(
                fields=["contact_key"],
                condition=models.Q(contact_key__isnull=False),
                name="wallet_held_contact",
            ),
            models.Index(
                fields=["browser_id"],
                condition=models.Q(browser_id__isnull=False),
                name="wallet_held_browser",
            ),
        )
