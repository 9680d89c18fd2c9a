"""The report: figures folded from runs, the terminal's lines, the document's tables, the plot."""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tmam.bench.errors import BenchError
from tmam.bench.measure import Baseline, percentile
from tmam.bench.plot import plot_report
from tmam.bench.report import BEGIN_MARK, END_MARK, markdown, report_lines, write_into
from tmam.bench.results import Report, Result

SVG = "{http://www.w3.org/2000/svg}"
PERCENTILES = {"p50": 5.0, "p90": 8.0, "p99": 12.5, "p100": 400.0}


def result(**fields: Any) -> Result:
    defaults: dict[str, Any] = {
        "title": "holds on one hot pool",
        "ops_per_s": 11_300.4,
        "pgbench_ops_per_s": 3_000.0,
        "ratio": 3.77,
        "p50_ms": 5.0,
        "p99_ms": 12.5,
        "cpu": {"hot_shell": 9.0, "load_generator": 2.5},
        "memory_mb": {"hot_shell": 61.0},
        "seconds": 10.0,
        "operations": 113_004,
        "latency_ms": PERCENTILES,
    }
    return Result(**(defaults | fields))


def report(**scenarios: Result) -> Report:
    main, first = next(iter(scenarios.items()))
    return Report(
        main=main,
        ops_per_s=first.ops_per_s,
        pgbench_ops_per_s=first.pgbench_ops_per_s,
        ratio=first.ratio,
        p50_ms=first.p50_ms,
        p99_ms=first.p99_ms,
        errors=first.errors,
        books_ok=all(each.books_ok for each in scenarios.values()),
        cpu=first.cpu,
        memory_mb=first.memory_mb,
        scenarios=scenarios,
        left_out={"full": "Left out by --quick."},
        doctor_faults=[],
        machine={
            "processor": "A CPU",
            "cores": 2,
            "memory_gb": 4.0,
            "system": "Linux 6",
            "python": "3.11.7",
            "load": 0.3,
        },
        postgresql={
            "server_version": "18.6",
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "shared_buffers": "128MB",
        },
        options={"connections": 64, "seconds": 10.0, "alternations": 5},
        measured_at="2026-12-01T12:00:00+00:00",
        version="0.1.0",
    )


def test_percentiles_are_values_that_were_measured() -> None:
    values = array("I", range(1, 201))
    assert [percentile(values, percent) for percent in (50, 99, 99.9, 100)] == [100, 198, 200, 200]
    assert percentile(array("I", [7]), 50) == 7
    assert percentile(array("I"), 50) == 0


def test_the_yardstick_is_the_median_of_the_better_number_of_clients() -> None:
    assert Baseline({8: [900.0, 1_000.0, 5_000.0], 32: [1_200.0, 800.0, 850.0]}).best == 1_000.0
    assert Baseline().best is None


def test_the_terminal_is_told_everything() -> None:
    wrong = result(
        books_ok=False,
        faults=["seats_once: event 1: …"],
        errors=3,
        error_reasons={"409 inventory.sold_out": 3},
        compared={"front_ops_per_s": 4_000.0},
        note="A note.",
    )
    said = "\n".join(report_lines(report(pool=result(), seats=wrong)))
    for words in (
        "11,300/s, pgbench 3,000/s, ratio 3.77; p50 5.0 ms, p99 12.5 ms; 113,004 operations in 10 s, 0 errors",
        "CPU in 10 s: hot_shell 9.0 s, load_generator 2.5 s",
        "memory: hot_shell 61 MB",
        "error: 409 inventory.sold_out (3)",
        "beside it: front_ops_per_s 4,000.0",
        "A note.",
        "BOOKS: seats_once: event 1: …",
        "full: left out. Left out by --quick.",
        "PostgreSQL 18.6, fsync on, synchronous_commit on, shared_buffers 128MB",
        "THE BOOKS ARE WRONG.",
    ):
        assert words in said


def test_the_document_gets_its_tables(tmp_path: Path) -> None:
    measured = report(
        pool=result(), event_page=result(title="event pages", pgbench_ops_per_s=None, ratio=None)
    )
    document = tmp_path / "performance.md"
    document.write_text(f"# Head\n\n{BEGIN_MARK}\nold figures\n{END_MARK}\n\nTail\n", encoding="utf-8")
    write_into(document, measured)
    written = document.read_text(encoding="utf-8")
    assert written == f"# Head\n\n{BEGIN_MARK}\n{markdown(measured)}{END_MARK}\n\nTail\n"
    assert (
        "| pool | holds on one hot pool | 11,300 | 3,000 | 3.77 | 5.0 ms | 12.5 ms | 0 | right |  |"
        in written
    )
    assert "| event_page | event pages | 11,300 |  |  | 5.0 ms |" in written
    assert "| pool | 90 %, 61 | 25 % |" in written
    assert "old figures" not in written


def test_a_document_without_a_place_for_figures_is_left_alone(tmp_path: Path) -> None:
    document = tmp_path / "readme.md"
    document.write_text("# Head\n", encoding="utf-8")
    with pytest.raises(BenchError, match="has no place for the figures"):
        write_into(document, report(pool=result()))
    assert document.read_text(encoding="utf-8") == "# Head\n"


def test_the_plot_has_a_line_for_each_scenario() -> None:
    measured = report(
        pool=result(),
        seats=result(latency_ms={**PERCENTILES, "p50": 0.02}),
        search=result(latency_ms={"p50": 3.0, "p95": 9.0, "p100": 20.0}),
        db_pool=result(operations=0),
    )
    picture = ET.fromstring(plot_report(measured))  # noqa: S314 - our own text
    lines = [each.attrib["points"].split() for each in picture.iter(f"{SVG}polyline")]
    assert [len(points) for points in lines] == [4, 4, 3]
    heights = [float(point.partition(",")[2]) for point in lines[0]]
    assert heights == sorted(heights, reverse=True)
    texts = [each.text or "" for each in picture.iter(f"{SVG}text")]
    assert "pool: 11,300/s" in texts
    assert "slowest" in texts
    assert not [text for text in texts if text.startswith("db_pool")]


def test_a_plot_of_nothing_says_so() -> None:
    assert "No request was measured." in plot_report(report(db_pool=result(operations=0)))
