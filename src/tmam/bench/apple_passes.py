"""How fast Apple passes are written, signed and packed, beside the bare signature in the same run: one core.

Every pass has its own code and number; the images of its event are made before, as they are once an event. Each kind
of work has its turn of a few dozen milliseconds, again and again, so that whatever else the machine does falls on
both alike. Times are of this process's CPU. `tmam bench files` prints the table.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tmam.delivery.apple.certificates import load_development_certificate, make_development_certificate
from tmam.delivery.apple.document import pass_texts
from tmam.delivery.apple.facts import PassFacts, PassIdentity, Spot
from tmam.delivery.apple.images import pass_images
from tmam.delivery.apple.layout import style_of
from tmam.delivery.apple.package import build_pass
from tmam.delivery.sample import sample_face

TURN_S: Final = 0.05
AT: Final = datetime(2026, 12, 5, 19, 0, tzinfo=UTC)
SIGNATURE: Final = "bare signature (CMS, RSA-2048)"
WRITTEN: Final = "pass with poster, two languages"
WANTED_PER_S: Final = 300
_POSTER: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 400"><rect width="600" height="400" fill="#234"/>'
    b'<circle cx="90" cy="80" r="70" fill="#fa6"/></svg>'
)


@dataclass(frozen=True)
class Rate:
    """One kind of work: how often a second of one core, and as a share of the bare signature (None: it is it)."""

    name: str
    per_s: float
    share: float | None


def measure_passes(seconds: float = 2.0) -> list[Rate]:
    """Measure both kinds of work for about so many seconds of CPU each. Django's translations must be set up."""
    works = _works()
    done = dict.fromkeys(works, 0)
    spent = dict.fromkeys(works, 0.0)
    while min(spent.values()) < seconds:
        for name, work in works.items():
            begun = now = time.process_time()
            while now - begun < TURN_S:
                work()
                done[name] += 1
                now = time.process_time()
            spent[name] += now - begun
    per_s = {name: done[name] / spent[name] for name in works}
    return [
        Rate(name, rate, None if name == SIGNATURE else rate / per_s[SIGNATURE])
        for name, rate in per_s.items()
    ]


def pass_lines(rates: Sequence[Rate]) -> list[str]:
    """The rates as a table."""
    rows = [
        f"| {rate.name} | {rate.per_s:,.0f} | {'' if rate.name == SIGNATURE else WANTED_PER_S} "
        f"| {'' if rate.share is None else format(rate.share, '.2f')} |"
        for rate in rates
    ]
    return [
        "| Apple pass, on one core | a second | wanted | share of the signature |",
        "|---|---:|---:|---:|",
        *rows,
    ]


def _works() -> Mapping[str, Callable[[], object]]:
    certificate = load_development_certificate(make_development_certificate(AT).decode())
    signer, manifest = certificate.signer, b"{}" * 500
    faces = {code: sample_face(code) for code in ("en", "es")}
    facts = PassFacts(
        kind="concert",
        starts_at=AT,
        ends_at=AT + timedelta(hours=3),
        valid_until=AT + timedelta(hours=5),
        venue=Spot("Old Market Concert Hall", "Berlin", latitude=52.52, longitude=13.405),
        group="1-1",
        order_url="https://tickets.example/me/orders/0-SAMP7E/",
        tickets_url="https://tmam.example/me/tickets/",
        doors_at=AT - timedelta(hours=1),
        seat_parts=("Stalls", "row 4", "seat 12"),
        performers=("City Philharmonic",),
    )
    images = pass_images(style_of(facts), 265, _POSTER)
    numbers = itertools.count()

    def make() -> bytes:
        number = next(numbers)
        identity = PassIdentity(
            certificate.pass_type, certificate.team, f"{number:032x}", "https://tickets.example/", "s" * 64
        )
        shown = {code: replace(face, serial=number) for code, face in faces.items()}
        return build_pass(pass_texts(shown, facts, identity, language="en"), images, signer, AT)

    return {SIGNATURE: lambda: signer.sign(manifest, AT), WRITTEN: make}
