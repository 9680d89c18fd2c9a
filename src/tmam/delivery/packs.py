"""Several files of one kind as one: a ZIP, for forms that hold one ticket each.

Pictures are compressed already, so they are stored as they are. Entry names, order and dates are fixed: the same
tickets give the same bytes, and a broken download resumes.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from tmam.delivery.drawings import Drawing
from tmam.delivery.printed import PrintedDocument

MEDIA_TYPE: Final = "application/zip"
# A renderer holds all of them at once: some 25 MB of the largest pictures.
MAX_FILES_PER_PACK: Final = 20
_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)  # what a ZIP can say
_READABLE: Final = 0o600 << 16


def pack_files(files: Sequence[tuple[str, bytes]], at: datetime) -> bytes:
    """A ZIP of these (name, content), all dated `at` (aware; in UTC, seconds even).

    Raises:
        ValueError: no file, or more than `MAX_FILES_PER_PACK`.
    """
    if not 0 < len(files) <= MAX_FILES_PER_PACK:
        raise ValueError(f"a pack holds 1 to {MAX_FILES_PER_PACK} files, not {len(files)}")
    moment = max(at.astimezone(UTC), _EARLIEST).timetuple()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, moment[:6])
            entry.create_system, entry.external_attr = 3, _READABLE  # the same bytes on every system
            archive.writestr(entry, content)
    return packed.getvalue()


def pack_drawing(drawings: Sequence[tuple[str, Drawing]], *, event_id: int) -> Drawing:
    """These (name in the ZIP, drawing of one document) in one pack, drawn by one renderer.

    Raises:
        ValueError: none, more than `MAX_FILES_PER_PACK`, or drawings of several kinds.
    """
    kinds = {each.kind for _, each in drawings}
    if len(kinds) != 1 or len(drawings) > MAX_FILES_PER_PACK:
        raise ValueError(f"{len(drawings)} drawings of {len(kinds)} kinds make no pack")
    digest = hashlib.sha256()
    for name, each in drawings:
        digest.update(hashlib.sha256(f"{name}\n{each.name}".encode()).digest())
    key = digest.hexdigest()
    return Drawing(
        f"tickets/{event_id}/{key[:2]}/{key}.zip",
        MEDIA_TYPE,
        f"pack.{kinds.pop()}.{len(drawings)}",
        draw_pack,
        (tuple((name, each.draw, each.arguments) for name, each in drawings),),
    )


def draw_pack(parts: Sequence[tuple[str, Callable[..., bytes], tuple[object, ...]]]) -> bytes:
    """Draw every part (name, function, document and options) and pack them; dated like the latest document.

    Raises:
        RenderBusyError, RenderFailedError: see `typesetting.typeset`.
    """
    issued_at = max(
        (
            given.issued_at
            for _, _, arguments in parts
            for given in arguments
            if isinstance(given, PrintedDocument)
        ),
        default=0,
    )
    return pack_files(
        [(name, draw(*arguments)) for name, draw, arguments in parts], datetime.fromtimestamp(issued_at, UTC)
    )
