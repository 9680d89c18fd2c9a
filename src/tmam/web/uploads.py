"""Files that come with a form: kept in memory and nowhere else, and never more of them than a logo may have.

The front refuses longer bodies before they get here (`platform.front.UPLOAD_LIMIT_MB`); this holds without it.
"""

from __future__ import annotations

import io
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from tmam.catalog.logos import MOST_UPLOAD_BYTES

# Beside the file: the other fields of the form and what lies between them.
MOST_BODY_BYTES = MOST_UPLOAD_BYTES + 256 * 1024


class UploadTooLargeError(RequestDataTooBig):
    """The body of a form with files is longer than any of ours needs."""


class BoundedUploads(FileUploadHandler):
    """Django's handler of uploads, with one bound for all files of a request together: 2 MB."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refuse by the length that the request says it has, before reading any of it.

        Raises:
            UploadTooLargeError: too long.
        """
        del input_data, META, boundary, encoding
        self.kept_bytes = 0
        if content_length > MOST_BODY_BYTES:
            raise UploadTooLargeError(f"a body of {content_length} bytes")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep a piece.

        Raises:
            StopUpload: more came than was said; the connection is given up.
        """
        del start
        self.kept_bytes += len(raw_data)
        if self.kept_bytes > MOST_BODY_BYTES:
            raise StopUpload(connection_reset=True)
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file as the form sees it."""
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file,
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            file_size,
            self.charset,
            self.content_type_extra,
        )
