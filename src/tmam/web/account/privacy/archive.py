"""The file of "download my data": a ZIP with one JSON file per part, and the same to read in the person's language.

Rows are written as they are read, into a file on disk once it grows: memory stays bounded however much there is.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any, Final

import msgspec
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tmam.accounts.personal_data import Part, Person, parts
from tmam.kernel.texts import in_language

IN_MEMORY_BYTES: Final = 1_000_000
# Rows a reader scrolls through; all of them are in the JSON beside.
MOST_ROWS_TO_READ: Final = 1_000


def write_archive(person: Person, now: datetime) -> IO[bytes]:
    """Everything we keep about a person, ready to be sent from its start. The caller closes it."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        counts = {part.name: _write_json(archive, part, person) for part in parts()}
        with archive.open("fields.json", "w") as entry:
            entry.write(_json({part.name: _documented(part) for part in parts()}))
        with archive.open(_("read-me.html"), "w") as entry:
            for piece in _overview(person, counts, now):
                entry.write(piece.encode())
    file.seek(0)
    return file


def _write_json(archive: zipfile.ZipFile, part: Part, person: Person) -> int:
    count = 0
    with archive.open(f"{part.name}.json", "w") as entry:
        entry.write(b"[")
        for row in part.rows(person):
            entry.write(b",\n" if count else b"\n")
            entry.write(_json(row))
            count += 1
        entry.write(b"\n]\n")
    return count


def _documented(part: Part) -> dict[str, Any]:
    return {"title": str(part.title), "fields": {name: str(words) for name, words in part.fields.items()}}


def _json(value: object) -> bytes:
    return msgspec.json.encode(value, enc_hook=str)


def _overview(person: Person, counts: Mapping[str, int], now: datetime) -> Iterator[str]:
    """The page to read: plain, without styles or scripts, made to be opened from the file."""
    title = _("Your data at tmam")
    yield f'<!doctype html>\n<html lang="{get_language()}"><meta charset="utf-8"><title>{escape(title)}</title>\n'
    yield f"<h1>{escape(title)}</h1>\n<p>{escape(_('Made on'))} {now:%Y-%m-%d %H:%M} UTC. "
    words = _("Each part is also a JSON file for machines; fields.json says what each field means.")
    yield escape(words) + "</p>\n<ul>\n"
    for part in parts():
        yield f'<li><a href="#{part.name}">{escape(part.title)}</a> ({counts[part.name]})</li>\n'
    yield "</ul>\n"
    for part in parts():
        yield from _part_to_read(part, person)
    yield "</html>\n"


def _part_to_read(part: Part, person: Person) -> Iterator[str]:
    yield f'<h2 id="{part.name}">{escape(part.title)}</h2>\n<dl>\n'
    for name, words in part.fields.items():
        yield f"<dt><code>{name}</code></dt><dd>{escape(words)}</dd>\n"
    yield "</dl>\n"
    count = 0
    for row in part.rows(person):
        if count == MOST_ROWS_TO_READ:
            yield f"<p>{escape(_('The rest is in the JSON file.'))}</p>\n"
            break
        count += 1
        cells = "".join(f"<li><code>{name}</code>: {escape(_plain(row[name]))}</li>" for name in row)
        yield f"<ul>{cells}</ul>\n"
    if not count:
        yield f"<p>{escape(_('We keep nothing here.'))}</p>\n"


def _plain(value: object) -> str:
    if isinstance(value, dict) and value and all(isinstance(each, str) for each in value.values()):
        return in_language(value, get_language() or "en")
    if value is None or value == "":
        return "–"
    return value if isinstance(value, str) else _json(value).decode().strip('"')
