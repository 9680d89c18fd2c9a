"""Ranges as RFC 9110 has them, and answers that a broken download can go on with."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from tmam.web.me.file_answer import Asked, FileAnswer, Offer, answer
from tmam.web.me.ranges import Part, has_already, wanted_part

CONTENT = b"0123456789"
OFFER = Offer(
    "tmam-1.pdf",
    "application/pdf",
    10,
    hashlib.sha256(CONTENT).digest(),
    lambda start, end: CONTENT[start:end],
)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-", Part(0, 10)),
        ("bytes=3-5", Part(3, 6)),
        ("Bytes = 3-500", Part(3, 10)),
        ("bytes=-4", Part(6, 10)),
        ("bytes=-400", Part(0, 10)),
        ("bytes=10-", Part(10, 10)),
        ("bytes=-0", Part(10, 10)),
        ("bytes=5-3", None),
        ("bytes=0-1,3-4", None),
        ("items=0-1", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("bytes=" + "9" * 400 + "-", None),
        ("", None),
    ],
)
def test_one_range_is_understood_and_all_else_is_the_whole(asked: str, part: Part | None) -> None:
    assert wanted_part(asked, "", '"x"', 10) == part


@pytest.mark.parametrize(
    ("if_range", "is_honoured"),
    [
        ('"x"', True),
        ("", True),
        ('"other"', False),
        ('W/"x"', False),
        ("Wed, 25 Nov 2026 10:00:00 GMT", False),
    ],
)
def test_a_range_of_another_version_is_the_whole(if_range: str, is_honoured: bool) -> None:
    assert (wanted_part("bytes=3-", if_range, '"x"', 10) is not None) == is_honoured


def test_tags_are_compared_weakly_for_what_one_has() -> None:
    assert has_already('"a", W/"x"', '"x"')
    assert has_already("*", '"x"')
    assert not has_already('"xy"', '"x"')
    assert not has_already("", '"x"')


def said(**asked: str) -> FileAnswer:
    found = answer(OFFER, Asked(**asked))
    assert found is not None
    return found


def test_a_whole_file() -> None:
    whole = said()
    assert (whole.status, whole.body, whole.is_fetched) == (200, CONTENT, True)
    assert whole.headers["ETag"] == f'"{hashlib.sha256(CONTENT).hexdigest()[:32]}"'
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert whole.headers["Content-Length"] == "10"
    assert whole.headers["Content-Disposition"] == 'attachment; filename="tmam-1.pdf"'
    assert whole.headers["Cache-Control"] == "private, no-store"


def test_its_head_is_the_same_without_reading_it() -> None:
    def unread(start: int, end: int) -> bytes:
        raise AssertionError((start, end))

    head = answer(replace(OFFER, read=unread), Asked("HEAD", range="bytes=3-"))
    assert head is not None
    assert (head.status, head.body, head.is_fetched) == (200, b"", False)
    assert head.headers == said().headers


def test_parts_put_together_are_the_file() -> None:
    first, rest = said(range="bytes=0-3"), said(range="bytes=4-", if_range=OFFER.etag)
    assert (first.status, rest.status) == (206, 206)
    assert first.body + rest.body == CONTENT
    assert rest.headers["Content-Range"] == "bytes 4-9/10"
    assert (first.is_fetched, rest.is_fetched) == (True, False), "one download, however often it broke"


def test_what_lies_beyond_the_end_is_refused_and_what_one_has_is_not_sent() -> None:
    beyond = said(range="bytes=10-")
    assert (beyond.status, beyond.headers["Content-Range"], beyond.body) == (416, "bytes */10", b"")
    known = said(if_none_match=OFFER.etag, range="bytes=0-1")
    assert (known.status, known.body, known.is_fetched) == (304, b"", False)


@pytest.mark.parametrize("there", [None, b"012"])
def test_a_file_that_is_gone_or_cut_short_is_not_handed_out(there: bytes | None) -> None:
    def read(start: int, end: int) -> bytes | None:
        assert (start, end) == (0, 10)
        return there

    assert answer(replace(OFFER, read=read), Asked()) is None
