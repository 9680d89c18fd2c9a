"""The plot of a report: how long answers took, from the median to the slowest, as an SVG of our own making."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from tmam.bench.results import Report, Result

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 92, 48
# Told apart also by people who do not see red and green alike (Okabe and Ito), and by their dashes.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5c5c5c", "#000000")
DASHES = ("", "6 3", "2 3", "8 3 2 3", "12 4", "4 4", "1 4", "10 2 2 2")
LEGEND_COLUMNS = 2


def plot_report(report: Report) -> str:
    """The latency percentiles of each scenario on a logarithmic scale, one line each."""
    measured = {name: result for name, result in report.scenarios.items() if result.operations}
    rows = -(-len(measured) // LEGEND_COLUMNS)
    top = TOP + 20 * max(0, rows - 2)
    height = HEIGHT + top - TOP
    look = 'role="img" font-family="system-ui, sans-serif" font-size="13"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {look}>',
        f"<title>{escape(_title(report))}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="{LEFT}" y="26" font-size="16" font-weight="600">{escape(_title(report))}</text>',
    ]
    if not measured:
        parts.append(f'<text x="{LEFT}" y="60">No request was measured.</text>')
        return "\n".join([*parts, "</svg>"]) + "\n"
    scale = _Scale(list(measured.values()), top, height - BOTTOM)
    parts += scale.grid()
    for number, (name, result) in enumerate(measured.items()):
        parts += _line(number, result, scale)
        parts.append(_legend(number, name, result))
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Scale:
    """From percentiles and milliseconds to places on the page."""

    def __init__(self, results: Sequence[Result], top: int, bottom: int) -> None:
        values = [max(value, 0.1) for result in results for value in result.latency_ms.values()]
        self.low = math.floor(math.log10(min(values)))
        self.high = max(self.low + 1, math.ceil(math.log10(max(values))))
        names = {name for result in results for name in result.latency_ms}
        self.names = sorted(names, key=lambda name: float(name.removeprefix("p")))
        self._top, self._bottom = top, bottom

    def x(self, number: int) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * number / max(1, len(self.names) - 1)

    def y(self, ms: float) -> float:
        share = (math.log10(max(ms, 0.1)) - self.low) / (self.high - self.low)
        return self._bottom - (self._bottom - self._top) * share

    def grid(self) -> Iterator[str]:
        for power in range(self.low, self.high + 1):
            y = self.y(10**power)
            yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d0d0d0"/>'
            yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>'
        for number, name in enumerate(self.names):
            label = "slowest" if name == "p100" else name
            anchor = "end" if number == len(self.names) - 1 else "middle"
            yield f'<text x="{self.x(number):.1f}" y="{self._bottom + 22}" text-anchor="{anchor}">{label}</text>'


def _line(number: int, result: Result, scale: _Scale) -> Iterator[str]:
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    points = " ".join(
        f"{scale.x(place):.1f},{scale.y(result.latency_ms[name]):.1f}"
        for place, name in enumerate(scale.names)
        if name in result.latency_ms
    )
    yield (
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"/>'
    )


def _legend(number: int, name: str, result: Result) -> str:
    row, column = divmod(number, LEGEND_COLUMNS)
    x, y = LEFT + column * (WIDTH - LEFT - RIGHT) // LEGEND_COLUMNS, 50 + 20 * row
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    return (
        f'<line x1="{x}" x2="{x + 30}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="2.5" '
        f'stroke-dasharray="{dash}"/><text x="{x + 38}" y="{y}">{escape(name)}: {result.ops_per_s:,.0f}/s</text>'
    )


def _title(report: Report) -> str:
    return f"Time to answer with {report.options['connections']} clients on {report.machine['cores']} cores"
