"""The ceremony: `tmam keys root new`, `request`, `root sign`, `install`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from tmam.cli.database import database, set_up_django
from tmam.cli.operator_error import OperatorError
from tmam.cli.ticket_keys.files import read_small, write_new
from tmam.platform.settings import Settings
from tmam.tickets.key_sets.root_key import (
    RootKeyError,
    make_root,
    open_root,
    read_request,
    request_text,
    sign_request,
)


def run_root_new(output: Path, passphrase_file: Path | None) -> None:
    """Make a root. Needs no database.

    Raises:
        OperatorError: the passphrase is too short, or the file is there already.
    """
    try:
        pem, public_key = make_root(_passphrase(passphrase_file, is_new=True))
    except RootKeyError as error:
        raise OperatorError(str(error)) from None
    write_new(output, pem.decode())
    print(f"The root is in {output}. Keep it and its passphrase apart, and a copy of each in another place.")
    print(f"Its public key, for servers and for whoever checks tickets:\n{public_key.hex()}")


def run_root_sign(
    request_file: Path, root: Path, output: Path, days: int, passphrase_file: Path | None
) -> None:
    """Sign a request. Needs no database.

    Raises:
        OperatorError: the root does not open, or the request is none.
    """
    try:
        request = read_request(read_small(request_file))
        print(
            f"{request.host} asked on {request.made_at:%Y-%m-%d %H:%M} UTC. Its key:\n{request.fingerprint}"
        )
        seed = open_root(read_small(root).encode(), _passphrase(passphrase_file, is_new=False))
        text = sign_request(request, seed, datetime.now(UTC), timedelta(days=days))
    except RootKeyError as error:
        raise OperatorError(str(error)) from None
    write_new(output, text)
    print(f"Signed for {days} days: {output}. Take it back to the server: tmam keys install {output.name}")


def run_request(settings: Settings, output: Path) -> None:
    """Write a request for this installation.

    Raises:
        OperatorError: the file is there already.
    """
    with database(settings):
        set_up_django()
        from tmam.tickets.key_sets.delegations import request_delegation

        request = request_delegation(settings.host, datetime.now(UTC))
    write_new(output, request_text(request) + "\n")
    print(f"Take {output} to the root. Its holder will see this key; compare it on the telephone:")
    print(request.fingerprint)


def run_install(settings: Settings, delegation: Path, root: str) -> None:
    """Install a delegation.

    Raises:
        OperatorError: it is not by the root, or not for us.
    """
    text = read_small(delegation)
    with database(settings):
        set_up_django()
        from tmam.tickets.key_sets.delegations import NotOurDelegationError, install_delegation

        try:
            found = install_delegation(text, _public_key(root), datetime.now(UTC))
        except NotOurDelegationError as error:
            raise OperatorError(str(error)) from None
    print(f"Key sets are signed under that root until {found.not_after:%Y-%m-%d %H:%M} UTC.")


def _public_key(text: str) -> bytes | None:
    if not text:
        return None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise OperatorError("The root's public key is 64 hex digits.")
    return key


def _passphrase(file: Path | None, *, is_new: bool) -> str:
    if file is not None:
        return read_small(file).rstrip("\n")
    asked: str = typer.prompt("Passphrase of the root", hide_input=True, confirmation_prompt=is_new)
    return asked
