"""Who somebody is to a team's own sign-in service, as team entries remember it: a keyed hash, which names nobody.

Accounts of ours come and go (one may be erased and made anew); the number that the service knows its person by stays.
"""

from __future__ import annotations

from typing import Final

from allauth.socialaccount.models import SocialAccount
from django.utils.crypto import salted_hmac

# The key of their list in an entry's details.
IDENTITIES: Final = "identities"
_SALT = "tmam.organizers.service_identities"


def identity_of(service: str, uid: str) -> str:
    """The keyed hash of one identity. Equal ones of two services differ."""
    return salted_hmac(_SALT, f"{service} {uid}", algorithm="sha256").hexdigest()


def identities_of(user_id: int) -> list[str]:
    """All that are connected to an account, for when it leaves a team: which service is the team's is not known here."""
    connected = SocialAccount.objects.filter(user_id=user_id).values_list("provider", "uid")
    return sorted(identity_of(service, uid) for service, uid in connected)
