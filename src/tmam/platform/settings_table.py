"""docs/settings.md, made from the settings so that the two can't differ."""

from __future__ import annotations

from typing import Annotated, Literal, get_args, get_origin, get_type_hints

from msgspec import Meta

from tmam.platform.settings import Settings, variable_name

HEAD = """# Settings

Everything an operator can set is an environment variable. This table is made by `tmam settings` from
`src/tmam/platform/setting_topics/`; a test keeps the two alike.

| variable | default | meaning |
|---|---|---|
"""


def settings_document() -> str:
    """The whole Markdown document."""
    hints = get_type_hints(Settings, include_extras=True)
    defaults = Settings()
    rows = [
        f"| `{variable_name(name)}` | {_shown(getattr(defaults, name))} | {_meaning(hints[name])} |"
        for name in Settings.__struct_fields__
    ]
    return HEAD + "\n".join(rows) + "\n"


def _shown(value: object) -> str:
    return f"`{value}`" if str(value) else ""


def _meaning(hint: object) -> str:
    if get_origin(hint) is not Annotated:
        return ""
    kind, *notes = get_args(hint)
    text = " ".join(note.description or "" for note in notes if isinstance(note, Meta))
    if get_origin(kind) is Literal:
        text += f" One of {', '.join(f'`{choice}`' for choice in get_args(kind))}."
    return text.replace("|", "\\|")
