"""The organizer's side at Google: the issuer and the service account, from the operator's settings."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.auth import crypt
from google.oauth2 import service_account

from tmam.fulfilment.errors import GoogleNotSetUpError
from tmam.platform.settings import Settings

SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"


@dataclass(frozen=True)
class GoogleAccount:
    """Who speaks to Google: the issuer's number, the account's address, its credentials and the API's address."""

    issuer: str
    email: str
    api: str
    credentials: service_account.Credentials
    signer: crypt.Signer


def is_google_offered(settings: Settings) -> bool:
    """Whether tickets can be saved to Google Wallet: both settings are there (not whether Google likes them)."""
    return bool(settings.google_wallet_issuer and settings.google_wallet_service_account)


def google_account(settings: Settings) -> GoogleAccount:
    """The account of the settings; the key file is read once.

    Raises:
        GoogleNotSetUpError: it is not set up, or the key file cannot be read or is no service account's.
    """
    if not is_google_offered(settings):
        raise GoogleNotSetUpError
    return _account(
        settings.google_wallet_issuer, settings.google_wallet_service_account, settings.google_wallet_api
    )


@functools.lru_cache(maxsize=4)
def _account(issuer: str, key_file: str, api: str) -> GoogleAccount:
    try:
        info: dict[str, Any] = json.loads(Path(key_file).read_text(encoding="utf-8"))
        credentials = service_account.Credentials.from_service_account_info(info, scopes=[SCOPE])
        signer = crypt.RSASigner.from_service_account_info(info)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise GoogleNotSetUpError from error
    return GoogleAccount(issuer, info["client_email"], api.rstrip("/"), credentials, signer)
