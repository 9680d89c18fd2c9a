"""Compiles the translators' `.po` files into the `.mo` files that gettext reads, when they have changed."""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_translations(locale_folder: Path) -> int:
    """Compile every stale `.po` below a `locale` folder; returns how many were.

    Fuzzy entries are left out: the English text is better than a guess.

    Raises:
        babel.messages.pofile.PoFileError: a file is malformed.
    """
    compiled = 0
    for source in sorted(locale_folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
        unfinished = target.with_suffix(
            f".{os.getpid()}.new"
        )  # written beside and renamed: readers never see half a file
        with unfinished.open("wb") as file:
            write_mo(file, catalog, use_fuzzy=False)
        unfinished.rename(target)
        compiled += 1
    return compiled
