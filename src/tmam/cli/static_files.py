"""Static files, gathered under hashed names into the state folder, with a gzip beside each text file."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path

TEXTS = {".css", ".js", ".mjs", ".svg", ".json", ".webmanifest", ".txt", ".wasm", ".ttf"}
SMALLEST_WORTH_PACKING_BYTES = 600


def gather_static_files(static: Path) -> bool:
    """Collect into `static` if anything changed since the last time; returns whether it had. Django must be set up."""
    from django.core.management import call_command

    stamp = static / ".stamp"
    wanted = _stamp()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return False
    static.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    for path in static.rglob("*"):
        if path.suffix in TEXTS and path.stat().st_size >= SMALLEST_WORTH_PACKING_BYTES:
            _pack(path)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _stamp() -> str:
    """Changes when any source file is added, removed or edited, or the way they are stored does."""
    from django.conf import settings

    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    for name, path in sorted(_sources()):
        status = path.stat()
        digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _sources() -> Iterator[tuple[str, Path]]:
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for name, storage in finder.list([]):
            yield name, Path(storage.path(name))


def _pack(path: Path) -> None:
    packed = path.with_name(f"{path.name}.gz")
    if not packed.exists() or packed.stat().st_mtime_ns < path.stat().st_mtime_ns:
        packed.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
