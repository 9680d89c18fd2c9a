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
