"""How fast tickets' codes are made and checked, beside the bare signature in the same run: one core, no database.

Each kind of work has its turn of a few dozen milliseconds, again and again, so that whatever else the machine does
falls on all of them alike. Times are of this process's CPU. `tmam bench files` prints the table;
`python -m tmam.bench.tokens [SECONDS]` it alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from nacl.signing import SigningKey

from tmam.gates.liveness import judge_liveness
from tmam.gates.read_code import read_code
from tmam.kernel.bound_token import (
    bound_text,
    decode_bound,
    proof_message,
    sign_certificate,
    verify_certificate,
)
from tmam.kernel.live_digits import live_digits, live_secret, live_step
from tmam.kernel.token import (
    TokenBody,
    decode_token,
    encode_token,
    public_key_of,
    sign_bytes,
    token_sha256,
    verify_decoded,
)

TURN_S: Final = 0.03
AT: Final = datetime(2026, 12, 5, 19, 0, 7, tzinfo=UTC)
KEY, DEVICE, MASTER = b"k" * 32, b"d" * 32, b"m" * 32
BODY: Final = TokenBody(1, 0, 42, 1, 7, 1, datetime(2026, 12, 5, 18, 0, tzinfo=UTC), 600, "minutes")
# Work → what it is measured against.
AGAINST: Final[Mapping[str, str]] = {
    "issue: pack, sign, base 32, hash": "bare signature",
    "verify a code nobody knows": "bare check",
    "know a code by its hash": "bare check",
    "judge live digits": "bare check",
    "judge a bound code on record": "bare check",
    "verify a bound code nobody knows": "bare check",
}
WANTED: Final[Mapping[str, int]] = {"issue: pack, sign, base 32, hash": 8_000}


@dataclass(frozen=True)
class Rate:
    """One kind of work: how often a second of one core, how often it has to be at least, and the share of the bare one.

    `share` is None for the bare signature and check themselves.
    """

    name: str
    per_s: float
    wanted_per_s: int | None
    share: float | None


def measure_tokens(seconds: float = 2.0) -> list[Rate]:
    """Measure every kind of work for about so many seconds of CPU each."""
    return measure_works(_works(), AGAINST, seconds)


def measure_works(
    works: Mapping[str, Callable[[], object]], against: Mapping[str, str], seconds: float
) -> list[Rate]:
    """Let works take turns for about so many seconds of CPU each; `against` says what each is a share of."""
    done = dict.fromkeys(works, 0)
    spent = dict.fromkeys(works, 0.0)
    while min(spent.values()) < seconds:
        for name, work in works.items():
            begun = now = time.process_time()
            while now - begun < TURN_S:
                for _ in range(20):
                    work()
                done[name] += 20
                now = time.process_time()
            spent[name] += now - begun
    per_s = {name: done[name] / spent[name] for name in works}
    return [
        Rate(name, rate, WANTED.get(name), rate / per_s[against[name]] if name in against else None)
        for name, rate in per_s.items()
    ]


def report_lines(rates: list[Rate]) -> list[str]:
    """The table in Markdown."""
    lines = [
        "| code of one ticket, on one core | a second | wanted | share of the bare one |",
        "|---|---:|---:|---:|",
    ]
    for rate in rates:
        share = "" if rate.share is None else f"{rate.share:.2f}"
        wanted = "" if rate.wanted_per_s is None else f"{rate.wanted_per_s}"
        lines.append(f"| {rate.name} | {rate.per_s:,.0f} | {wanted} | {share} |")
    return lines


def _works() -> dict[str, Callable[[], object]]:
    token = encode_token(BODY, KEY)
    decoded = decode_token(token)
    certificate = sign_certificate(BODY, public_key_of(DEVICE), KEY)
    step = live_step(AT)
    shown = bound_text(certificate, step, sign_bytes(proof_message(certificate, step), DEVICE))
    digits = live_digits(live_secret(MASTER, BODY.event_id, BODY.serial, BODY.generation), step)
    keys = {BODY.key_id: public_key_of(KEY)}
    signing_key = SigningKey(KEY)

    def judge(text: str) -> object:
        code = read_code(text)
        return judge_liveness(code, generation=BODY.generation, master=MASTER, at=AT, is_demanded=False)

    def verify_bound() -> object:
        return verify_certificate(decode_bound(shown), keys), judge(shown)

    return {
        "bare signature": lambda: signing_key.sign(decoded.signed_bytes),
        "issue: pack, sign, base 32, hash": lambda: token_sha256(encode_token(BODY, KEY)),
        "bare check": lambda: signing_key.verify_key.verify(decoded.signed_bytes, decoded.signature),
        "verify a code nobody knows": lambda: verify_decoded(decode_token(token), keys),
        "know a code by its hash": lambda: read_code(token),
        "judge live digits": lambda: judge(token + digits),
        "judge a bound code on record": lambda: judge(shown),
        "verify a bound code nobody knows": verify_bound,
    }


if __name__ == "__main__":
    wanted_s = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    sys.stdout.write("\n".join(report_lines(measure_tokens(wanted_s))) + "\n")
