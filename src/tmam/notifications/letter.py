"""What a mail says, apart from how it looks: words in blocks, the same for the plain and the HTML part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tmam.fulfilment.files import TicketFile


@dataclass(frozen=True)
class Block:
    """One piece of a mail. `kind` names the part of the two layouts that shows it."""

    kind: Literal["text", "heading", "facts", "button", "buttons", "code", "steps", "small"]
    text: str = ""
    url: str = ""
    items: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    buttons: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Letter:
    """A whole mail in one language. `preview` is the line that inboxes show after the subject."""

    subject: str
    preview: str
    title: str
    blocks: Sequence[Block]
    attachments: Sequence[TicketFile] = field(default_factory=tuple)


def text(words: str) -> Block:
    """A paragraph."""
    return Block("text", words)


def small(words: str) -> Block:
    """A remark that matters less."""
    return Block("small", words)


def heading(words: str) -> Block:
    """The title of a section."""
    return Block("heading", words)


def facts(pairs: Sequence[tuple[str, str]]) -> Block:
    """Facts with their names; those without a value are left out."""
    return Block("facts", facts=[(name, value) for name, value in pairs if value])


def button(words: str, url: str) -> Block:
    """The one thing to do."""
    return Block("button", words, url=url)


def buttons(ways: Sequence[tuple[str, str]]) -> Block:
    """Other ways to do it, less loud than the one thing to do: (words, address)."""
    return Block("buttons", buttons=ways)


def steps(items: Sequence[str]) -> Block:
    """Numbered instructions."""
    return Block("steps", items=items)


def code(digits: str) -> Block:
    """A one-time code, in big type."""
    return Block("code", digits)
