"""Typst at work: one compiler per thread, a bounded number at once, files of our own only.

A compiler can neither be shared by threads nor be fed its template as bytes twice, so each thread has its own
and the template is a file. Nothing that is printed can be read as markup: texts travel as JSON strings.
"""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from importlib.metadata import version
from pathlib import Path
from typing import Literal, TypeAlias

import structlog
import typst

from tmam.delivery.compact import compacted
from tmam.delivery.errors import RenderBusyError, RenderFailedError
from tmam.delivery.fonts import FOLDER as FONT_FOLDER
from tmam.delivery.fonts import font_files
from tmam.delivery.printed import PrintedDocument

FileFormat: TypeAlias = Literal["pdf", "png"]

TEMPLATES = Path(__file__).parent / "templates"
# The phone layout is 360 pt wide: 3 px a point makes 1080 px.
PNG_PIXELS_PER_INCH = 216.0
RENDERS_AT_ONCE = max(2, os.cpu_count() or 2)
WAIT_S = 20.0

_log = structlog.get_logger()
_mine = threading.local()
_slots = threading.BoundedSemaphore(RENDERS_AT_ONCE)


def typeset(document: PrintedDocument, file_format: FileFormat, wait_s: float = WAIT_S) -> bytes:
    """Print a document; the same document gives the same bytes. A drawing that typst refuses is left out.

    At most `RENDERS_AT_ONCE` run at once, others wait up to `wait_s` seconds.

    Raises:
        RenderBusyError: no slot was free in time.
        RenderFailedError: typst refused; the reason is in the log.
    """
    if not _slots.acquire(timeout=wait_s):
        raise RenderBusyError
    try:
        return _compile(document, file_format)
    except typst.TypstError as error:
        bare = document.without_drawings()
        if bare == document:
            # No traceback: it would show the document, and with it names and codes.
            _log.error("delivery.render_failed", format=file_format, reason=error.message)
            raise RenderFailedError(file_format) from error
        _log.warning("delivery.drawings_left_out", format=file_format, reason=error.message)
    finally:
        _slots.release()
    return typeset(bare, file_format, wait_s)


@functools.cache
def template_version() -> str:
    """Changes when the templates, the fonts or typst do: part of every stored file's name."""
    digest = hashlib.sha256(version("typst").encode())
    for path in [*sorted(TEMPLATES.glob("*.typ")), *font_files()]:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _compile(document: PrintedDocument, file_format: FileFormat) -> bytes:
    # PDF/UA-1: readable by screen readers. PDF/A-2a: still readable in fifty years. Both are PDF 1.7.
    output = _compiler().compile(
        format=file_format,
        ppi=PNG_PIXELS_PER_INCH,
        sys_inputs={"data": document.data},
        pdf_standards=["a-2a", "ua-1"] if file_format == "pdf" else [],
        timestamp=document.issued_at,
    )
    if not isinstance(output, bytes):  # a picture of several pages comes as a list
        raise RenderFailedError(file_format)
    return compacted(output) if file_format == "pdf" else output


def _compiler() -> typst.Compiler:
    compiler: typst.Compiler | None = getattr(_mine, "compiler", None)
    if compiler is None:
        template = TEMPLATES / "ticket.typ"
        compiler = typst.Compiler(template, root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True)
        _mine.compiler = compiler
    return compiler


@functools.cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_FOLDER])
