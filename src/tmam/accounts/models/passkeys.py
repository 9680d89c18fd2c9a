"""What allauth does not keep about passkeys and security keys. Control tables."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import models
from django.db.models import Q


class Passkey(models.Model):
    """The second half of a `webauthn` authenticator: whose key it is is found by the key, not by who is asking.

    `sign_count` only ever rises, by conditional UPDATE; zero stays zero (synced passkeys count nothing). `is_passkey`
    tells keys that are enough to sign in by themselves (they are found by the browser and ask for a finger, a face
    or a PIN) from security keys, which are a second factor only. `suspected_at`: it counted backwards, so there
    may be a copy.
    """

    authenticator = models.OneToOneField(
        Authenticator, on_delete=models.CASCADE, primary_key=True, related_name="passkey"
    )
    credential_id = models.BinaryField()
    sign_count = models.BigIntegerField()
    is_passkey = models.BooleanField()
    is_synced = models.BooleanField()
    suspected_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # A key that two accounts could claim would open the wrong one (WebAuthn Level 3, § 7.1 step 27).
            models.UniqueConstraint(fields=["credential_id"], name="passkey_credential_once"),
            models.CheckConstraint(condition=Q(sign_count__gte=0), name="passkey_count_not_negative"),
        ]

    def __str__(self) -> str:
        return f"passkey {self.authenticator_id}"

    @property
    def name(self) -> str:
        """What its owner calls it."""
        return str(self.authenticator.data["name"])

    @property
    def added_at(self) -> datetime:
        """When it became its owner's."""
        at: datetime = self.authenticator.created_at
        return at

    @property
    def last_used_at(self) -> datetime | None:
        """When it last proved something."""
        at: datetime | None = self.authenticator.last_used_at
        return at


class UsedChallenge(models.Model):
    """A challenge that was answered rightly: nobody can answer it again. Kept until it is too old anyway."""

    digest = models.CharField(max_length=64, primary_key=True)
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="used_challenge_expiry")]

    def __str__(self) -> str:
        return self.digest[:12]
