"""`tmam bench`: how fast is it here, and are the books right afterwards?"""

from __future__ import annotations

import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import psycopg

from tmam.bench.errors import BenchError
from tmam.bench.options import Options
from tmam.bench.plot import plot_report
from tmam.bench.report import report_lines, write_into
from tmam.bench.results import Report
from tmam.bench.run import NAMES, Tools, run_bench
from tmam.cli.bench_files import run_bench_files
from tmam.cli.database import set_up_django
from tmam.cli.migrate import migrate
from tmam.cli.operator_error import OperatorError
from tmam.cli.static_files import gather_static_files
from tmam.platform.front import Front
from tmam.platform.logs import configure_logs
from tmam.platform.settings import Settings
from tmam.platform.translations import compile_translations

FAILED, STOPPED = 1, 130
FILES = "files"
FILES_OPTIONS = ("--seconds", "--quick", "--json")


@dataclass(frozen=True, kw_only=True)
class Output:
    """How to report. `measured` is the JSON of an earlier run to report instead of measuring."""

    as_json: bool = False
    plot: Path | None = None
    into: Path | None = None
    measured: Path | None = None


def run_bench_command(what: str, options: Options, output: Output, given: Collection[str] = ()) -> int:
    """Measure and report; returns the exit status: 1 when the books are wrong or requests failed.

    `given`: the options that were written down, such as `--front`.

    Raises:
        OperatorError: with one sentence why it cannot be measured.
    """
    if what == FILES:
        if unused := [option for option in given if option not in FILES_OPTIONS]:
            raise OperatorError(
                f"`tmam bench files` has no use for {', '.join(unused)}; it takes {', '.join(FILES_OPTIONS)}."
            )
        return run_bench_files(options.seconds / 5, as_json=output.as_json)
    if what not in NAMES:
        raise OperatorError(f"There is no benchmark `{what}`; there are {', '.join((*NAMES, FILES))}.")
    try:
        if output.measured is not None:
            report = _read(output.measured)
        else:
            report = run_bench([what], options, Tools(_set_up, _prepare, _doctor_faults), _say)
        _write(report, output)
    except BenchError as error:
        raise OperatorError(str(error)) from None
    except KeyboardInterrupt:
        _say("Stopped; nothing is left behind.")
        return STOPPED
    return 0 if report.books_ok and not any(each.errors for each in report.scenarios.values()) else FAILED


def _read(path: Path) -> Report:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except (OSError, msgspec.DecodeError) as error:
        raise BenchError(f"{path} is not the JSON of an earlier run: {error}") from None


def _write(report: Report, output: Output) -> None:
    if output.as_json:
        sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
        sys.stdout.flush()
    else:
        for line in report_lines(report):
            print(line)
    if output.plot is not None:
        output.plot.write_text(plot_report(report), encoding="utf-8")
    if output.into is not None:
        write_into(output.into, report)


def _say(sentence: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


def _set_up() -> None:
    configure_logs("text", stream=sys.stderr)
    set_up_django()


def _prepare(settings: Settings) -> Front:
    """Tables, words and static files for servers of our own; returns the front that belongs to them."""
    from django.conf import settings as django_settings

    from tmam.web.security_headers import security_headers

    for folder in django_settings.LOCALE_PATHS:
        compile_translations(Path(folder))
    migrate(settings.database_url)
    static = Path(django_settings.STATIC_ROOT)
    gather_static_files(static)
    return Front(
        settings,
        static,
        languages=[code for code, _ in django_settings.LANGUAGES],
        page_headers=security_headers(is_secure=not settings.is_loopback),
    )


def _doctor_faults(database_url: str) -> list[str]:
    """What the doctor's invariants find, in sentences."""
    from tmam.cli.doctor.findings import Patient, Severity
    from tmam.cli.doctor.invariants import invariant_checks
    from tmam.cli.doctor.run import QUERY_PATIENCE_MS
    from tmam.platform.settings import current_settings

    options = f"-c statement_timeout={QUERY_PATIENCE_MS} -c TimeZone=UTC"
    faults = []
    with psycopg.connect(database_url, autocommit=True, options=options) as connection:
        patient = Patient(current_settings(), connection, datetime.now(UTC))
        for check in invariant_checks():
            try:
                finding = check.ask(patient)
            except psycopg.Error as error:
                faults.append(f"{check.name} could not be asked: {' '.join(str(error).split())}")
            else:
                faults += [finding.finding] if finding.severity == Severity.WRONG else []
    return faults
