"""Everybody downloads at once: first downloads of distinct tickets in mixed forms, then the same files from other browsers.

Measured beside it: the shop's holds, files that people press again and again, a file without a thought on the same
server, files that nobody drew before.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from tmam.bench.download_rig import STATIC, Booking, Shop, download, p95, sell_tickets, static_server
from tmam.bench.load.downloads import DownloadOutcome, Wish
from tmam.bench.measure import Bench, Run, percentile
from tmam.bench.processes import memory_mb_of
from tmam.bench.results import Result
from tmam.bench.servers import DATABASE, WEB
from tmam.fulfilment.formats import FORMATS

TITLE = "downloads: files that are there, each at its first press by a browser"
TICKETS, QUICK_TICKETS = 5_000, 400
FRESH = 300
PEOPLE, PRESSERS = 200, 32
BROWSERS = (
    8  # of each ticket: one fetches the file when it is new, the others press once each when it is there
)
LIGHT = ("html", "code")
HEAVY = ("pdf", "png")
HONEST_WITHIN = 2.0  # a promise is honest if it came true within twice the time, or ten seconds
HONEST_S = 10.0


def run(bench: Bench) -> Result:
    """The surge, then the presses."""
    count = QUICK_TICKETS if bench.options.is_quick else TICKETS
    shop = Shop(bench)
    _, bookings = sell_tickets("Everybody downloads", count, BROWSERS)
    _, fresh_bookings = sell_tickets("Drawn for the first time", FRESH)
    quiet = shop.hold(bench.options.seconds)
    wishes = _mixed(bookings)
    before = memory_mb_of(bench.servers.pids)
    bench.say(f"downloads: {count:,} first downloads, {PEOPLE} people at once …")
    with shop.holding(bench.options.seconds) as beside:
        surge = download(bench, wishes, people=PEOPLE)
    memory = memory_mb_of(bench.servers.pids)
    bench.say("downloads: files that nobody drew before …")
    fresh = download(bench, [each.wish("pdf") for each in fresh_bookings], people=PRESSERS)
    bench.say("downloads: the same files from other browsers …")
    first_presses = [
        wish for browser in range(1, BROWSERS) for wish in _mixed(bookings, browser) if wish.kind in HEAVY
    ]
    pressed, pressed_beside = _press(bench, shop, first_presses)
    bench.say("downloads: the same files again and again …")
    pdfs = [wish for wish in wishes if wish.kind == "pdf"]
    cached = download(bench, pdfs, people=PRESSERS, seconds=bench.options.seconds)
    static = _static(bench, cached)
    looks = _Looks(surge, pressed, cached, fresh, static)
    compared = (
        _compared(looks)
        | _cpu_compared(looks)
        | {
            "web_and_renderers_mb_before": before.get(WEB, 0.0),
            "web_and_renderers_mb_after_surge": memory.get(WEB, 0.0),
            "shop_hold_p50_ms_quiet": _p50(quiet),
            "shop_hold_p50_ms_beside_surge": _p50(beside[0]),
            "shop_hold_p50_ms_beside_presses": _p50(pressed_beside),
        }
    )
    return _result(pressed, surge, compared, memory)


@dataclass(frozen=True)
class _Looks:
    """What people met: the surge; first presses beside a busy shop; the same PDFs over and over; new ones; a bare file."""

    surge: DownloadOutcome
    pressed: DownloadOutcome
    cached: DownloadOutcome
    fresh: DownloadOutcome
    static: DownloadOutcome


def _mixed(bookings: Sequence[Booking], browser: int = 0) -> list[Wish]:
    """Every form in turn; a form that is not there yet is left out."""
    forms = [form for form in (*LIGHT, *HEAVY) if form in FORMATS]
    return [booking.wish(forms[number % len(forms)], browser) for number, booking in enumerate(bookings)]


def _press(bench: Bench, shop: Shop, wishes: Sequence[Wish]) -> tuple[DownloadOutcome, Run]:
    with shop.holding(bench.options.seconds) as beside:
        pressed = download(bench, wishes, people=PRESSERS)
    return pressed, beside[0]


def _static(bench: Bench, like: DownloadOutcome) -> DownloadOutcome:
    """A file of the size of those, from a server that does nothing else."""
    content = bytes(round(like.bytes / max(1, like.files)))
    with static_server(bench, content) as server:
        return download(
            bench, [Wish("static", "/", "")], people=PRESSERS, seconds=bench.options.seconds, of=server
        )


def _p50(run: Run) -> float:
    return round(percentile(sorted(run.latencies_us), 50) / 1000, 2)


def _compared(looks: _Looks) -> dict[str, float]:
    surge = looks.surge
    light = {f"surge_{kind}_p95_ms": round(p95(surge.first_answer_ms.get(kind, [])), 1) for kind in LIGHT}
    heavy = {f"surge_{kind}_p95_s": round(p95(surge.file_s.get(kind, [])), 1) for kind in HEAVY}
    honest = [
        came <= max(promised * HONEST_WITHIN, promised + HONEST_S) for promised, came in surge.promises_s
    ]
    errors = [came / max(1.0, promised) for promised, came in surge.promises_s]
    return {
        **light,
        **heavy,
        "surge_seconds": round(surge.seconds, 1),
        "surge_told_to_wait": len(surge.promises_s),
        "surge_promises_kept_percent": round(100 * sum(honest) / max(1, len(honest)), 1),
        "surge_wait_by_promise_median": round(statistics.median(errors), 2) if errors else 0.0,
        "presses_per_s": round(looks.pressed.per_s, 1),
        "cached_pdf_per_s": round(looks.cached.per_s, 1),
        "first_pdf_per_s": round(looks.fresh.per_s, 1),
        "static_file_per_s": round(looks.static.per_s, 1),
        "cached_by_first": round(looks.cached.per_s / max(0.001, looks.fresh.per_s), 1),
        "cached_by_static": round(looks.cached.per_s / max(0.001, looks.static.per_s), 2),
    }


def _cpu_compared(looks: _Looks) -> dict[str, float]:
    """CPU milliseconds a file: on a busy machine they tell more than files a second."""
    used = {
        "press_web_cpu_ms": looks.pressed.cpu_ms(WEB),
        "cached_pdf_web_cpu_ms": looks.cached.cpu_ms(WEB),
        "cached_pdf_database_cpu_ms": looks.cached.cpu_ms(DATABASE),
        "first_pdf_web_and_renderers_cpu_ms": looks.fresh.cpu_ms(WEB),
        "first_pdf_database_cpu_ms": looks.fresh.cpu_ms(DATABASE),
        "static_file_cpu_ms": looks.static.cpu_ms(STATIC),
    }
    return {name: round(milliseconds, 3) for name, milliseconds in used.items() if milliseconds is not None}


def _result(
    pressed: DownloadOutcome,
    surge: DownloadOutcome,
    compared: dict[str, float],
    memory: dict[str, float],
) -> Result:
    milliseconds = sorted(
        int(each * 1000) for each in (1000 * s for times in pressed.file_s.values() for s in times)
    )
    failures: dict[str, int] = {}
    for outcome in (surge, pressed):
        for reason, count in outcome.failures.items():
            failures[reason] = failures.get(reason, 0) + count
    return Result(
        title=TITLE,
        ops_per_s=round(pressed.per_s, 1),
        p50_ms=round(percentile(milliseconds, 50) / 1000, 2),
        p99_ms=round(percentile(milliseconds, 99) / 1000, 2),
        errors=sum(failures.values()),
        error_reasons=failures,
        seconds=round(pressed.seconds, 2),
        connections=PRESSERS,
        operations=len(milliseconds),
        compared=compared,
        memory_mb=memory,
        note=f"The surge: {PEOPLE} people, {surge.files:,} files, {surge.requests:,} requests.",
    )
