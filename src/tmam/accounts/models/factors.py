"""What second factors need beside allauth's `Authenticator`. Control tables: written at sign-in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import models


class TotpUse(models.Model):
    """The highest time step whose code was accepted, for each authenticator app: it only ever rises (RFC 6238 §5.2)."""

    authenticator = models.OneToOneField(Authenticator, on_delete=models.CASCADE, primary_key=True)
    last_counter = models.BigIntegerField()


class RecoveryCodeSet(models.Model):
    """A person's recovery codes; new ones replace the set. `kept_at`: the person said that they have put them away."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True)
    salt = models.BinaryField()
    made_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)


class RecoveryCode(models.Model):
    """One code of a set, as a slow hash. It was used if it has a moment of use, and is then good for nothing."""

    code_set = models.ForeignKey(RecoveryCodeSet, on_delete=models.CASCADE, related_name="codes")
    digest = models.BinaryField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_set", "digest"], name="recovery_code_once"),
        ]


class GuessCount(models.Model):
    """How often codes were tried lately for an account, apart for each `scope`; see `tmam.accounts.guesses`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=20)
    tries = models.IntegerField()
    window_ends_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True)
    pauses = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "scope"], name="guess_count_once"),
        ]
