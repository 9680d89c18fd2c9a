"""Mails we owe people: one row per cause, so that a repeated consumer never sends twice. Control table."""

from __future__ import annotations

from django.db import models

from tmam.notifications.mail_context import ContextField


class Mail(models.Model):
    """One mail. `cause` names what it is about (`order-confirmed:<order id>`); unique, hence sent once.

    waiting → sent; → failed after the last attempt, with `last_error` for `tmam doctor`. `context` holds what
    the template needs beyond the rows it reads; it is emptied once sent, because it may hold a one-time code, which is encrypted until then.
    """

    id = models.BigAutoField(primary_key=True)
    cause = models.CharField(max_length=120, unique=True)
    template = models.CharField(max_length=60)
    to = models.EmailField()
    language = models.CharField(max_length=10)
    context = ContextField(default=dict)
    state = models.CharField(
        max_length=10,
        choices=[("waiting", "waiting"), ("sent", "sent"), ("failed", "failed")],
        default="waiting",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["state", "queued_at"], name="mail_state")]

    def __str__(self) -> str:
        return f"{self.template} → {self.to}"


class DateNews(models.Model):
    """A changed date that the holders of its tickets must hear of. Control table; names nobody.

    waiting (until `due_at`: further changes and an undo join in) → telling (orders up to `told_up_to` have their
    mails) → done. `before` is what people knew: `catalog.change_date.times_json`. `told` counts mails.
    """

    event_id = models.IntegerField()
    date_ordinal = models.IntegerField()
    revision = models.PositiveIntegerField()
    before = models.JSONField()
    state = models.CharField(
        max_length=10,
        choices=[("waiting", "waiting"), ("telling", "telling"), ("done", "done")],
        default="waiting",
    )
    due_at = models.DateTimeField()
    told_up_to = models.UUIDField(null=True)
    told = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event_id", "date_ordinal", "revision"], name="date_news_once_per_change"
            ),
            models.UniqueConstraint(
                fields=["event_id", "date_ordinal"],
                condition=models.Q(state="waiting"),
                name="date_news_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.date_ordinal} {self.state}"


class Reminder(models.Model):
    """The reminder of a date, for those who have not fetched their tickets. Control table; names nobody.

    telling (orders up to `told_up_to` have been looked at) → done. `told` counts mails.
    """

    event_id = models.IntegerField()
    date_ordinal = models.IntegerField()
    begun_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[("telling", "telling"), ("done", "done")], default="telling"
    )
    told_up_to = models.UUIDField(null=True)
    told = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event_id", "date_ordinal"], name="reminder_once_per_date")
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.date_ordinal} {self.state}"
