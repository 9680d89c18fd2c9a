"""Looking at a page on a journey: axe, and pictures where somebody asked for them."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.axe import assert_accessible

# A folder: every page that is looked at is kept there as it looks in both schemes, on a phone and on a desk.
PICTURES = os.environ.get("TMAM_TEST_PICTURES", "")


def settled(page: Page) -> None:
    """Wait until no colour is on its way to another."""
    page.evaluate(
        "Promise.allSettled(document.getAnimations().map((each) => each.finished)).then(() => null)"
    )


def looked_at(page: Page, name: str) -> None:
    """Check the page as it stands; keep pictures of it in both schemes and widths if asked to."""
    settled(page)
    assert_accessible(page)
    if not PICTURES:
        return
    for scheme in ("light", "dark"):
        for width in (375, 1280):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # a literal in a loop
            page.set_viewport_size({"width": width, "height": 800})
            settled(page)
            page.screenshot(path=Path(PICTURES) / f"{name}-{scheme}-{width}.png", full_page=True)
    assert_accessible(page)  # dark now
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 375, "height": 760})
