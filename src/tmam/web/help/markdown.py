"""Our Markdown: help pages, legal pages, organizers' texts. No HTML passes through, no dangerous links."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

# "js-default" escapes HTML and refuses javascript: and data: addresses; lists, tables and emphasis are in it.
_reader = MarkdownIt("js-default")


@dataclass(frozen=True)
class Section:
    """A second-level heading: the id a link jumps to, and its words."""

    anchor: str
    title: str


def render_markdown(text: str) -> SafeString:
    """HTML of a text that anyone may have written."""
    return SafeString(_reader.render(text))  # the reader escapes what it is given


def render_sections(text: str) -> tuple[SafeString, list[Section]]:
    """HTML whose second-level headings carry ids, and those headings for a list of contents."""
    tokens = _reader.parse(text)
    sections = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            section = Section(slugify(inline.content), _plain(inline))
            opening.attrSet("id", section.anchor)
            sections.append(section)
    return SafeString(_reader.renderer.render(tokens, _reader.options, {})), sections


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or [] if child.type in {"text", "code_inline"})
