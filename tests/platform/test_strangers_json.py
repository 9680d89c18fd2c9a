from __future__ import annotations

import msgspec
import pytest

from tmam.platform.errors import BadRequestError
from tmam.platform.strangers_json import read_json


class Wish(msgspec.Struct):
    event: int
    note: str = ""


WISH = msgspec.json.Decoder(Wish)
DEEP = 10_000


def test_what_fits_is_read() -> None:
    assert read_json(b'{"event": 7, "unknown": [[1]]}', WISH) == Wish(7)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'{"event": "7"}',
        b'{"event": 7, "note": "\xff"}',
        b'{"event": 7, "note": "\\ud800"}',
        b'{"event":' * DEEP,
        b'{"other":' * DEEP,
        b'{"event": 7, "other": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    ],
)
def test_everything_else_is_refused(raw: bytes) -> None:
    with pytest.raises(BadRequestError) as refused:
        read_json(raw, WISH)
    assert 0 < len(refused.value.where) <= 200
    with pytest.raises(BadRequestError) as named:
        read_json(raw, WISH, "body")
    assert named.value.where == "body"
