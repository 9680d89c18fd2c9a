"""Each file is made once, whoever asks at the same time, and is never seen half written."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage

from tmam.delivery.drawings import drawing_of
from tmam.delivery.errors import RenderBusyError, RenderFailedError
from tmam.delivery.faces import TicketFace
from tmam.delivery.pdf import pdf_drawing, render_pdf
from tmam.delivery.png import png_drawing, render_png
from tmam.delivery.printed import PrintedDocument, printed_document
from tmam.delivery.sample import sample_face
from tmam.delivery.store import stored
from tmam.delivery.typesetting import RENDERS_AT_ONCE, FileFormat, typeset


@pytest.fixture
def storage(tmp_path: Path) -> FileSystemStorage:
    return FileSystemStorage(location=tmp_path)


def stored_pdf(faces: list[TicketFace], storage: Storage) -> bytes:
    return stored(pdf_drawing(faces, event_id=7), storage)


def stored_png(face: TicketFace, storage: Storage) -> bytes:
    return stored(png_drawing(face, event_id=7), storage)


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_made_once_then_read(storage: FileSystemStorage, tmp_path: Path) -> None:
    faces = [sample_face()]
    assert stored_pdf(faces, storage) == render_pdf(faces)
    (path,) = files_below(tmp_path)
    assert path.relative_to(tmp_path).as_posix() == pdf_drawing(faces, event_id=7).name
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"what lies there is what is served")
    assert stored_pdf(faces, storage) == b"what lies there is what is served"


def test_formats_and_faces_have_files_of_their_own(storage: FileSystemStorage, tmp_path: Path) -> None:
    face = sample_face()
    assert stored_png(face, storage) == render_png(face)
    stored_pdf([face], storage)
    stored_pdf([replace(face, holder_name="Somebody Else")], storage)
    assert [path.suffix for path in files_below(tmp_path)].count(".pdf") == 2
    assert len(files_below(tmp_path)) == 3


def test_an_object_store_works_as_well() -> None:
    memory = InMemoryStorage()
    assert stored_png(sample_face(), memory) == stored_png(sample_face(), memory)
    assert memory.exists(png_drawing(sample_face(), event_id=7).name)


def test_many_askers_one_maker(storage: FileSystemStorage, tmp_path: Path) -> None:
    made: list[str] = []
    everybody_asked = threading.Event()

    def slow_draw(document: PrintedDocument, file_format: FileFormat) -> bytes:
        made.append(file_format)
        assert everybody_asked.wait(10)
        return typeset(document, file_format)

    drawing = replace(pdf_drawing([sample_face()], event_id=7), draw=slow_draw)
    with ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(stored, drawing, storage) for _ in range(6)]
        everybody_asked.set()
        contents = {answer.result() for answer in answers}
    assert contents == {render_pdf([sample_face()])}
    assert made == ["pdf"]
    assert len(files_below(tmp_path)) == 1


def test_a_failure_is_shared_and_the_next_try_is_fresh(storage: FileSystemStorage) -> None:
    def failing(document: PrintedDocument, file_format: FileFormat) -> bytes:
        del document
        raise RenderFailedError(file_format)

    drawing = png_drawing(sample_face(), event_id=7)
    with pytest.raises(RenderFailedError) as refused:
        stored(replace(drawing, draw=failing), storage)
    assert refused.value.facts() == {"format": "png"}
    assert stored_png(sample_face(), storage) == render_png(sample_face())


def test_when_every_renderer_is_busy_we_say_so() -> None:
    release = threading.Event()
    started = threading.Semaphore(0)

    def occupy(_: int) -> None:
        from tmam.delivery import typesetting

        with typesetting._slots:
            started.release()
            release.wait(10)

    with ThreadPoolExecutor(RENDERS_AT_ONCE) as pool:
        busy = pool.map(occupy, range(RENDERS_AT_ONCE))
        for _ in range(RENDERS_AT_ONCE):
            assert started.acquire(timeout=10)
        with pytest.raises(RenderBusyError):
            typeset(printed_document([sample_face()], "a4"), "pdf", wait_s=0.01)
        release.set()
        list(busy)


def test_a_changed_word_function_option_or_date_is_another_file() -> None:
    document = printed_document([sample_face()], "a4")

    def name(document: PrintedDocument, *options: str, event_id: int = 7) -> str:
        return drawing_of(
            document, typeset, *options, event_id=event_id, extension="pdf", media_type="application/pdf"
        ).name

    names = {
        name(document, "pdf"),
        name(document, "png"),
        name(document, "pdf", event_id=8),
        name(PrintedDocument(document.data, document.issued_at + 1), "pdf"),
        name(printed_document([sample_face("es")], "a4"), "pdf"),
    }
    assert len(names) == 5
