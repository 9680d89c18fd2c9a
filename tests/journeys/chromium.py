"""The browser of the tests: the distribution's Chromium, without a window."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# The same Chromium less what draws windows and tabs around pages: a quarter less work. No film can be its camera.
SHELL = "chromium-headless-shell"
# Nothing that phones home, and no sandbox where Chromium can have none (root in a container).
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
)


def launch_chromium(playwright: Playwright, *, arguments: Sequence[str] = ()) -> Browser:
    """Start Chromium; with arguments of a test's own (a camera) the whole of it, else its shell where there is one.

    A machine without one fails the test and says what to install.
    """
    names = NAMES if arguments else (SHELL, *NAMES)
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail("no Chromium: run scripts/test-tools.sh")
    return playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS, *arguments])
