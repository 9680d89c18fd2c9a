"""Both stores keep the same promises: whole files or none, ranges, nobody else's eyes, a clear word when away."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.delivery.s3_outside import KEY, REGION, SECRET, Guard, guarded_s3
from tmam.delivery.drawings import drawing_of
from tmam.delivery.errors import StoreAwayError
from tmam.delivery.printed import PrintedDocument
from tmam.delivery.store import FileStore, StoreConfig, open_store
from tmam.delivery.typesetting import typeset

NAME = "tickets/7/ab/abcdef.pdf"
CONTENT = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guard]:
    with guarded_s3(tmp_path_factory.mktemp("s3"), "tmam-files") as guarded:
        yield guarded


def s3_config(guard: Guard) -> StoreConfig:
    return StoreConfig(
        Path("nowhere"),
        url="s3://tmam-files/some/prefix",
        endpoint=guard.url,
        region=REGION,
        key=KEY,
        secret=SECRET,
        encryption="AES256",
    )


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "folder":
        return open_store(StoreConfig(tmp_path / "files"))
    return open_store(s3_config(request.getfixturevalue("guard")))


def test_a_file_is_kept_read_in_parts_and_deleted(store: FileStore) -> None:
    assert (store.get(NAME), store.size(NAME), store.read(NAME, 0, 5)) == (None, None, None)
    store.put(NAME, CONTENT, "application/pdf")
    store.put(NAME, CONTENT, "application/pdf")  # once more: the same file
    assert store.get(NAME) == CONTENT
    assert store.size(NAME) == len(CONTENT)
    assert store.read(NAME, 300, 1_000) == CONTENT[300:1_000]
    assert store.names_below("tickets/7") == [NAME]
    assert store.names_below("tickets/8") == []
    store.delete([NAME, "tickets/7/ab/never-there.pdf"])
    assert store.size(NAME) is None


def test_files_in_the_folder_are_nobody_elses(tmp_path: Path) -> None:
    store = open_store(StoreConfig(tmp_path / "files"))
    store.put(NAME, CONTENT, "application/pdf")
    path = tmp_path / "files" / NAME
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert store.url_for(NAME, 60) is None
    with pytest.raises(ValueError, match="name"):
        store.get("../outside")
    store.delete([NAME])
    assert not path.parent.exists(), "no empty folders are left"


def test_a_reader_sees_the_whole_file_or_none(tmp_path: Path) -> None:
    store = open_store(StoreConfig(tmp_path))
    seen: set[int | None] = set()
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            content = store.get(NAME)
            seen.add(len(content) if content is not None else None)

    with ThreadPoolExecutor(3) as threads:
        reading = threads.submit(read)
        list(threads.map(lambda _: store.put(NAME, CONTENT, "application/pdf"), range(30)))
        is_over.set()
        reading.result()
    assert seen <= {None, len(CONTENT)}
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["abcdef.pdf"]


def test_a_full_disk_is_a_clear_answer(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the folder should be")
    store = open_store(StoreConfig(tmp_path / "files"))
    with pytest.raises(StoreAwayError):
        store.put(NAME, CONTENT, "application/pdf")
    with pytest.raises(StoreAwayError):
        store.size(NAME)


def test_an_s3_store_is_asked_to_encrypt_and_signs_everything(guard: Guard) -> None:
    guard.passed.clear()
    store = open_store(s3_config(guard))
    store.put(NAME, CONTENT, "application/pdf")
    ((method, headers),) = guard.passed
    assert method == "PUT"
    assert headers["x-amz-server-side-encryption"] == "AES256"
    assert headers["content-type"] == "application/pdf"
    stranger = open_store(replace(s3_config(guard), secret="guessed"))
    with pytest.raises(StoreAwayError):
        stranger.put(NAME, b"forged", "application/pdf")
    assert store.get(NAME) == CONTENT


def test_a_signed_address_is_good_for_that_file_only(guard: Guard) -> None:
    store = open_store(s3_config(guard))
    store.put(NAME, CONTENT, "application/pdf")
    address = store.url_for(NAME, 60)
    assert address is not None
    with urllib.request.urlopen(address) as answer:
        assert answer.read() == CONTENT
        assert answer.headers["Content-Disposition"] == 'attachment; filename="ticket.pdf"'
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address.replace("abcdef", "abcdee"))
    assert refused.value.code == 403


def test_a_store_that_is_away_says_so(guard: Guard) -> None:
    store = open_store(replace(s3_config(guard), endpoint="http://127.0.0.1:9"))
    with pytest.raises(StoreAwayError):
        store.size(NAME)


@pytest.mark.parametrize("url", ["http://bucket/x", "s3:///x", "bucket", "s3://bucket?x=1"])
def test_other_addresses_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="TMAM_FILE_STORE"):
        open_store(StoreConfig(tmp_path, url=url))


def test_secrets_are_not_printed(guard: Guard) -> None:
    assert SECRET not in repr(s3_config(guard))


def test_a_changed_word_function_option_or_date_is_another_file() -> None:
    document = PrintedDocument('{"a": 1}', 5)

    def name(document: PrintedDocument, *options: str, event_id: int = 7) -> str:
        return drawing_of(
            document, typeset, *options, event_id=event_id, extension="pdf", media_type="application/pdf"
        ).name

    names = {
        name(document, "pdf"),
        name(document, "png"),
        name(document, "pdf", event_id=8),
        name(PrintedDocument(document.data, 6), "pdf"),
        name(PrintedDocument('{"a": 2}', 5), "pdf"),
    }
    assert len(names) == 5
