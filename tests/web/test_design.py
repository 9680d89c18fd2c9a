"""The style sheet keeps its promises: contrast in both themes, weight, one scale, no colours outside the tokens."""

from __future__ import annotations

import gzip
import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from tmam.kernel.colour import Oklch, contrast, is_showable
from tmam.web.brand import PAPER, SUNKEN, SURFACE

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "src/tmam/web"
STATIC = WEB / "static"
CSS = (STATIC / "tmam/tmam.css").read_text(encoding="utf-8")
TOKEN = re.compile(r"--([\w-]+): oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\);")
GROUNDS = ("paper", "surface", "sunken", "accent-soft", "success-soft", "warning-soft", "danger-soft")


def tokens_of(theme: str) -> dict[str, Oklch]:
    light, _, dark = CSS[CSS.index("@layer tokens {") : CSS.index("--font:")].partition(
        "prefers-color-scheme: dark"
    )
    text = light + dark if theme == "dark" else light  # the dark theme's values come later and win
    return {
        name: Oklch(round(float(percent) / 100, 4), float(chroma), float(hue))
        for name, percent, chroma, hue in TOKEN.findall(text)
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_body_text_has_contrast_7_and_everything_else_4_5(theme: str, ground: str) -> None:
    tokens = tokens_of(theme)
    for ink in ("ink", "ink-soft"):
        assert contrast(tokens[ink], tokens[ground]) >= 7, ink
    for ink in ("ink-faint", "accent-text", "success", "warning", "danger"):
        assert contrast(tokens[ink], tokens[ground]) >= 4.5, ink
    for edge in ("line-strong", "focus"):
        assert contrast(tokens[edge], tokens[ground]) >= 3, edge


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_on_filled_buttons_have_contrast_4_5(theme: str) -> None:
    tokens = tokens_of(theme)
    for face in ("accent", "accent-deep"):
        assert contrast(tokens["on-accent"], tokens[face]) >= 4.5
    for face in ("danger", "danger-deep", "success", "warning"):
        assert contrast(tokens["on-state"], tokens[face]) >= 4.5
    assert contrast(tokens["paper"], tokens["ink"]) >= 7


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_seats_stand_out_and_their_numbers_can_be_read(theme: str) -> None:
    tokens = tokens_of(theme)
    for category in range(1, 7):
        assert contrast(tokens["on-state"], tokens[f"seat-{category}"]) >= 4.5, category
        for ground in ("surface", "sunken"):
            assert contrast(tokens[f"seat-{category}"], tokens[ground]) >= 3, (category, ground)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_token_can_be_shown_on_an_ordinary_screen(theme: str) -> None:
    assert {name for name, colour in tokens_of(theme).items() if not is_showable(colour)} == set()


def test_brand_and_style_sheet_know_the_same_neutrals() -> None:
    light, dark = tokens_of("light"), tokens_of("dark")
    assert {"light": light["paper"], "dark": dark["paper"]} == PAPER
    assert {"light": light["surface"], "dark": dark["surface"]} == SURFACE
    assert {"light": light["sunken"], "dark": dark["sunken"]} == SUNKEN


def test_weights() -> None:
    assert len(gzip.compress(CSS.encode())) < 30_000
    for room in ("", "account"):  # what pages share, and what the account's pages load beside it
        scripts = [path.stat().st_size for path in (STATIC / "tmam/js" / room).glob("*.js")]
        assert 0 < sum(scripts) <= 20_000, room
    assert (STATIC / "vendor/inter/inter-latin.woff2").stat().st_size < 26_000


def test_page_styles_are_layered_and_use_tokens_only() -> None:
    for path in (STATIC / "tmam/pages").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert text.strip().startswith("@layer pages"), path.name


def test_templates_hold_no_inline_styles_or_scripts() -> None:
    inline = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)")
    for path in (WEB / "templates").rglob("*.html"):
        if "mail" in path.relative_to(WEB / "templates").parts[0]:
            continue  # mail clients know no style sheets
        assert inline.search(path.read_text(encoding="utf-8")) is None, path


def test_every_icon_that_a_template_shows_is_in_the_sprite() -> None:
    have = set(
        re.findall(r'<symbol id="([\w-]+)"', (STATIC / "vendor/lucide/icons.svg").read_text(encoding="utf-8"))
    )
    used = {
        name
        for path in (WEB / "templates").rglob("*.html")
        for name in re.findall(r"{%\s*icon \"([\w-]+)\"", path.read_text(encoding="utf-8"))
    }
    assert used <= have


MANIFESTS = sorted(
    [*(STATIC / "vendor").glob("*/VENDORED.toml"), *(ROOT / "tests/vendor").glob("*/VENDORED.toml")]
)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: path.parent.name)
def test_vendored_files_are_the_ones_noted(manifest: Path) -> None:
    noted = tomllib.loads(manifest.read_text(encoding="utf-8"))
    assert noted["licence"]
    assert noted["integrity"].startswith("sha512-")
    for entry in noted["file"]:
        assert (
            hashlib.sha256((manifest.parent / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]
        ), entry["path"]
    listed = {entry["path"] for entry in noted["file"]} | {"VENDORED.toml"}
    present = {
        path.relative_to(manifest.parent).as_posix() for path in manifest.parent.rglob("*") if path.is_file()
    }
    assert present == listed


def test_every_vendored_folder_has_a_manifest() -> None:
    folders = [
        path
        for root in (STATIC / "vendor", ROOT / "tests/vendor")
        for path in root.iterdir()
        if path.is_dir()
    ]
    assert {path.name for path in folders if not (path / "VENDORED.toml").is_file()} == set()
