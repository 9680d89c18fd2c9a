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
        self._folder, self._folder_text = folder, str(folder)

    def get(self, name: str) -> bytes | None:
        """The whole file."""
        size = self.size(name)
        return None if size is None else self.read(name, 0, size)

    def read(self, name: str, start: int, end: int) -> bytes | None:
        """A range of it."""
        path = self._path_text(name)
        try:  # as `_disk_trouble`, without a context manager: for every press of a button
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                return os.pread(file, end - start, start)
            finally:
                os.close(file)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreAwayError from error

    def size(self, name: str) -> int | None:
        """Its bytes."""
        path = self._path_text(name)
        with _disk_trouble():
            try:
                return os.stat(path).st_size  # noqa: PTH116 - as `_path_text` says
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
        return Path(self._path_text(name))

    def _path_text(self, name: str) -> str:
        """As text, which costs a tenth of a `Path`: files are read as often as buttons are pressed."""
        if name.startswith("/") or ".." in name.split("/"):
            raise ValueError(f"not a name of ours: {name!r}")
        return f"{self._folder_text}/{name}"


@contextmanager
def _disk_trouble() -> Iterator[None]:
    """A disk that is full or broken is not the buyer's fault, and passes."""
    try:
        yield
    except OSError as error:
        raise StoreAwayError from error
