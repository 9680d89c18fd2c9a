"""What sealing a holder's name costs where a ticket is sold and scanned, beside the same work without it.

One core, no database, in turns as in `bench.tokens`. `python -m tmam.bench.sealing [SECONDS]` prints the table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tmam.bench.tokens import BODY, KEY, Rate, measure_works, report_lines
from tmam.gates.read_code import read_code
from tmam.kernel.token import encode_token, token_sha256
from tmam.platform.sealed_columns import HOLDER_NAME, DataKey

NAME: Final = "María de los Ángeles Fernández-Quintanilla".encode()
AGAINST: Final[Mapping[str, str]] = {
    "issue with the name sealed": "issue: sign and hash",
    "read a code, and open the name": "read a code on record",
}


def measure_sealing(seconds: float = 2.0) -> list[Rate]:
    """Measure every kind of work for about so many seconds of CPU each."""
    return measure_works(_works(), AGAINST, seconds)


def _works() -> dict[str, Callable[[], object]]:
    key = DataKey(BODY.event_id, b"8 bytes.", AESGCM(bytes(32)))
    keys = {key.key_id: key}
    token = encode_token(BODY, KEY)
    stored = HOLDER_NAME.seal(key, BODY.serial, NAME)

    def issue() -> object:
        return token_sha256(encode_token(BODY, KEY))

    def issue_sealed() -> object:
        return issue(), HOLDER_NAME.seal(key, BODY.serial, NAME)

    def read_and_open() -> object:
        return read_code(token), HOLDER_NAME.open(keys, BODY.event_id, BODY.serial, stored)

    return {
        "issue: sign and hash": issue,
        "issue with the name sealed": issue_sealed,
        "read a code on record": lambda: read_code(token),
        "read a code, and open the name": read_and_open,
        "seal a name": lambda: HOLDER_NAME.seal(key, BODY.serial, NAME),
        "open a name": lambda: HOLDER_NAME.open(keys, BODY.event_id, BODY.serial, stored),
    }


if __name__ == "__main__":
    wanted_s = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    sys.stdout.write("\n".join(report_lines(measure_sealing(wanted_s))) + "\n")
