"""The report for people: on the terminal, and as the Markdown of `docs/performance.md`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tmam.bench.errors import BenchError
from tmam.bench.results import Report, Result

BEGIN_MARK, END_MARK = "<!-- measured: `tmam bench --into` writes here -->", "<!-- /measured -->"


def report_lines(report: Report) -> Iterator[str]:
    """The report for the terminal."""
    for name, result in report.scenarios.items():
        yield from _scenario_lines(name, result)
    for name, why in report.left_out.items():
        yield f"{name}: left out. {why}"
    for fault in report.doctor_faults:
        yield f"The doctor: {fault}"
    machine, postgresql = report.machine, report.postgresql
    yield (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB; PostgreSQL "
        f"{postgresql['server_version']}, fsync {postgresql['fsync']}, synchronous_commit "
        f"{postgresql['synchronous_commit']}, shared_buffers {postgresql['shared_buffers']}"
    )
    yield "The books are right." if report.books_ok else "THE BOOKS ARE WRONG."


def _scenario_lines(name: str, result: Result) -> Iterator[str]:
    yield f"{name} ({result.title})"
    versus = f", pgbench {result.pgbench_ops_per_s:,.0f}/s, ratio {result.ratio:.2f}" if result.ratio else ""
    if result.operations:
        yield (
            f"  {result.ops_per_s:,.0f}/s{versus}; p50 {result.p50_ms:.1f} ms, p99 {result.p99_ms:.1f} ms; "
            f"{result.operations:,} operations{f' in {result.seconds:.0f} s' if result.seconds else ''}, "
            f"{result.errors} errors"
        )
    elif result.pgbench_ops_per_s:
        yield f"  pgbench {result.pgbench_ops_per_s:,.0f}/s"
    for reason, count in sorted(result.error_reasons.items()):
        yield f"  error: {reason} ({count})"
    if result.cpu:
        shares = (f"{process} {used:.1f} s" for process, used in result.cpu.items())
        yield f"  CPU in {result.seconds:.0f} s: {', '.join(shares)}"
    if result.memory_mb:
        yield f"  memory: {', '.join(f'{process} {used:.0f} MB' for process, used in result.memory_mb.items())}"
    if result.compared:
        yield f"  beside it: {', '.join(f'{what} {_compared(value)}' for what, value in result.compared.items())}"
    if result.note:
        yield f"  {result.note}"
    yield from (f"  BOOKS: {fault}" for fault in result.faults)
    if not result.faults:
        yield "  books ok"


def markdown(report: Report) -> str:
    """The report as Markdown tables."""
    return (
        "\n".join([*_machine_markdown(report), "", *_figures_markdown(report), "", *_costs_markdown(report)])
        + "\n"
    )


def write_into(document: Path, report: Report) -> None:
    """Put the tables between the two marks of a Markdown document.

    Raises:
        BenchError: the document has no such marks.
    """
    text = document.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN_MARK)
    _, end, after = rest.partition(END_MARK)
    if not begin or not end:
        raise BenchError(f"{document} has no place for the figures: `{BEGIN_MARK}` and `{END_MARK}`.")
    document.write_text(f"{before}{begin}\n{markdown(report)}{end}{after}", encoding="utf-8")


def _machine_markdown(report: Report) -> Iterator[str]:
    machine, postgresql, options = report.machine, report.postgresql, report.options
    yield (
        f"Measured on {report.measured_at} with tmam {report.version}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gb']} GB, {machine['system']}, Python {machine['python']}, a load of {machine['load']} before "
        f"it began; PostgreSQL "
        f"{postgresql['server_version']} with fsync {postgresql['fsync']}, synchronous_commit "
        f"{postgresql['synchronous_commit']}, full_page_writes {postgresql['full_page_writes']}, shared_buffers "
        f"{postgresql['shared_buffers']}; {options['connections']} connections, {options['alternations']} runs of "
        f"{options['seconds']:g} s each."
    )


def _figures_markdown(report: Report) -> Iterator[str]:
    yield "| scenario | what | per second | pgbench | ratio | p50 | p99 | errors | books | beside it |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|---|---|"
    for name, result in report.scenarios.items():
        pgbench = f"{result.pgbench_ops_per_s:,.0f}" if result.pgbench_ops_per_s else ""
        ratio = f"{result.ratio:.2f}" if result.ratio else ""
        beside = ", ".join(f"{what} {value:,g}" for what, value in result.compared.items())
        yield (
            f"| {name} | {result.title} | {result.ops_per_s:,.0f} | {pgbench} | {ratio} | {result.p50_ms:.1f} ms | "
            f"{result.p99_ms:.1f} ms | {result.errors} | {'right' if result.books_ok else 'WRONG'} | {beside} |"
        )


def _costs_markdown(report: Report) -> Iterator[str]:
    """CPU as the share of one core while it was measured, memory as the most that was seen."""
    processes = list(dict.fromkeys(process for result in report.scenarios.values() for process in result.cpu))
    if not processes:
        return
    yield f"| scenario | {' | '.join(f'{process} CPU, MB' for process in processes)} |"
    yield f"|---|{'--:|' * len(processes)}"
    for name, result in report.scenarios.items():
        if result.cpu and result.seconds:
            yield f"| {name} | {' | '.join(_cost(result, process) for process in processes)} |"


def _cost(result: Result, process: str) -> str:
    if process not in result.cpu:
        return ""
    memory = f", {result.memory_mb[process]:.0f}" if process in result.memory_mb else ""
    return f"{100 * result.cpu[process] / result.seconds:.0f} %{memory}"


def _compared(value: float) -> str:
    """One decimal is enough for what is large; shares and milliseconds are not."""
    return f"{value:,.1f}" if abs(value) >= 10 else f"{value:g}"
