"""The report for people: on the terminal, and as the Markdown of `docs/performance.md`."""

from __future__ import annotations

from collections.abc import Iterator

from tmam.bench.results import Report, Result


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
            f"{result.operations:,} operations in {result.seconds:.0f} s, {result.errors} errors"
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
        yield f"  beside it: {', '.join(f'{what} {value:,.1f}' for what, value in result.compared.items())}"
    if result.note:
        yield f"  {result.note}"
    yield from (f"  BOOKS: {fault}" for fault in result.faults)
    if not result.faults:
        yield "  books ok"
