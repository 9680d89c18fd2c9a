"""Where tmam is, how people reach it, what it keeps its data in, what it tells its operator."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class PlaceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where tmam is, how people reach it, what it keeps its data in, what it tells its operator."""

    state: Annotated[
        Path, Meta(description="Folder of everything that must be kept: database, keys, files, mail.")
    ] = Path("var")
    host: Annotated[
        str, Meta(description="Name or address people type. Anything but `localhost` is served over HTTPS.")
    ] = "localhost"
    port: Annotated[int, Meta(ge=1, le=65535, description="Port of the front server.")] = 8000
    database_url: Annotated[
        str,
        Meta(
            description="PostgreSQL ≥ 15 to use (`postgresql://user:password@host/name`). Empty: the embedded server."
        ),
    ] = ""
    mode: Annotated[
        Literal["demo", "production", "test"],
        Meta(description="`demo` loads the demo season and its logins; `production` has neither."),
    ] = "demo"
    secret_key: Annotated[
        str, Meta(description="Signs cookies and links. Empty: made once and kept in the state folder.")
    ] = ""
    master_keys: Annotated[
        str,
        Meta(
            description="Comma-separated Fernet keys that encrypt secrets at rest, newest first. Empty: made once and kept in the state folder."
        ),
    ] = ""
    log_format: Annotated[
        Literal["text", "json"], Meta(description="`json` for machines, `text` for people.")
    ] = "text"
    log_to: Annotated[
        Literal["files", "stdout"],
        Meta(
            description="`files`: one per program in the state folder's `log`; `stdout`: everything to the terminal."
        ),
    ] = "files"
    metrics_token: Annotated[
        str,
        Meta(
            description="Bearer token that `/metrics` asks for. Empty: it answers clients on this machine only, and nobody in production."
        ),
    ] = ""
    support_email: Annotated[str, Meta(description="Where people who need help write to.")] = (
        "help@tmam.example"
    )
    security_contact: Annotated[
        str,
        Meta(
            description="Address or https link for people who found a weakness, shown in security.txt. Empty: the support address."
        ),
    ] = ""
