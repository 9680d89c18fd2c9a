"""JSON that a stranger sent: what we asked for, or a refusal; never an exception of a library."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from tmam.platform.errors import BadRequestError

LONGEST_REASON_CHARS = 200
T = TypeVar("T")


def read_json(raw: bytes, decoder: msgspec.json.Decoder[T], where: str = "") -> T:
    """Read a body, whose length the caller has bounded.

    Args:
        raw: JSON in UTF-8.
        decoder: of the type that is wanted.
        where: what the refusal names; by default what the library says about it.

    Raises:
        BadRequestError: no JSON, of another shape, or nested deeper than the library goes (it counts on Python's stack,
            and says so by RecursionError).
    """
    try:
        return decoder.decode(raw)
    except RecursionError:
        raise BadRequestError(where=where or "nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadRequestError(where=where or str(error)[:LONGEST_REASON_CHARS]) from error
