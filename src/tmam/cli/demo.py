"""The demo season and the logins of its cast: `tmam demo`, and the first `tmam up` in demo mode.

The logins are kept in the state folder (`keys/demo_logins.json`, mode 600). On loopback they are the documented
ones; as soon as other machines are served they are random, and changed back only when nobody else is served.
In production nobody can sign in with them, whatever the database was used for before.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from tmam.cli.database import database, set_up_django
from tmam.cli.migrate import migrate
from tmam.cli.operator_error import OperatorError
from tmam.platform.settings import Settings

PARTS = ("buyer", "organizer", "steward", "manager", "finance", "box_office", "staff")
EMAILS = {
    "buyer": "buyer@demo.tmam.example",
    "organizer": "organizer@demo.tmam.example",
    "steward": "gate@demo.tmam.example",
    "manager": "manager@demo.tmam.example",
    "finance": "finance@demo.tmam.example",
    "box_office": "boxoffice@demo.tmam.example",
    "staff": "staff@demo.tmam.example",
}
PASSWORD_BYTES = 9  # 12 characters, typed once on a phone


class KeptLogin(msgspec.Struct, frozen=True):
    """One login of the cast."""

    part: str
    email: str
    password: str


class KeptCast(msgspec.Struct, frozen=True):
    """The cast as kept: its logins, whether they are the documented ones or random, and where to try the gate.

    `open_event_id` is the event of the season whose doors are open for a month after loading.
    """

    kind: Literal["documented", "random"]
    logins: list[KeptLogin]
    open_event_id: int | None = None


def run_demo(settings: Settings) -> None:
    """Load the season if it is missing and print the cast.

    Raises:
        OperatorError: this is not demo mode.
    """
    if settings.mode == "production":
        raise OperatorError("There is no demo in production mode (TMAM_MODE).")
    with database(settings, may_be_new=True) as url:
        set_up_django()
        migrate(url)
        cast = prepare_demo(settings)
    for line in cast_lines(cast):
        print(line)


def prepare_demo(settings: Settings) -> KeptCast | None:
    """Load the season on first use, and see that the logins suit who is served. Django must be set up.

    Returns None when the season came into this database from another state folder: that one knows the logins.
    """
    from django.utils import timezone

    from tmam.demo.load import is_loaded

    kind: Literal["documented", "random"] = "documented" if settings.is_loopback else "random"
    path = settings.state / "keys" / "demo_logins.json"
    if not is_loaded():
        return _load(path, kind, timezone.now())
    if path.exists():
        cast = msgspec.json.decode(path.read_bytes(), type=KeptCast)
        is_right = cast.kind == kind and _all_open_with({each.email: each.password for each in cast.logins})
        return cast if is_right else _change_passwords(path, kind, cast.open_event_id)
    if kind == "random" and _any_opens_with(_documented()):
        return _change_passwords(path, kind, None)  # everybody knows them, and others are served now
    return None


def close_demo_logins(settings: Settings) -> int:
    """Outside of demo mode: nobody signs in as the demo's cast any more; returns how many logins this ended.

    Their sessions end too. Back in demo mode, the state folder that loaded the season opens them again.
    """
    from tmam.accounts.models import User

    if settings.mode == "demo" or (settings.mode == "test" and settings.is_loopback):
        return 0
    users = [each for each in User.objects.filter(email__in=EMAILS.values()) if each.has_usable_password()]
    for user in users:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return len(users)


def cast_lines(cast: KeptCast | None) -> list[str]:
    """The cast for the screen."""
    if cast is None:
        return ["The demo season was loaded from another data folder; its logins are kept there."]
    return [f"  {login.part:<10} {login.email:<32} {login.password}" for login in cast.logins]


def _load(path: Path, kind: Literal["documented", "random"], now: datetime) -> KeptCast:
    from tmam.demo.load import load_demo

    loaded = load_demo(now=now, passwords=_passwords(kind))
    logins = [KeptLogin(login.part, login.email, login.password) for login in loaded.logins]
    return _keep(path, KeptCast(kind, logins, loaded.event_open_now_id))


def _change_passwords(
    path: Path, kind: Literal["documented", "random"], open_event_id: int | None
) -> KeptCast:
    from tmam.accounts.models import User

    passwords = _passwords(kind)
    users = {user.email: user for user in User.objects.filter(email__in=EMAILS.values())}
    logins = [KeptLogin(part, EMAILS[part], passwords[part]) for part in PARTS if EMAILS[part] in users]
    # Kept before they are true: should this be cut off in between, the next start sees it and repeats it.
    cast = _keep(path, KeptCast(kind, logins, open_event_id))
    for login in logins:
        user = users[login.email]
        user.set_password(login.password)
        user.save(update_fields=["password"])
    return cast


def _documented() -> dict[str, str]:
    passwords = _passwords("documented")
    return {EMAILS[part]: passwords[part] for part in PARTS}


def _all_open_with(passwords: Mapping[str, str]) -> bool:
    from tmam.accounts.models import User

    return all(
        user.check_password(passwords[user.email]) for user in User.objects.filter(email__in=passwords)
    )


def _any_opens_with(passwords: Mapping[str, str]) -> bool:
    from tmam.accounts.models import User

    return any(
        user.check_password(passwords[user.email]) for user in User.objects.filter(email__in=passwords)
    )


def _passwords(kind: Literal["documented", "random"]) -> dict[str, str]:
    from tmam.demo.cast import DEMO_PASSWORDS

    if kind == "documented":
        return dict(DEMO_PASSWORDS)
    return {part: secrets.token_urlsafe(PASSWORD_BYTES) for part in PARTS}


def _keep(path: Path, cast: KeptCast) -> KeptCast:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(cast))
    unfinished.rename(path)
    return cast
