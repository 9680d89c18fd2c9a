"""What is counted against guessing. Control tables."""

from __future__ import annotations

from django.db import models


class AttemptCount(models.Model):
    """The attempts of one account, device or network. Changed by `tmam.accounts.lockout` only.

    `key` says for what is counted and holds an HMAC of who or where (`sign_in:login:9f…`): the row of an account that
    does not exist looks like any other, and the table tells nobody which addresses were tried.
    """

    key = models.CharField(primary_key=True, max_length=80)
    failures = models.PositiveIntegerField()
    since = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    locks = models.PositiveIntegerField(default=0)
    lock_number = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.failures}"


class FailureMinute(models.Model):
    """How many sign-ins failed within one minute, all accounts together: the sign of an attack."""

    minute = models.DateTimeField(primary_key=True)
    failures = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.minute}: {self.failures}"


class SolvedChallenge(models.Model):
    """A puzzle that was used: nobody uses its solution twice. Forgotten when it would have expired anyway."""

    digest = models.CharField(primary_key=True, max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest
