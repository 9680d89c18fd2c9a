"""How allauth's factors meet the rest of the product: their secrets are encrypted at rest, for nothing else, their names are ours."""

from __future__ import annotations

# mypy: disallow-subclassing-any=False
# (allauth ships no type information)
from urllib.parse import quote, urlencode

from allauth.mfa.adapter import DefaultMFAAdapter

from tmam.accounts.models import User
from tmam.platform import keys
from tmam.platform.master_sealed import AUTHENTICATOR

ISSUER = "tmam"


class MfaAdapter(DefaultMFAAdapter):
    """Our vault, our name."""

    def encrypt(self, text: str) -> str:
        """A secret as it stands in the database."""
        return keys.encrypt(text.encode(), AUTHENTICATOR).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret as the method needs it."""
        return keys.decrypt(encrypted_text.encode(), AUTHENTICATOR).decode()

    def build_totp_url(self, user: User, secret: str) -> str:
        """What the QR code says (Google's key URI format): apps list it as `tmam (address)`."""
        label = f"{quote(ISSUER)}:{quote(user.email)}"
        return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"

    def _get_site_name(self) -> str:
        return ISSUER
