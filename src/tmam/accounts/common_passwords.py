"""Passwords that everybody tries first: a list shipped with the program, asked without any network.

The list (`data/common_passwords.bin`, made by `scripts/common_passwords.py`, which names its source) holds the
first four bytes of the SHA-256 of each, sorted: less than a megabyte, found by halving.
"""

from __future__ import annotations

import functools
import hashlib
import sys
import unicodedata
from array import array
from bisect import bisect_left
from pathlib import Path

LIST_FILE = Path(__file__).parent / "data" / "common_passwords.bin"
# The least of letters that must be left of a password when what stands around it is taken away.
MIN_CORE = 5
_AROUND = "0123456789 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~¡¿€£"


def normal_form(password: str) -> str:
    """A password as the list knows it: compatibility forms folded (NFKC), capitals made small."""
    return unicodedata.normalize("NFKC", password).casefold()


def is_common(password: str) -> bool:
    """Whether many people chose this password, or one of theirs with digits and signs around it."""
    whole = normal_form(password)
    core = whole.strip(_AROUND)
    return _is_listed(whole) or (core != whole and len(core) >= MIN_CORE and _is_listed(core))


def digest_of(normal_password: str) -> int:
    """What the list keeps of one password."""
    return int.from_bytes(hashlib.sha256(normal_password.encode()).digest()[:4], "big")


def _is_listed(normal_password: str) -> bool:
    numbers = _numbers()
    wanted = digest_of(normal_password)
    at = bisect_left(numbers, wanted)
    return at < len(numbers) and numbers[at] == wanted


@functools.cache
def _numbers() -> array[int]:
    numbers = array("I")
    numbers.frombytes(LIST_FILE.read_bytes())
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
