"""The files of a feed: a folder or a ZIP file, read row by row and never unpacked to disk.

What is read is counted, so neither a ZIP bomb nor a line without an end takes more memory or time than its limit.
"""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tmam.timetables.errors import (
    ColumnMissingError,
    EncodingGuessedError,
    FileMissingError,
    RowUnreadableError,
    SourceUnreadableError,
    TimetableError,
    TooLargeError,
)

MB = 1024 * 1024
FILE_MB_MAX = 4096
LINE_BYTES_MAX = 64 * 1024
# Texts of timetables shrink five to thirty times; beyond this a ZIP file was made to do harm.
RATIO_MAX = 200
RATIO_FREE_BYTES = 50 * MB
ENTRIES_MAX = 10_000
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"

Refuse = Callable[[TimetableError], None]


@dataclass(frozen=True)
class Row:
    """One row: its line in the file and its fields by column, without spaces around; absent columns are empty."""

    line: int
    fields: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.fields.get(column, "")


class Feed:
    """A folder or ZIP file of tables. Its tables may lie in one folder inside the ZIP file.

    Raises:
        SourceUnreadableError: it is neither.
        TooLargeError: the ZIP file has absurdly many entries.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._zip: zipfile.ZipFile | None = None
        if path.is_dir():
            return
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, ValueError):
            raise SourceUnreadableError(path.name) from None
        entries = self._zip.infolist()
        if len(entries) > ENTRIES_MAX:
            raise TooLargeError(path.name, most=ENTRIES_MAX, what="files")
        self._entries = _tables(entries)

    def has(self, name: str) -> bool:
        """Whether the feed has a table of this name."""
        if self._zip is not None:
            return name in self._entries
        return self._in_folder(name) is not None

    def rows(self, name: str, needed: tuple[str, ...], refuse: Refuse) -> Iterator[Row]:
        """The rows of a table in order; what is no row is handed to `refuse` and left out.

        Raises:
            FileMissingError, ColumnMissingError, SourceUnreadableError, TooLargeError: the table is unusable.
        """
        with self._open(name) as (stream, packed_bytes):
            try:
                yield from read_rows(stream, name, needed, refuse, packed_bytes=packed_bytes)
            except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
                raise SourceUnreadableError(name) from None  # damaged, or packed in a way we cannot read

    @contextmanager
    def _open(self, name: str) -> Iterator[tuple[IO[bytes], int | None]]:
        if not self.has(name):
            raise FileMissingError(name)
        if self._zip is not None:
            entry = self._entries[name]
            try:
                stream = self._zip.open(entry)
            except (RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError):
                raise SourceUnreadableError(
                    name
                ) from None  # a password, an unknown packing, a lie in its head
            with stream:
                yield stream, entry.compress_size
        else:
            with (self.path / name).open("rb") as file:
                yield file, None

    def _in_folder(self, name: str) -> Path | None:
        path = self.path / name
        # A link could lead anywhere on this machine, and its text into the list of errors.
        return path if path.is_file() and not path.is_symlink() else None


def _tables(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The tables by their bare names; only names are looked at, nothing is ever written under them."""
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in sorted(entries, key=lambda each: each.filename.count("/")):
        name = entry.filename.rpartition("/")[2]
        if name and entry.filename.count("/") <= 1:
            found.setdefault(name, entry)
    return found


def read_rows(
    stream: IO[bytes], file: str, needed: tuple[str, ...], refuse: Refuse, *, packed_bytes: int | None = None
) -> Iterator[Row]:
    """The rows of one table of comma-separated values with a head (RFC 4180), see `Feed.rows`."""
    reader = csv.reader(_lines(stream, file, refuse, packed_bytes), strict=True)
    try:
        head = [name.strip().lower() for name in next(reader, [])]
    except csv.Error:
        raise ColumnMissingError(file, 1, needed[0]) from None
    for column in needed:
        if column not in head:
            raise ColumnMissingError(file, 1, column)
    while True:
        line = reader.line_num + 1
        try:
            values = next(reader, None)
        except csv.Error:
            refuse(RowUnreadableError(file, line))
            continue
        if values is None:
            return
        if not values or values == [""]:
            continue
        if len(values) != len(head):
            refuse(RowUnreadableError(file, line))
            continue
        yield Row(line, {name: value.strip() for name, value in zip(head, values, strict=True)})


def _lines(stream: IO[bytes], file: str, refuse: Refuse, packed_bytes: int | None) -> Iterator[str]:
    """The lines as text, with their ends. Not UTF-8: read as Windows-1252, told once."""
    read_bytes = 0
    is_told = False
    number = 0
    while raw := stream.readline(LINE_BYTES_MAX + 1):
        number += 1
        read_bytes += len(raw)
        _check_sizes(file, read_bytes, packed_bytes)
        if number == 1:
            if raw.startswith(_UTF16_MARKS):
                raise SourceUnreadableError(file, 1)
            raw = raw.removeprefix(_UTF8_MARK)
        if len(raw) > LINE_BYTES_MAX or b"\0" in raw:
            raise SourceUnreadableError(file, number)
        try:
            yield raw.decode()
        except UnicodeDecodeError:
            if not is_told:
                refuse(EncodingGuessedError(file, number))
                is_told = True
            yield raw.decode("cp1252", errors="replace")


def _check_sizes(file: str, read_bytes: int, packed_bytes: int | None) -> None:
    if read_bytes > FILE_MB_MAX * MB:
        raise TooLargeError(file, most=FILE_MB_MAX)
    if packed_bytes is not None and read_bytes > max(RATIO_FREE_BYTES, packed_bytes * RATIO_MAX):
        raise TooLargeError(file, most=max(RATIO_FREE_BYTES, packed_bytes * RATIO_MAX) // MB)
