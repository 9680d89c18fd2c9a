"""The command `tmam`. One module per command; each is imported only when it is called, so that all start fast."""

from __future__ import annotations

from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Literal

import typer

from tmam.cli.operator_error import one_sentence, operator_settings
from tmam.cli.ticket_keys.commands import add_to as add_ticket_keys_to

app = typer.Typer(
    name="tmam",
    help="Sells, delivers and redeems digital tickets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

State = Annotated[str | None, typer.Option(help="Data folder (TMAM_STATE).", show_default=False)]
Host = Annotated[str | None, typer.Option(help="Name or address to serve (TMAM_HOST).", show_default=False)]
Port = Annotated[str | None, typer.Option(help="Port of the front (TMAM_PORT).", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]


@app.command()
def up(host: Host = None, port: Port = None, state: State = None) -> None:
    """Start everything and keep it running until Ctrl-C."""
    with one_sentence():
        from tmam.cli.up import run_up

        run_up(operator_settings(host=host, port=port, state=state))


@app.command()
def web(state: State = None) -> None:
    """Run the product server alone, on TMAM_WEB_PORT of the loopback address."""
    with one_sentence():
        from tmam.cli.servers import run_web

        run_web(operator_settings(state=state))


@app.command()
def hot(state: State = None) -> None:
    """Run the hot shell alone, on TMAM_HOT_PORT of the loopback address."""
    with one_sentence():
        from tmam.cli.servers import run_hot

        run_hot(operator_settings(state=state))


@app.command()
def worker(state: State = None) -> None:
    """Run the background work: jobs, event log, expired holds, payments to look after, search."""
    with one_sentence():
        from tmam.cli.worker import run_worker

        run_worker(operator_settings(state=state))


@app.command()
def migrate(state: State = None) -> None:
    """Bring the database's tables up to date."""
    with one_sentence():
        from tmam.cli.migrate import run_migrate

        run_migrate(operator_settings(state=state))


@app.command()
def staff(
    verb: Annotated[Literal["add", "remove", "list"], typer.Argument(help="What to do.")],
    email: Annotated[str, typer.Argument(help="A proven address of the account.")] = "",
    state: State = None,
) -> None:
    """Name the people who look after accounts at /staff/."""
    with one_sentence():
        from tmam.cli.staff import run_staff

        run_staff(operator_settings(state=state), verb, email)


@app.command("mail-dns")
def mail_dns(state: State = None) -> None:
    """Print the DNS records that prove mail to be ours (DKIM, DMARC)."""
    with one_sentence():
        from tmam.cli.mail_dns import run_mail_dns

        run_mail_dns(operator_settings(state=state))


@app.command("sample-ticket")
def sample_ticket(
    *,
    form: Annotated[
        str, typer.Option("--format", help="pdf, png, jpeg, pkpass, google, html, ics, token, …")
    ],
    output: Annotated[str, typer.Option("-o", "--output", help="File to write; - is the standard output.")],
    name: Annotated[str, typer.Option(help="Name on the ticket.", show_default=False)] = "",
    lang: Annotated[str, typer.Option(help="en or es.")] = "en",
) -> None:
    """Write a sample ticket, to try on printers, phones and scanners. It admits nobody. Exit status 2: not possible."""
    with one_sentence(status=2):
        from tmam.cli.sample_ticket import run_sample_ticket

        run_sample_ticket(form, output, name, lang)


@app.command()
def demo(state: State = None) -> None:
    """Load the demo season if there is nothing yet, and show the logins of its cast."""
    with one_sentence():
        from tmam.cli.demo import run_demo

        run_demo(operator_settings(state=state))


keys_app = typer.Typer(
    help="Keys that sign tickets (docs/ticket-keys.md) and keys that encrypt at rest (docs/encryption.md).",
    no_args_is_help=True,
)
app.add_typer(keys_app, name="keys")
add_ticket_keys_to(keys_app)


@keys_app.command("status")
def keys_status(state: State = None) -> None:
    """Say what waits for a newer key."""
    with one_sentence():
        from tmam.cli.keys import run_keys_status

        run_keys_status(operator_settings(state=state))


@keys_app.command("rotate-master")
def keys_rotate_master(state: State = None) -> None:
    """Make a new master key and lock every data key under it. Takes moments; nothing has to stop."""
    with one_sentence():
        from tmam.cli.keys import run_rotate_master

        run_rotate_master(operator_settings(state=state))


@keys_app.command("relock")
def keys_relock(state: State = None) -> None:
    """Lock under the newest master key what is locked under older ones."""
    with one_sentence():
        from tmam.cli.keys import run_relock

        run_relock(operator_settings(state=state))


@keys_app.command("drop-old")
def keys_drop_old(
    *,
    now: Annotated[bool, typer.Option("--now", help="Even if it signs people out.")] = False,
    state: State = None,
) -> None:
    """Forget the older master keys once nothing is locked under them."""
    with one_sentence():
        from tmam.cli.keys import run_drop_old

        run_drop_old(operator_settings(state=state), now=now)


@keys_app.command("rotate-data")
def keys_rotate_data(
    *,
    event: Annotated[int, typer.Option(min=0, help="Number of the event; 0: all.")] = 0,
    wait: Annotated[bool, typer.Option("--wait", help="Seal here instead of in the worker.")] = False,
    state: State = None,
) -> None:
    """Make new data keys and seal names, documents and private keys anew under them."""
    with one_sentence():
        from tmam.cli.keys import run_rotate_data

        run_rotate_data(operator_settings(state=state), event_id=event, wait=wait)


@keys_app.command("reseal")
def keys_reseal(state: State = None) -> None:
    """Seal under the newest data keys what is not yet; interrupted, run it again."""
    with one_sentence():
        from tmam.cli.keys import run_reseal

        run_reseal(operator_settings(state=state))


@app.command()
def doctor(as_json: AsJson = False, state: State = None) -> None:
    """Check everything and say what to do about each finding. Exit status 1: something is wrong."""
    with one_sentence():
        from tmam.cli.doctor.run import run_doctor

        raise typer.Exit(run_doctor(operator_settings(state=state), as_json=as_json))


import_app = typer.Typer(help="Bring timetables in from files.", no_args_is_help=True)
app.add_typer(import_app, name="import")

Organizer = Annotated[str, typer.Option(help="The organizer who sells, by its short name.")]
First = Annotated[
    str, typer.Option("--from", help="First day, such as 2026-12-01 (today).", show_default=False)
]
Days = Annotated[int, typer.Option(help="How many days.")]
Capacity = Annotated[
    int | None, typer.Option(help="Places without numbers on each trip.", show_default=False)
]
Seats = Annotated[
    str, typer.Option(help="Numbered seats: coaches x rows x seats (6x12x4), or the number of a seat plan.")
]
SaleFile = Annotated[
    Path | None, typer.Option(help="Ticket types, prices, texts (TOML).", show_default=False)
]
FeedName = Annotated[str, typer.Option(help="Name of the timetable; the organizer's if left out.")]


@import_app.command("gtfs")
def import_gtfs(
    path: Annotated[Path, typer.Argument(help="Folder or ZIP file.")],
    *,
    organizer: Organizer,
    first: First = "",
    days: Days = 60,
    capacity: Capacity = None,
    seats: Seats = "",
    sale: SaleFile = None,
    feed: FeedName = "",
    as_json: AsJson = False,
    state: State = None,
) -> None:
    """Put the trips of a GTFS timetable on sale. Run it again at any time: nothing comes twice."""
    with one_sentence():
        from tmam.cli.import_timetable import ImportOptions, run_import_gtfs

        options = ImportOptions(organizer, first, days, capacity, seats, sale, feed, as_json)
        raise typer.Exit(run_import_gtfs(operator_settings(state=state), path, options))


@import_app.command("flights")
def import_flights(
    path: Annotated[Path, typer.Argument(help="CSV file, see docs/timetables.md.")],
    *,
    organizer: Organizer,
    airports: Annotated[Path | None, typer.Option(help="More airports (CSV).", show_default=False)] = None,
    first: First = "",
    days: Days = 60,
    sale: SaleFile = None,
    feed: FeedName = "",
    as_json: AsJson = False,
    state: State = None,
) -> None:
    """Put flights on sale. Run it again at any time: nothing comes twice."""
    with one_sentence():
        from tmam.cli.import_timetable import ImportOptions, run_import_flights

        options = ImportOptions(organizer, first, days, sale=sale, feed=feed, as_json=as_json)
        raise typer.Exit(run_import_flights(operator_settings(state=state), path, options, airports))


@app.command()
def bench(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(help="onsale, gate, pages, db, search, files, downloads or all.")
    ] = "all",
    *,
    connections: Annotated[int, typer.Option(min=1, max=1000, help="Clients at the same time.")] = 64,
    seconds: Annotated[float | None, typer.Option(min=0.5, max=600, help="Of each run; 10, quick 2.")] = None,
    alternations: Annotated[
        int | None, typer.Option(min=1, max=50, help="Runs in turns with pgbench; 5, quick 1.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Short runs, without the slow scenarios.")] = False,
    front: Annotated[bool, typer.Option("--front", help="Measure through the front (Caddy) too.")] = False,
    profile: Annotated[
        Path | None, typer.Option(help="What the hot shell spends its time on (slows it).")
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw an SVG into this file.")] = None,
    into: Annotated[Path | None, typer.Option(help="Write the tables into this Markdown file.")] = None,
    measured: Annotated[
        Path | None, typer.Option("--from", help="Report the JSON of an earlier run.")
    ] = None,
    url: Annotated[str, typer.Option(help="Measure a running installation at this address.")] = "",
    database_url: Annotated[
        str, typer.Option(help="PostgreSQL server to use instead of an embedded one.")
    ] = "",
    as_json: AsJson = False,
    state: State = None,
) -> None:
    """Measure the speed of this machine and check the books afterwards. Exit status 1: books wrong, or errors."""
    with one_sentence():
        from tmam.bench.options import Options
        from tmam.cli.bench import Output, run_bench_command

        options = Options(
            connections=connections,
            seconds=seconds or (2.0 if quick else 10.0),
            alternations=alternations or (1 if quick else 5),
            is_quick=quick,
            uses_front=front,
            profile=profile,
            url=url,
            database_url=database_url,
            state=Path(state).absolute() if state else None,
        )
        output = Output(as_json=as_json, plot=plot, into=into, measured=measured)
        given = [
            each.opts[0]
            for each in context.command.params
            if each.param_type_name == "option" and _was_given(context, each.name or "")
        ]
        raise typer.Exit(run_bench_command(what, options, output, given))


def _was_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


@app.command()
def warm(
    event: Annotated[int, typer.Argument(help="The event's number.")],
    forms: Annotated[str, typer.Option(help="Forms with commas between them, such as pdf,png.")] = "pdf",
    state: State = None,
) -> None:
    """Draw the files of all tickets of an event ahead, here and now. What is there already costs a look."""
    with one_sentence():
        from tmam.cli.warm import run_warm

        raise typer.Exit(run_warm(operator_settings(state=state), event, forms))


@app.command()
def settings() -> None:
    """Show every setting, its meaning and its default (the table of docs/settings.md)."""
    from tmam.platform.settings_table import settings_document

    print(settings_document(), end="")


@app.command()
def version() -> None:
    """Show the version."""
    print(installed_version("tmam"))
