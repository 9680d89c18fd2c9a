"""The long texts: help, terms, privacy, security, imprint. `tmam/help/pages/<language>/<name>.md`, a Markdown file each."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib import resources

from django.utils.safestring import SafeString

from tmam.orders.terms import PLATFORM_TERMS_VERSION
from tmam.platform.error_words import FALLBACK_LANGUAGE
from tmam.web.help.markdown import Section, render_sections


@dataclass(frozen=True)
class TextPage:
    """A page of words: `title`, one-sentence `lead`, the rest as HTML, and its sections."""

    title: str
    lead: str
    html: SafeString
    sections: list[Section]


@functools.cache
def text_page(name: str, language: str, support_email: str) -> TextPage:
    """The page in a language (English if it has none). `{support_email}` and `{terms_version}` are filled in."""
    folder = resources.files("tmam").joinpath("help", "pages")
    path = folder.joinpath(language, f"{name}.md")
    if not path.is_file():
        path = folder.joinpath(FALLBACK_LANGUAGE, f"{name}.md")
    facts = {
        "{support_email}": f"[{support_email}](mailto:{support_email})",
        "{terms_version}": PLATFORM_TERMS_VERSION,
    }
    filled = path.read_text(encoding="utf-8")
    for name_in_text, fact in facts.items():
        filled = filled.replace(name_in_text, fact)
    head, _, rest = filled.strip().partition("\n")
    lead, _, body = rest.strip().partition("\n\n")
    html, sections = render_sections(body)
    return TextPage(head.lstrip("# ").strip(), " ".join(lead.split()), html, sections)
