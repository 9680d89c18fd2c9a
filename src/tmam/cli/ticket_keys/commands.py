"""The commands of `tmam keys` that are about signing tickets (docs/ticket-keys.md): added to that group here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tmam.cli.operator_error import one_sentence, operator_settings

State = Annotated[str | None, typer.Option(help="Data folder (TMAM_STATE).", show_default=False)]
EventNumber = Annotated[int, typer.Argument(min=1, help="Number of the event.")]
NewFile = Annotated[Path, typer.Option("--output", "-o", help="File to write; it must not be there yet.")]
By = Annotated[
    str,
    typer.Option(
        help="E-mail address of who does it, one of the staff: their number goes into the log.",
        show_default=False,
    ),
]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(help="File with the passphrase, instead of asking for it.", show_default=False),
]

root_app = typer.Typer(
    help="The offline root: for a machine without network, in the hands of its holder.", no_args_is_help=True
)


def add_to(keys_app: typer.Typer) -> None:
    """Put the commands below into the group `tmam keys`."""
    keys_app.add_typer(root_app, name="root")
    for name, command in (
        ("show", show),
        ("rotate", rotate),
        ("request", request),
        ("install", install),
        ("stolen", stolen),
        ("drill", drill),
    ):
        keys_app.command(name)(command)


@root_app.command("new")
def root_new(output: NewFile, passphrase_file: PassphraseFile = None) -> None:
    """Make a root key, encrypted by a passphrase. Do this on a machine that has no network."""
    with one_sentence():
        from tmam.cli.ticket_keys.root import run_root_new

        run_root_new(output, passphrase_file)


@root_app.command("sign")
def root_sign(
    request_file: Annotated[Path, typer.Argument(help="What `tmam keys request` wrote on the server.")],
    root: Annotated[Path, typer.Option(help="The root's file.")],
    output: NewFile,
    days: Annotated[int, typer.Option(min=1, max=400, help="How long it is good.")] = 90,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Sign a server's request: it may publish key sets for so many days."""
    with one_sentence():
        from tmam.cli.ticket_keys.root import run_root_sign

        run_root_sign(request_file, root, output, days, passphrase_file)


def request(output: NewFile, state: State = None) -> None:
    """Write a request for the root's holder; it has no secret in it."""
    with one_sentence():
        from tmam.cli.ticket_keys.root import run_request

        run_request(operator_settings(state=state), output)


def install(
    delegation: Annotated[Path, typer.Argument(help="What `tmam keys root sign` wrote.")],
    *,
    root: Annotated[
        str,
        typer.Option(help="The root's public key (64 hex digits): the first time, and to change the root."),
    ] = "",
    state: State = None,
) -> None:
    """Install what the root signed: key sets go out with it from now on."""
    with one_sentence():
        from tmam.cli.ticket_keys.root import run_install

        run_install(operator_settings(state=state), delegation, root)


def show(
    event: Annotated[int, typer.Argument(min=0, help="Number of the event; 0: only the root.")] = 0,
    state: State = None,
) -> None:
    """Show the root, how long its delegation is good, and an event's keys."""
    with one_sentence():
        from tmam.cli.ticket_keys.run import run_show

        run_show(operator_settings(state=state), event)


def rotate(event: EventNumber, by: By = "", state: State = None) -> None:
    """Sign an event's new tickets with a new key. Tickets that are out stay as they are."""
    with one_sentence():
        from tmam.cli.ticket_keys.run import run_rotate

        run_rotate(operator_settings(state=state), event, by)


def stolen(
    event: EventNumber,
    key: Annotated[int, typer.Argument(min=0, max=255, help="Id of the key (`tmam keys show EVENT`).")],
    output: NewFile,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    by: By = "",
    state: State = None,
) -> None:
    """A key was stolen: trust nothing it signed, replace its tickets, mail everybody. Interrupted, run it again."""
    with one_sentence():
        from tmam.cli.ticket_keys.run import run_stolen

        run_stolen(operator_settings(state=state), event, key, output, is_sure=yes, by=by)


def drill(
    event: EventNumber,
    key: Annotated[int | None, typer.Argument(min=0, max=255, help="Id of the key; the newest.")] = None,
    state: State = None,
) -> None:
    """Play a theft through on an event and take everything back. Exit status 1: something did not hold."""
    with one_sentence():
        from tmam.cli.ticket_keys.run import run_drill

        raise typer.Exit(run_drill(operator_settings(state=state), event, key))
