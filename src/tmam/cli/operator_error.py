"""What went wrong, in one sentence for the person at the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from tmam.platform.embedded_postgres import EmbeddedPostgresError
from tmam.platform.settings import Settings, load_settings, variable_name
from tmam.platform.state_folder import StateFolderError


class OperatorError(Exception):
    """A command cannot do what was asked; the text is one sentence."""


@contextmanager
def one_sentence(*, status: int = 1) -> Iterator[None]:
    """Print what the operator can act on as one sentence and exit with this status; bugs keep their traceback."""
    try:
        yield
    except (OperatorError, StateFolderError, EmbeddedPostgresError) as error:
        print(f"tmam: {error}", file=sys.stderr)
        raise SystemExit(status) from None


def operator_settings(**overrides: object) -> Settings:
    """The settings of the environment, with a command's options on top (None: not given).

    Options also go into this process's environment, so that everything it starts sees the same settings.

    Raises:
        OperatorError: a setting has a wrong value.
    """
    for name, value in overrides.items():
        if value is not None:
            os.environ[f"TMAM_{name.upper()}"] = str(value)
    try:
        settings = load_settings(os.environ)
    except msgspec.ValidationError as error:
        reason, _, path = str(error).partition(" - at `$.")
        name = variable_name(path.rstrip("`")) if path else "A setting"
        raise OperatorError(f"{name} is wrong: {reason}. All settings: docs/settings.md.") from None
    os.environ["TMAM_STATE"] = str(settings.state)
    return settings
