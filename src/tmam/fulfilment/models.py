"""What was fetched, kept and handed to wallets. Event tables (schema: `migrations/*.sql`); warming: a control table."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tmam.fulfilment.wallet.models import WalletHeld, WalletOffer, WalletTicket

__all__ = ["Download", "WalletHeld", "WalletOffer", "WalletTicket"]


class Download(models.Model):
    """One ticket in one form: when it was first and last fetched, and how often. Says nothing about whom."""

    pk = models.CompositePrimaryKey("event_id", "serial", "form")
    event_id = models.IntegerField()
    serial = models.BigIntegerField()
    form = models.TextField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.IntegerField()

    class Meta:
        managed = False
        db_table = "fulfilment_download"


class LinkUse(models.Model):
    """A browser that a link of an order let in. Control table; goes with its link, or when the order is forgotten.

    `proof` says why: `first` (nobody had opened the link before), `code` (it gave a mailed code) or `known` (it might
    see the order anyway). `browser_hash` is that of the random key in the browser's cookie.
    """

    event_id = models.IntegerField()
    order_id = models.UUIDField(db_index=True)
    link_digest = models.BinaryField(max_length=16)
    purpose = models.CharField(max_length=10)
    serial = models.BigIntegerField(default=0)
    form = models.CharField(max_length=20, default="")
    browser_hash = models.BinaryField(max_length=32)
    browser = models.CharField(max_length=300)
    proof = models.CharField(max_length=10)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.IntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link_digest", "browser_hash"], name="link_used_once_a_browser"),
            models.UniqueConstraint(
                fields=["link_digest"], condition=models.Q(proof="first"), name="link_has_one_first_browser"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.order_id}"


class LinkStop(models.Model):
    """From when on no older link of an order works. Control table."""

    order_id = models.UUIDField(primary_key=True)
    event_id = models.IntegerField()
    stopped_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.order_id} at {self.stopped_at}"


class KeptFile(models.Model):
    """The finished file of one ticket, or of all of an order (`serial` 0), in one form and language.

    `name` is where the store has it, `sha256` of its content. It is handed out only while `tickets` and `facts` are
    the digests of the rows that it was drawn from, as those rows are now. Holds nothing personal itself.
    """

    pk = models.CompositePrimaryKey("event_id", "order_id", "serial", "form", "language")
    event_id = models.IntegerField()
    order_id = models.UUIDField()
    serial = models.BigIntegerField()
    form = models.TextField()
    language = models.TextField()
    serials = ArrayField(models.BigIntegerField())
    tickets = models.TextField()
    facts = models.TextField()
    name = models.TextField()
    saved_as = models.TextField()
    media_type = models.TextField()
    size = models.IntegerField()
    sha256 = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "fulfilment_kept_file"


class WarmingState(models.TextChoices):
    """waiting → running → done; `stopped` by the organizer, and waiting again when asked again."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class Warming(models.Model):
    """The files of an event, made ahead: how far it is. One row an event, kept for its page. Control table.

    It goes through the orders by number, so `last_order` is all it takes to go on after a crash.
    """

    event_id = models.IntegerField(primary_key=True)
    state = models.CharField(max_length=10, choices=WarmingState.choices, default=WarmingState.WAITING)
    forms = ArrayField(models.CharField(max_length=20))
    orders = models.PositiveIntegerField(default=0)
    orders_done = models.PositiveIntegerField(default=0)
    files_ready = models.PositiveIntegerField(default=0)
    files_failed = models.PositiveIntegerField(default=0)
    is_making_room = models.BooleanField(default=False)  # people wait for files: it holds still
    last_order = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.event_id} {self.state} {self.orders_done}/{self.orders}"


class GooglePass(models.Model):
    """A ticket in Google Wallet, for the order that held it when it was saved.

    After it goes to another order, the old object is made inactive and the new holder gets one of their own. Only
    `generation` of the ticket is this pass's: see `google.rows.replace_pass`.
    """

    pk = models.CompositePrimaryKey("event_id", "serial", "order_id")
    event_id = models.IntegerField()
    serial = models.BigIntegerField()
    order_id = models.UUIDField()
    suffix = models.TextField()
    kind = models.TextField()
    language = models.TextField()
    made_at = models.DateTimeField()
    wanted_at = models.DateTimeField()
    synced_at = models.DateTimeField(null=True)
    generation = models.IntegerField(default=0)

    class Meta:
        managed = False
        db_table = "fulfilment_google_pass"


class GoogleWithdrawn(models.Model):
    """An object at Google that must never admit anybody again; the row goes once Google was told. Names nobody."""

    pk = models.CompositePrimaryKey("event_id", "suffix")
    event_id = models.IntegerField()
    suffix = models.TextField()
    kind = models.TextField()
    withdrawn_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "fulfilment_google_withdrawn"


# Django finds models through this module; these have a room of their own.
from tmam.fulfilment.apple.models import AppleChange, AppleRegistration  # noqa: E402, F401 -- see above
