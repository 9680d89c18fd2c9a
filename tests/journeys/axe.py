"""The accessibility check that every page of a journey passes: axe-core, vendored for the tests.

from tests.journeys.axe import assert_accessible
assert_accessible(page)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js"
# A colour on its way to another is neither: what changes for a moment is waited for.
STILL = """() => Promise.all(document.getAnimations()
  .filter(each => each.playState === "running" && each.effect.getComputedTiming().endTime <= 500)
  .map(each => each.finished.catch(() => null))).then(() => null)"""
# WCAG 2.2 up to AA, and axe's own good practice (one h1, landmarks, heading order).
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def assert_accessible(page: Page, *, without_rules: tuple[str, ...] = ()) -> None:
    """Fail with a readable list of what axe finds on the page as it stands now.

    `without_rules` switches single rules off; say why where you do.
    """
    # Evaluated, not added as a script: the page's own security policy stays as it is.
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8") + "\n;null")
    page.evaluate(STILL)
    options = {
        "runOnly": {"type": "tag", "values": TAGS},
        "resultTypes": ["violations"],  # of what passes, no list is made
        "rules": {rule: {"enabled": False} for rule in without_rules},
    }
    found = page.evaluate("options => axe.run(document, options).then(result => result.violations)", options)
    assert not found, f"{page.url}\n" + "\n".join(_told(violation) for violation in found)


def _told(violation: dict[str, Any]) -> str:
    places = "\n".join(
        f"    {node['html'][:200]}\n      {node['failureSummary']}" for node in violation["nodes"][:5]
    )
    return f"  {violation['id']}: {violation['help']} ({len(violation['nodes'])})\n{places}"
