"""The forms a ticket can be fetched in: one table for pages, mails and the command line.

A capability that makes files brings its own `FileFormat`s; they are gathered here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, Literal

from tmam.delivery.apple.site_certificate import is_apple_offered
from tmam.delivery.printed import PageLayout
from tmam.fulfilment.apple.make_pass import passes_file
from tmam.fulfilment.files import PlannedFile, TicketFile
from tmam.fulfilment.order_files import (
    calendar_file,
    code_images,
    planned_pdf,
    planned_pictures,
    tickets_page,
)
from tmam.orders.order_summary import OrderSummary, TicketLine


@dataclass(frozen=True)
class FileWish:
    """Which tickets of an order, for whom: `lines` admit somebody; `poster_svg` is decoration."""

    order: OrderSummary
    lines: Sequence[TicketLine]
    language: str
    now: datetime
    poster_svg: bytes | None = None


@dataclass(frozen=True)
class FileFormat:
    """One form: its `name` stands in addresses and in `record_downloads`.

    `is_heavy` files are drawn by the renderers and may have to wait; the others are made at once. `holds_many`
    says that one file may hold all tickets of an order, `packs_many` that several come as a ZIP of one file each, at
    most `MAX_FILES_PER_PACK`. `is_offered` says whether it can be made here at all: some need
    what only the operator can get.

    `make` gives a light file whole, and a heavy one as a plan: it draws nothing heavy itself, so that a queue can be
    told about and nothing is drawn twice (`PlannedFile`, `delivery.drawings.drawing_of`). Who needs the content of
    either takes `finish_files.finished(form.make(wish))`, which raises the errors of `delivery.errors`.
    """

    name: str
    extension: str
    media_type: str
    is_heavy: bool
    holds_many: bool
    make: Callable[[FileWish], TicketFile | PlannedFile]
    is_offered: Callable[[], bool] = lambda: True
    packs_many: bool = False


def _pdf(wish: FileWish, layout: PageLayout = "sheet") -> PlannedFile:
    return planned_pdf(
        wish.order, wish.lines, language=wish.language, layout=layout, poster_svg=wish.poster_svg
    )


def _page(name: str, layout: PageLayout) -> FileFormat:
    """A PDF in another layout than the usual one."""
    make = partial(_pdf, layout=layout)
    return FileFormat(name, "pdf", "application/pdf", is_heavy=True, holds_many=True, make=make)


def _pictures(wish: FileWish, kind: Literal["png", "jpg"]) -> PlannedFile:
    return planned_pictures(
        wish.order, wish.lines, language=wish.language, kind=kind, poster_svg=wish.poster_svg
    )


def _png(wish: FileWish) -> PlannedFile:
    return _pictures(wish, "png")


def _jpeg(wish: FileWish) -> PlannedFile:
    return _pictures(wish, "jpg")


def _html(wish: FileWish) -> TicketFile:
    return tickets_page(wish.order, wish.lines, language=wish.language)


def _code(wish: FileWish) -> TicketFile:
    return code_images(wish.order, wish.lines)


def _calendar(wish: FileWish) -> TicketFile:
    return calendar_file(wish.order, language=wish.language, now=wish.now)


def _pkpass(wish: FileWish) -> TicketFile:
    return passes_file(wish.order, wish.lines, language=wish.language, poster_svg=wish.poster_svg)


_ALL: Final[tuple[FileFormat, ...]] = (
    FileFormat("pdf", "pdf", "application/pdf", is_heavy=True, holds_many=True, make=_pdf),
    _page("pdf-letter", "letter"),
    _page("pdf-low-ink", "low-ink"),
    _page("pdf-large", "large"),
    FileFormat("html", "html", "text/html", is_heavy=False, holds_many=True, make=_html),
    FileFormat("png", "png", "image/png", is_heavy=True, holds_many=False, make=_png, packs_many=True),
    FileFormat("jpeg", "jpg", "image/jpeg", is_heavy=True, holds_many=False, make=_jpeg, packs_many=True),
    FileFormat("code", "png", "image/png", is_heavy=False, holds_many=False, make=_code, packs_many=True),
    FileFormat(
        "pkpass",
        "pkpass",
        "application/vnd.apple.pkpass",
        is_heavy=False,
        holds_many=True,
        make=_pkpass,
        is_offered=is_apple_offered,
    ),
    FileFormat("ics", "ics", "text/calendar", is_heavy=False, holds_many=True, make=_calendar),
)
_BY_NAME: Final[Mapping[str, FileFormat]] = {each.name: each for each in _ALL}


class _Offered(Mapping[str, FileFormat]):
    """The forms that can be made here now, by name."""

    def __getitem__(self, name: str) -> FileFormat:
        form = _BY_NAME[name]
        if not form.is_offered():
            raise KeyError(name)
        return form

    def __iter__(self) -> Iterator[str]:
        return (name for name, form in _BY_NAME.items() if form.is_offered())

    def __len__(self) -> int:
        return sum(1 for _ in self)


FORMATS: Final[Mapping[str, FileFormat]] = _Offered()
