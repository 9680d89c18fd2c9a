"""What a letter needs to know, kept so that a one-time code cannot be read from the database or a copy of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import models

from tmam.platform.keys import decrypt, encrypt

SECRETS = ("code",)


def seal(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context as it is stored: secrets encrypted under the operator's key."""
    hidden = {name: encrypt(str(context[name]).encode()).decode() for name in SECRETS if context.get(name)}
    return {**context, **hidden}


def unseal(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What `seal` was given. A secret whose key is gone is empty: its code has long ended."""
    return {**stored, **{name: _read(str(stored[name])) for name in SECRETS if stored.get(name)}}


class ContextField(models.JSONField):
    """JSON whose secrets are encrypted in the table and plain in Python."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """As read."""
        found = super().from_db_value(value, expression, connection)
        return unseal(found) if isinstance(found, dict) else found

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """As stored."""
        return super().get_db_prep_save(seal(value) if isinstance(value, Mapping) else value, connection)

    def deconstruct(self) -> Any:
        """To the database it is JSON like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


def _read(secret: str) -> str:
    try:
        return decrypt(secret.encode()).decode()
    except InvalidToken:
        return ""
