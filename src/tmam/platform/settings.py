"""What the operator can set, in one place: environment variables, their meaning and their defaults.

`Settings` below is the source of the table in `docs/settings.md`; a test keeps the two alike.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tmam.platform.state_folder import StateFolderError


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The program's settings. Each field is the environment variable `TMAM_<NAME>` (DATABASE_URL: bare)."""

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
    key_keeper: Annotated[
        Literal["database", "environment", "pkcs11"],
        Meta(
            description="Who keeps the private halves of new keys that sign tickets (docs/ticket-keys.md): `database` (encrypted at rest), `environment` (derived from `TMAM_KEY_SECRET`) or `pkcs11` (a hardware module). Keys that exist stay where they are."
        ),
    ] = "database"
    key_secret: Annotated[
        str,
        Meta(
            description="Secret of at least 32 characters that signing keys are derived from where `environment` keeps them. It must never change and never be lost."
        ),
    ] = ""
    pkcs11_module: Annotated[
        str, Meta(description="Library of the hardware module (`/usr/lib/softhsm/libsofthsm2.so`).")
    ] = ""
    pkcs11_token: Annotated[str, Meta(description="Label of the token in the hardware module.")] = ""
    pkcs11_pin: Annotated[str, Meta(description="User PIN of the token in the hardware module.")] = ""
    mail_url: Annotated[
        str,
        Meta(
            description="`smtp://user:password@host:587` (STARTTLS, except to this machine), `smtps://…` (TLS) or `folder:` (kept under the state folder, shown at /demo/mail/)."
        ),
    ] = "folder:"
    mail_from: Annotated[str, Meta(description="Sender of every mail.")] = "tmam <tickets@tmam.example>"
    sms_url: Annotated[
        str,
        Meta(
            description="How codes go to phones: `twilio://account-sid:token@sender` (sender: a number like `+34600000000` or a messaging service `MG…`; `?base=https://…` for another address of its API) or `outbox:` (kept under the state folder, shown at /demo/sms/; in production it means that codes by SMS are not offered)."
        ),
    ] = "outbox:"
    sms_countries: Annotated[
        str,
        Meta(
            description="Comma-separated codes of the countries that codes are sent to (`ES,PT,FR`). Empty: everywhere. The best guard against fraud with expensive numbers."
        ),
    ] = ""
    sms_per_day: Annotated[
        int,
        Meta(ge=0, le=10_000_000, description="Most text messages a day to everybody together."),
    ] = 2_000
    dkim_selector: Annotated[
        str,
        Meta(
            pattern=r"^[a-z0-9-]{0,40}$",
            description="Name of the DKIM key that signs every mail sent by SMTP; the key is made on first use, `tmam mail-dns` prints the DNS records. Empty: not signed here (the mail server does it).",
        ),
    ] = ""
    support_email: Annotated[str, Meta(description="Where people who need help write to.")] = (
        "help@tmam.example"
    )
    log_format: Annotated[
        Literal["text", "json"], Meta(description="`json` for machines, `text` for people.")
    ] = "text"
    web_port: Annotated[
        int, Meta(ge=0, le=65535, description="Loopback port of the product server (0: a free one).")
    ] = 0
    hot_port: Annotated[
        int, Meta(ge=0, le=65535, description="Loopback port of the hot shell (0: a free one).")
    ] = 0
    hot_rate_per_client: Annotated[
        int,
        Meta(
            ge=0,
            le=100_000,
            description="Requests a second that one client (IPv4 address, IPv6 /64) may send to the hot shell in the long run; four seconds' worth at once. 0: no limit.",
        ),
    ] = 40
    web_threads: Annotated[int, Meta(ge=1, le=256, description="Threads of the product server.")] = 8
    log_to: Annotated[
        Literal["files", "stdout"],
        Meta(
            description="`files`: one per program in the state folder's `log`; `stdout`: everything to the terminal."
        ),
    ] = "files"
    file_store: Annotated[
        str,
        Meta(
            description="Where finished ticket files are kept: `s3://bucket/prefix` (any store that speaks S3) or empty: the state folder's `files`."
        ),
    ] = ""
    file_store_endpoint: Annotated[
        str, Meta(description="Address of the S3 store (`https://…`). Empty: Amazon's own.")
    ] = ""
    file_store_region: Annotated[str, Meta(description="Region of the S3 store. Empty: `us-east-1`.")] = ""
    file_store_key: Annotated[
        str, Meta(description="Access key of the S3 store. Empty: the machine's own role.")
    ] = ""
    file_store_secret: Annotated[str, Meta(description="Secret of that access key.")] = ""
    file_store_encryption: Annotated[
        Literal["", "AES256", "aws:kms"],
        Meta(
            description="What the S3 store is asked to encrypt each file with (the header `x-amz-server-side-encryption`)."
        ),
    ] = ""
    file_store_redirect: Annotated[
        bool,
        Meta(
            description="Send downloads to a signed address of the S3 store that is good for a minute, instead of passing the bytes through."
        ),
    ] = False
    file_days: Annotated[
        int,
        Meta(
            ge=1,
            le=3650,
            description="How many days after an event its finished files are deleted; they can be made again at any time.",
        ),
    ] = 30
    renderers: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            description="Processes that draw files in each server program, about 130 MB each; they start when there is something to draw. 0: one for each core but one.",
        ),
    ] = 0
    render_queue: Annotated[
        int,
        Meta(ge=1, le=100_000, description="Files that may wait to be drawn; more are told to come back."),
    ] = 3_000
    render_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=600,
            description="How long one file may be drawn before its renderer is ended and replaced.",
        ),
    ] = 30
    warm_hours: Annotated[
        int,
        Meta(
            ge=0,
            le=720,
            description="So many hours before the doors open, the files of large events are drawn ahead. 0: only when somebody asks for it.",
        ),
    ] = 24
    warm_tickets: Annotated[
        int, Meta(ge=1, le=10_000_000, description="What is a large event: from so many tickets on.")
    ] = 1_000
    step_up_minutes: Annotated[
        int,
        Meta(
            ge=1,
            le=60,
            description="How long a proof of who one is counts before something important (passwords, factors, handing tickets on).",
        ),
    ] = 5
    security_contact: Annotated[
        str,
        Meta(
            description="Address or https link for people who found a weakness, shown in security.txt. Empty: the support address."
        ),
    ] = ""
    sso_file: Annotated[
        str,
        Meta(
            description="TOML file with the OpenID Connect providers that people may sign in with (docs/single-sign-on.md). Empty: `sso.toml` in the state folder, if there is one."
        ),
    ] = ""
    reminder_hours: Annotated[
        int,
        Meta(
            ge=0,
            le=336,
            description="How long before its start people are reminded of a date whose tickets nobody has downloaded yet. 0: never.",
        ),
    ] = 48
    google_wallet_issuer: Annotated[
        str,
        Meta(
            pattern=r"^[0-9]{0,30}$",
            description="Issuer number of the Google Wallet API (docs/google-wallet.md). Empty: tickets are not offered for Google Wallet.",
        ),
    ] = ""
    google_wallet_service_account: Annotated[
        str,
        Meta(description="Path of the JSON key file of the service account that may use the issuer."),
    ] = ""
    google_wallet_api: Annotated[
        str, Meta(description="Address of the Google Wallet API; another one is for tests.")
    ] = "https://walletobjects.googleapis.com/walletobjects/v1"
    metrics_token: Annotated[
        str,
        Meta(
            description="Bearer token that `/metrics` asks for. Empty: it answers clients on this machine only, and nobody in production."
        ),
    ] = ""

    sign_in_failures: Annotated[
        int,
        Meta(
            ge=1,
            le=100,
            description="Wrong passwords or codes for one account within `TMAM_SIGN_IN_MINUTES` that pause it: 1 minute, then 5, 15, 60, then 4 hours each.",
        ),
    ] = 5
    sign_in_failures_per_network: Annotated[
        int,
        Meta(
            ge=1,
            le=100_000,
            description="The same for one network (IPv4 address, IPv6 /64), whatever the accounts.",
        ),
    ] = 50
    sign_in_minutes: Annotated[
        int, Meta(ge=1, le=1_440, description="How long a wrong password or code counts.")
    ] = 15
    challenge: Annotated[
        Literal["off", "auto", "on"],
        Meta(
            description="A small puzzle for browsers that nobody signed in with before, at sign-in, sign-up and mails on request: never, while many sign-ins fail, or always."
        ),
    ] = "auto"
    challenge_failures: Annotated[
        int,
        Meta(
            ge=1,
            le=1_000_000,
            description="Failed sign-ins a minute, all accounts together, that switch the puzzle on (`TMAM_CHALLENGE=auto`). It goes off after ten minutes below half of it.",
        ),
    ] = 60
    hash_slots: Annotated[
        int,
        Meta(
            ge=0,
            le=64,
            description="Passwords that are checked at the same time; each takes a core. 0: half the cores.",
        ),
    ] = 0

    change_minutes: Annotated[
        int,
        Meta(
            ge=0,
            le=240,
            description="Least time to change trains or flights at stations that name none of their own.",
        ),
    ] = 5

    security_log_days: Annotated[
        int,
        Meta(ge=30, le=3650, description="How long people can read what happened to their account."),
    ] = 400
    kept_record_years: Annotated[
        int,
        Meta(
            ge=1,
            le=30,
            description="How long the law makes us keep who bought what, after an account was erased.",
        ),
    ] = 10
    recovery_wait_hours: Annotated[
        int,
        Meta(
            ge=1,
            le=720,
            description="How long an owner has to stop a recovery that staff approved.",
        ),
    ] = 72
    geoip_file: Annotated[
        str,
        Meta(
            description="File in MaxMind's format (GeoLite2 City, DB-IP City Lite) that tells roughly where a sign-in came from. Empty: no places are shown."
        ),
    ] = ""
    apple_pass_certificate: Annotated[
        str,
        Meta(
            description="Apple Wallet (docs/apple-wallet.md): the pass certificate, a PEM text or the path of a PEM or DER file. Empty: a self-made one that no iPhone accepts; in production, no Apple Wallet."
        ),
    ] = ""
    apple_pass_key: Annotated[
        str, Meta(description="The key of the pass certificate: RSA, PEM text or path, without a password.")
    ] = ""
    apple_wwdr: Annotated[
        str, Meta(description="Apple's intermediate certificate (WWDR G4) above it: PEM text or path.")
    ] = ""
    apple_pass_type_id: Annotated[
        str, Meta(description="The pass type that the certificate is for (`pass.com.example.tickets`).")
    ] = ""
    apple_team_id: Annotated[str, Meta(description="The team that the certificate belongs to.")] = ""
    apple_push_url: Annotated[
        str,
        Meta(
            description="Where phones are told that a pass changed. Empty: Apple's push service, and nobody while the certificate is self-made."
        ),
    ] = ""
    session_idle_hours: Annotated[
        int, Meta(ge=1, le=8760, description="A person is signed out after so many hours without a visit.")
    ] = 336
    session_absolute_days: Annotated[
        int, Meta(ge=1, le=365, description="… and so many days after signing in, however busy.")
    ] = 90
    team_session_idle_hours: Annotated[
        int,
        Meta(
            ge=1,
            le=8760,
            description="The same for members of teams and platform staff: hours without a visit.",
        ),
    ] = 12
    team_session_absolute_days: Annotated[
        int, Meta(ge=1, le=365, description="… and days after signing in.")
    ] = 7

    pdf_certificate_file: Annotated[
        str,
        Meta(
            description="PEM file with the certificate that signs PDFs (P-256), then those above it. Empty: one is made and kept in the state folder; readers then say that they do not know who signed."
        ),
    ] = ""
    pdf_certificate_key_file: Annotated[
        str, Meta(description="PEM file with the private key of that certificate, without a password.")
    ] = ""

    @property
    def origin(self) -> str:
        """The one origin that all links and same-origin checks use, without a trailing slash."""
        scheme, usual_port = ("http", 80) if self.is_loopback else ("https", 443)
        port = "" if self.port == usual_port else f":{self.port}"
        return f"{scheme}://{self.host}{port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin our own pages may be on: on this machine, all its names."""
        if not self.is_loopback:
            return (self.origin,)
        port = "" if self.port == 80 else f":{self.port}"
        return tuple(f"http://{name}{port}" for name in ("localhost", "127.0.0.1", "[::1]"))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine is served."""
        return self.host in {"localhost", "127.0.0.1", "::1"}


class EmptySecretError(StateFolderError):
    """A kept secret is an empty file. Making a new one would make everything that the old one locked unreadable."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The secret {path} is empty. Restore it from a backup; only if nothing was ever kept with it, remove the file."
        )


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from an environment.

    Raises:
        msgspec.ValidationError: a value has the wrong type or range; its message names the field.
    """
    found: dict[str, str] = {}
    for name in Settings.__struct_fields__:
        variable = variable_name(name)
        if environ.get(variable, "") != "":
            found[name] = environ[variable]
    settings = msgspec.convert(found, type=Settings, strict=False, dec_hook=_decode_path)
    return msgspec.structs.replace(settings, state=settings.state.absolute())


def variable_name(field: str) -> str:
    """The environment variable of a settings field."""
    return "DATABASE_URL" if field == "database_url" else f"TMAM_{field.upper()}"


def current_settings() -> Settings:
    """The settings of this process's environment: asked for with every encrypted value, read once for each environment."""
    environment: dict[bytes, bytes] = os.environ._data  # type: ignore[attr-defined]  # noqa: SLF001 - see below
    global _last  # noqa: PLW0603 - one pair, replaced whole
    # Comparing what `os.environ` is made of takes a microsecond; asking it for each of our variables takes fifty.
    if environment != _last[0]:
        _last = (dict(environment), _settings_of(tuple(os.environ.get(each, "") for each in _VARIABLES)))
    return _last[1]


@functools.lru_cache(maxsize=4)
def _settings_of(values: tuple[str, ...]) -> Settings:
    return load_settings(dict(zip(_VARIABLES, values, strict=True)))


_VARIABLES = tuple(variable_name(name) for name in Settings.__struct_fields__)
_last: tuple[dict[bytes, bytes], Settings] = ({}, Settings())


def kept_secret(folder: Path, name: str, make: bytes | None = None) -> str:
    """Read the secret `name` from `folder`, making it on first use (file mode 600, folder mode 700).

    It is whole and on disk before it has its name, so neither a power cut nor a second process at the same
    moment can leave two secrets or half of one.

    Raises:
        EmptySecretError: the file is there and empty: a copy or a disk failed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name
    if not path.exists():
        _make_secret(path, make or secrets.token_urlsafe(48).encode())
    secret = path.read_text().strip()
    if not secret:
        raise EmptySecretError(path)
    return secret


def replace_secret(path: Path, secret: bytes) -> None:
    """Put a new secret in the place of an old one; whoever reads meanwhile gets one or the other, whole."""
    _unfinished(path, secret).replace(path)
    _keep_name(path)


def _make_secret(path: Path, secret: bytes) -> None:
    unfinished = _unfinished(path, secret)
    try:
        with contextlib.suppress(FileExistsError):  # another process was faster: its secret is the secret
            os.link(unfinished, path)
    finally:
        unfinished.unlink()
    _keep_name(path)


def _unfinished(path: Path, secret: bytes) -> Path:
    """The secret, whole and on disk, under a name of its own beside `path`."""
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 600
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    return Path(unfinished)


def _keep_name(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _decode_path(wanted: type, value: object) -> object:
    if wanted is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError(wanted)  # msgspec's way to say: no type of ours
