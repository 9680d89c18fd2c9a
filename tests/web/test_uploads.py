"""Files with forms: a bound in memory, whatever the request says of itself."""

from __future__ import annotations

import io
import tracemalloc
from typing import Any

import pytest
from django.core.files.uploadhandler import StopUpload
from django.http.multipartparser import MultiPartParser
from django.test import RequestFactory

from tmam.catalog.logos import MOST_UPLOAD_BYTES
from tmam.web.problems import bad_request
from tmam.web.uploads import MOST_BODY_BYTES, BoundedUploads, UploadTooLargeError

BOUNDARY = "----tmam"
HEAD = (
    f"--{BOUNDARY}\r\n"
    'Content-Disposition: form-data; name="logo"; filename="logo.png"\r\n'
    "Content-Type: image/png\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


class Endless(io.RawIOBase):
    """A body that is made while it is read; `read_bytes` counts."""

    def __init__(self, length: int) -> None:
        self.left, self.begun, self.read_bytes = length, False, 0

    def read(self, size: int = -1) -> bytes:
        if not self.begun:
            self.begun = True
            return HEAD
        size = min(self.left, 65_536 if size < 0 else size)
        self.left -= size
        self.read_bytes += size
        return b"x" * size


def parse(body: Any, said_length: int) -> Any:
    meta = {"CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}", "CONTENT_LENGTH": str(said_length)}
    return MultiPartParser(meta, body, [BoundedUploads()]).parse()


def test_a_file_is_kept_as_it_came() -> None:
    content = bytes(range(256)) * 1000
    body = HEAD + content + TAIL
    _fields, files = parse(io.BytesIO(body), len(body))
    assert (files["logo"].name, files["logo"].read(), files["logo"].size) == (
        "logo.png",
        content,
        len(content),
    )


def test_what_says_it_is_too_long_is_not_read() -> None:
    body = Endless(50_000_000)
    with pytest.raises(UploadTooLargeError) as refused:
        parse(body, 50_000_000)
    assert body.read_bytes == 0
    request = RequestFactory().post("/studio/events/7/design/", headers={"accept": "text/html"})
    answer = bad_request(request, refused.value)
    assert (answer.status_code, b"catalog.logo_too_large" in answer.content) == (413, True)


def test_what_does_not_say_how_long_it_is_stays_within_the_bound() -> None:
    """50 MB that claim to be 1 kB: reading ends at 2 MB, and so does the memory."""
    handler = BoundedUploads()
    handler.handle_raw_input(io.BytesIO(), {}, 1_000, BOUNDARY)
    handler.new_file("logo", "logo.png", "image/png", None)
    pieces: list[int] = []

    def receive_all() -> None:
        for number in range(50_000_000 // 65_536):
            handler.receive_data_chunk(b"x" * 65_536, number * 65_536)
            pieces.append(65_536)

    tracemalloc.start()
    try:
        with pytest.raises(StopUpload):
            receive_all()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sum(pieces) <= MOST_BODY_BYTES
    assert peak < 3 * MOST_UPLOAD_BYTES
