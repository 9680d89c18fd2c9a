"""New recovery codes between being made and being put away: encrypted in the session, half an hour at most."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from cryptography.fernet import InvalidToken
from django.http import HttpRequest

from tmam.accounts.happenings import Happening
from tmam.accounts.recovery_codes import make_codes, say_kept
from tmam.accounts.security_log import record, visit_of
from tmam.platform.keys import decrypt, encrypt

SESSION_KEY = "recovery_codes_shown"
SHOWN_FOR = timedelta(minutes=30)


def make_codes_to_show(request: HttpRequest, user_id: int, *, now: datetime, is_first: bool = False) -> None:
    """New codes; the old ones are worth nothing from now on. `is_first`: there were none."""
    codes = make_codes(user_id, now=now)
    kept = json.dumps({"user_id": user_id, "codes": codes, "at": now.timestamp()})
    request.session[SESSION_KEY] = encrypt(kept.encode()).decode()
    record(
        user_id,
        Happening.RECOVERY_CODES_MADE,
        now=now,
        visit=visit_of(request),
        details={"is_first": is_first},
    )


def shown_codes(request: HttpRequest, user_id: int, *, now: datetime) -> list[str] | None:
    """The codes that this session made, until they are put away."""
    kept = request.session.get(SESSION_KEY)
    if kept is None:
        return None
    try:
        found = json.loads(decrypt(kept.encode()))
    except InvalidToken:
        return None
    if found["user_id"] != user_id or now - datetime.fromtimestamp(found["at"], tz=UTC) > SHOWN_FOR:
        request.session.pop(SESSION_KEY)
        return None
    return [str(code) for code in found["codes"]]


def put_away(request: HttpRequest, user_id: int, *, now: datetime) -> None:
    """The person has them: nobody can show them again."""
    request.session.pop(SESSION_KEY, None)
    say_kept(user_id, now=now)
