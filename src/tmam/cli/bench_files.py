"""`tmam bench files`: how fast tickets get their codes and become files here. Needs neither servers nor a database."""

from __future__ import annotations

import sys

import msgspec

from tmam.cli.sample_ticket import set_up_words


def run_bench_files(seconds: float, *, as_json: bool) -> int:
    """Measure and print; every kind of file for so many seconds of CPU. Returns the exit status 0."""
    set_up_words()
    from tmam.bench.apple_passes import measure_passes, pass_lines
    from tmam.bench.files import file_lines, measure_files, poppler_ms
    from tmam.bench.tokens import measure_tokens, report_lines

    codes = measure_tokens(seconds)
    passes = measure_passes(seconds)
    rates = measure_files(seconds)
    drawn_in_ms = poppler_ms()
    if as_json:
        document = {"codes": codes, "passes": passes, "files": rates, "poppler_ms": drawn_in_ms}
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    else:
        sys.stdout.write(
            "\n".join([*report_lines(codes), "", *pass_lines(passes), "", *file_lines(rates, drawn_in_ms)])
            + "\n"
        )
    return 0
