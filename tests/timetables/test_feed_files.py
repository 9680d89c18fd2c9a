"""Feeds that are broken, hostile or merely odd."""

from __future__ import annotations

import io
import zipfile
from itertools import islice
from pathlib import Path

import pytest

from tests.timetables.feeds import write_feed, zip_feed
from tmam.timetables import feed_files
from tmam.timetables.errors import (
    ColumnMissingError,
    FileMissingError,
    SourceUnreadableError,
    TimetableError,
    TooLargeError,
)
from tmam.timetables.feed_files import Feed, read_rows
from tmam.timetables.troubles import Troubles, shown


def rows_of(
    text: bytes, needed: tuple[str, ...] = ("a",)
) -> tuple[list[dict[str, str]], list[TimetableError]]:
    troubles = Troubles()
    rows = [row.fields for row in read_rows(io.BytesIO(text), "t.txt", needed, troubles)]
    return rows, troubles.kept


def test_what_is_neither_folder_nor_zip(tmp_path: Path) -> None:
    (tmp_path / "feed.zip").write_bytes(b"PK\x03\x04 but not really")
    for path in (tmp_path / "feed.zip", tmp_path / "nothing"):
        with pytest.raises(SourceUnreadableError):
            Feed(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    feed = Feed(write_feed(tmp_path / "feed", trips=None))
    with pytest.raises(FileMissingError) as caught:
        list(feed.rows("trips.txt", ("trip_id",), Troubles()))
    assert caught.value.file == "trips.txt"


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ColumnMissingError) as caught:
        rows_of(b"b,c\n1,2\n")
    assert (caught.value.line, caught.value.column) == (1, "a")
    with pytest.raises(ColumnMissingError):
        rows_of(b"")


def test_rows_that_are_none_are_told_by_line() -> None:
    rows, errors = rows_of(b'a,b\n1,2\n3\n4,5,6\n"7,8\n9,10\n')
    assert rows == [{"a": "1", "b": "2"}]
    assert [error.line for error in errors] == [3, 4, 5]


def test_a_field_may_go_over_lines_and_numbers_stay_right() -> None:
    rows, errors = rows_of(b'a,b\r\n"one\r\ntwo",x\r\n1\r\n')
    assert rows == [{"a": "one\r\ntwo", "b": "x"}]
    assert [error.line for error in errors] == [4]


@pytest.mark.parametrize(
    "text",
    ["a\n1\n".encode("utf-16"), b"a\nx\0y\n", b"a\n" + b"x" * 70_000],
    ids=["utf-16", "nul", "endless"],
)
def test_what_is_no_text_is_refused(text: bytes) -> None:
    with pytest.raises(SourceUnreadableError):
        rows_of(text)


def test_a_zip_bomb_stops_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_files, "RATIO_FREE_BYTES", 100_000)
    folder = write_feed(tmp_path / "feed", shapes="shape_id\n" + "x\n" * 1_000_000)
    feed = Feed(zip_feed(folder))
    rows = feed.rows("shapes.txt", ("shape_id",), Troubles())
    with pytest.raises(TooLargeError):
        list(islice(rows, 500_000))


def test_a_zip_that_lies_or_is_locked_is_refused(tmp_path: Path) -> None:
    path = zip_feed(write_feed(tmp_path / "feed"))
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("stops.txt").header_offset
    data[start + 40 : start + 60] = bytes(20)
    path.write_bytes(data)
    with pytest.raises((SourceUnreadableError, ColumnMissingError)):
        list(Feed(path).rows("stops.txt", ("stop_id",), Troubles()))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("stops.txt", "stop_id\n1\n")
    data = bytearray(path.read_bytes())
    for mark, flags_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags_at] |= 1  # says that it is encrypted
    path.write_bytes(data)
    with pytest.raises(SourceUnreadableError):
        list(Feed(path).rows("stops.txt", ("stop_id",), Troubles()))


def test_names_that_climb_out_are_only_names(tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../stops.txt", "stop_id\n1\n")
        archive.writestr("deep/er/trips.txt", "trip_id\n1\n")
    feed = Feed(path)
    assert not feed.has("stops.txt")
    assert not feed.has("trips.txt")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["evil.zip"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    folder = write_feed(tmp_path / "feed", stops=None)
    (tmp_path / "secret").write_text("stop_id\nsecret\n")
    (folder / "stops.txt").symlink_to(tmp_path / "secret")
    assert not Feed(folder).has("stops.txt")


def test_the_list_of_errors_is_limited_and_safe_to_show() -> None:
    troubles = Troubles(shown_max=2)
    for line in range(5):
        troubles(FileMissingError("a.txt", line))
    assert (len(troubles.kept), troubles.total, troubles.refused) == (2, 5, 5)
    assert shown("\x1b[31mred" + "x" * 100) == "�[31mred" + "x" * 52 + "…"
