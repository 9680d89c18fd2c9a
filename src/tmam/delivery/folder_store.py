"""Files in a folder of ours (mode 700, files 600), each written whole before it has its name."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tmam.delivery.errors import StoreAwayError

UNFINISHED = ".unfinished-"


class FolderStore:
    """`delivery.store.FileStore` on a file system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str) -> bytes | None:
        """The whole file."""
        with _disk_trouble():
            try:
                return self._path(name).read_bytes()
            except FileNotFoundError:
                return None

    def read(self, name: str, start: int, end: int) -> bytes | None:
        """A range of it."""
        with _disk_trouble():
            try:
                with self._path(name).open("rb") as file:
                    file.seek(start)
                    return file.read(end - start)
            except FileNotFoundError:
                return None

    def size(self, name: str) -> int | None:
        """Its bytes."""
        with _disk_trouble():
            try:
                return self._path(name).stat().st_size
            except FileNotFoundError:
                return None

    def put(self, name: str, content: bytes, media_type: str) -> None:
        """Keep it: written beside, on disk, then given its name."""
        del media_type
        with _disk_trouble():
            path = self._path(name)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)  # mode 600
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                Path(unfinished).replace(path)
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    Path(unfinished).unlink()
                raise

    def delete(self, names: Sequence[str]) -> None:
        """Delete files, and the folders that are empty then."""
        with _disk_trouble():
            for name in names:
                path = self._path(name)
                with contextlib.suppress(FileNotFoundError):
                    path.unlink()
                with contextlib.suppress(OSError):  # not empty
                    path.parent.rmdir()
                    path.parent.parent.rmdir()

    def names_below(self, folder: str) -> list[str]:
        """Every file below a folder, those that a crash left unfinished too."""
        with _disk_trouble():
            paths = [path for path in self._path(folder).rglob("*") if path.is_file()]
        return sorted(path.relative_to(self._folder).as_posix() for path in paths)

    def url_for(self, name: str, seconds: int) -> str | None:
        """None: our own server hands them out."""
        del name, seconds
        return None

    def _path(self, name: str) -> Path:
        path = self._folder / name
        if ".." in path.parts or not path.is_relative_to(self._folder):
            raise ValueError(f"not a name of ours: {name!r}")
        return path


@contextmanager
def _disk_trouble() -> Iterator[None]:
    """A disk that is full or broken is not the buyer's fault, and passes."""
    try:
        yield
    except OSError as error:
        raise StoreAwayError from error
