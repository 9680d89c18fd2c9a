"""What the operator can set, in one place: environment variables, their meaning and their defaults.

The fields are in `setting_topics`, by topic; together they are the source of the table in `docs/settings.md`; a test keeps
the two alike.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from tmam.platform.setting_topics.people import PeopleSettings


class Settings(PeopleSettings, frozen=True, kw_only=True):
    """The program's settings. Each field is the environment variable `TMAM_<NAME>` (DATABASE_URL: bare)."""

    @property
    def origin(self) -> str:
        """The one origin that all links and same-origin checks use, without a trailing slash."""
        scheme, usual_port = ("http", 80) if self.is_loopback else ("https", 443)
        port = "" if self.port == usual_port else f":{self.port}"
        return f"{scheme}://{self.host}{port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin our own pages may be on: on this machine, all its names."""
        if not self.is_loopback:
            return (self.origin,)
        port = "" if self.port == 80 else f":{self.port}"
        return tuple(f"http://{name}{port}" for name in ("localhost", "127.0.0.1", "[::1]"))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine is served."""
        return self.host in {"localhost", "127.0.0.1", "::1"}


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from an environment.

    Raises:
        msgspec.ValidationError: a value has the wrong type or range; its message names the field.
    """
    found: dict[str, str] = {}
    for name in Settings.__struct_fields__:
        variable = variable_name(name)
        if environ.get(variable, "") != "":
            found[name] = environ[variable]
    settings = msgspec.convert(found, type=Settings, strict=False, dec_hook=_decode_path)
    return msgspec.structs.replace(settings, state=settings.state.absolute())


def variable_name(field: str) -> str:
    """The environment variable of a settings field."""
    return "DATABASE_URL" if field == "database_url" else f"TMAM_{field.upper()}"


def current_settings() -> Settings:
    """The settings of this process's environment: asked for with every encrypted value, read once for each environment."""
    environment: dict[bytes, bytes] = os.environ._data  # type: ignore[attr-defined]  # noqa: SLF001 - see below
    global _last  # noqa: PLW0603 - one pair, replaced whole
    # Comparing what `os.environ` is made of takes a microsecond; asking it for each of our variables takes fifty.
    if environment != _last[0]:
        _last = (dict(environment), _settings_of(tuple(os.environ.get(each, "") for each in _VARIABLES)))
    return _last[1]


@functools.lru_cache(maxsize=4)
def _settings_of(values: tuple[str, ...]) -> Settings:
    return load_settings(dict(zip(_VARIABLES, values, strict=True)))


_VARIABLES = tuple(variable_name(name) for name in Settings.__struct_fields__)
_last: tuple[dict[bytes, bytes], Settings] = ({}, Settings())


def _decode_path(wanted: type, value: object) -> object:
    if wanted is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError(wanted)  # msgspec's way to say: no type of ours
