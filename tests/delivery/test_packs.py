"""Several files in one ZIP: the same bytes each time, read by another program."""

from __future__ import annotations

import io
import pickle
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tmam.delivery.packs import MAX_FILES_PER_PACK, pack_drawing, pack_files
from tmam.delivery.pdf import pdf_drawing
from tmam.delivery.png import png_drawing
from tmam.delivery.sample import sample_face

AT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_the_same_files_give_the_same_bytes_which_python_s_own_tool_accepts(tmp_path: Path) -> None:
    files = [("a-1.png", b"one"), ("a-2.png", b"two")]
    packed = pack_files(files, AT)
    assert packed == pack_files(files, AT)
    path = tmp_path / "a.zip"
    path.write_bytes(packed)
    said = subprocess.run(
        ["python3", "-m", "zipfile", "-t", path], capture_output=True, text=True, check=True
    )
    assert "Done testing" in said.stdout
    with zipfile.ZipFile(path) as archive:
        assert [(each.filename, archive.read(each)) for each in archive.infolist()] == files
        assert archive.infolist()[0].date_time == (2026, 11, 22, 9, 30, 0)


@pytest.mark.parametrize("count", [0, MAX_FILES_PER_PACK + 1])
def test_a_pack_is_bounded(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 20"):
        pack_files([("a", b"")] * count, AT)


def test_pictures_of_several_tickets_are_drawn_by_one_renderer() -> None:
    faces = [replace(sample_face(), serial=serial) for serial in (7, 8)]
    drawing = pack_drawing(
        [(f"t-{face.serial}.png", png_drawing(face, event_id=2)) for face in faces], event_id=2
    )
    travelled = pickle.loads(pickle.dumps(drawing))  # noqa: S301 - what we packed ourselves
    with zipfile.ZipFile(io.BytesIO(travelled.draw(*travelled.arguments))) as archive:
        assert archive.namelist() == ["t-7.png", "t-8.png"]
        pictures = [archive.read(name) for name in archive.namelist()]
        assert archive.infolist()[0].date_time == (2026, 11, 22, 9, 30, 0)
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert pictures[0] != pictures[1]
    assert drawing.name.startswith("tickets/2/")
    assert drawing.name.endswith(".zip")


def test_a_pack_holds_one_kind_only() -> None:
    face = sample_face()
    with pytest.raises(ValueError, match="2 kinds"):
        pack_drawing(
            [("a.png", png_drawing(face, event_id=2)), ("a.pdf", pdf_drawing([face], "sheet", event_id=2))],
            event_id=2,
        )
