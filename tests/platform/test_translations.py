from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError

from tmam.platform.translations import compile_translations

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Search"
msgstr "Buscar"

#, fuzzy
msgid "Guess"
msgstr "Quizá"

msgid "%(count)s ticket"
msgid_plural "%(count)s tickets"
msgstr[0] "%(count)s entrada"
msgstr[1] "%(count)s entradas"
"""


def put(folder: Path, text: str) -> Path:
    path = folder / "es" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_changed_words_are_compiled_and_only_those(tmp_path: Path) -> None:
    source = put(tmp_path, PO)
    assert compile_translations(tmp_path) == 1
    assert compile_translations(tmp_path) == 0
    words = gettext.translation("django", tmp_path, ["es"])
    assert words.gettext("Search") == "Buscar"
    assert words.gettext("Guess") == "Guess"
    assert words.ngettext("%(count)s ticket", "%(count)s tickets", 2) == "%(count)s entradas"
    newer = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (newer, newer))
    assert compile_translations(tmp_path) == 1


def test_a_malformed_file_is_refused_and_nothing_half_made_stays(tmp_path: Path) -> None:
    source = put(tmp_path, PO + '\nmsgid "open\n')
    with pytest.raises(PoFileError):
        compile_translations(tmp_path)
    assert [path.name for path in source.parent.iterdir()] == ["django.po"]
