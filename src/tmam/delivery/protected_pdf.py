"""A PDF that only opens with a password: AES-256 as in ISO 32000-2 (revision 6), which the usual readers know.

The password is used and forgotten: it is neither kept nor written into any log.
"""

from __future__ import annotations

import io
import secrets
import stringprep
import threading
import unicodedata
from typing import Final

import pikepdf

from tmam.delivery.errors import PasswordNotUsableError, RenderBusyError

SHORTEST: Final = 8
LONGEST_BYTES: Final = 127  # the format's limit, in UTF-8
# Revision 6 stretches the password for some 25 ms of computing; signing takes about 40.
AT_ONCE: Final = 2
WAIT_S: Final = 3.0

_slots = threading.BoundedSemaphore(AT_ONCE)


def usable_password(typed: str) -> str:
    """A password as the file will know it: NFKC, as readers normalize what is typed (RFC 4013).

    Raises:
        PasswordNotUsableError: shorter than `SHORTEST` characters, longer than `LONGEST_BYTES` bytes, or with
            characters that cannot be typed everywhere (control characters, line breaks, emoji, mixed directions).
    """
    password = normalized(typed)
    if len(password.strip()) < SHORTEST:
        raise PasswordNotUsableError(reason="short", limit=SHORTEST)
    if len(password.encode("utf-8", "surrogatepass")) > LONGEST_BYTES:
        raise PasswordNotUsableError(reason="long", limit=LONGEST_BYTES)
    if not _is_prepared(password):
        raise PasswordNotUsableError(reason="characters")
    return password


def normalized(typed: str) -> str:
    """A password as readers normalize it, whether it is usable or not."""
    return unicodedata.normalize("NFKC", typed)


def _is_prepared(password: str) -> bool:
    """Whether SASLprep (RFC 4013), which readers of such files apply, lets every character pass.

    That is Unicode 3.2, so newer characters do not count; and text of one direction may not be mixed with the other.
    """
    refused = (
        stringprep.in_table_a1,
        stringprep.in_table_c21_c22,
        stringprep.in_table_c3,
        stringprep.in_table_c4,
        stringprep.in_table_c5,
        stringprep.in_table_c6,
        stringprep.in_table_c7,
        stringprep.in_table_c8,
        stringprep.in_table_c9,
    )
    if any(table(each) for each in password for table in refused):
        return False
    if any(unicodedata.category(each) in {"Cf", "Zl", "Zp"} for each in password):
        return False
    to_the_left = [stringprep.in_table_d1(each) for each in password]
    if not any(to_the_left):
        return True
    return to_the_left[0] and to_the_left[-1] and not any(map(stringprep.in_table_d2, password))


def protected_pdf(pdf: bytes, password: str, wait_s: float = WAIT_S) -> bytes:
    """The same pages, encrypted; printing and reading aloud stay allowed. Each call gives other bytes.

    An encrypted file cannot be PDF/A, so the copy does not say that it is. `password` as from `usable_password`.

    Raises:
        RenderBusyError: `AT_ONCE` others are being made and none was done within `wait_s` seconds.
        PasswordNotUsableError: see `usable_password`.
    """
    known = usable_password(password)
    if not _slots.acquire(timeout=wait_s):
        raise RenderBusyError
    try:
        return _encrypted(pdf, known)
    finally:
        _slots.release()


def _encrypted(pdf: bytes, password: str) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            for name in ("pdfaid:part", "pdfaid:conformance"):
                if name in metadata:
                    del metadata[name]
        # The owner's password, which lifts all limits, is known to nobody.
        document.save(
            made,
            encryption=pikepdf.Encryption(user=password, owner=secrets.token_urlsafe(32), R=6),
            deterministic_id=False,
        )
    return made.getvalue()
