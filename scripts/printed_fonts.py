# ruff: noqa: INP001 - a script, not a package
"""Make the fonts of the printed ticket again: subsets of Debian's Inter and Noto, emoji from npm.

    .venv/bin/python scripts/printed_fonts.py [NAME …]      for example: NotoSansCJKsc-Regular.otf NotoEmoji.ttf

Needs (only to make them, never to run tmam): `apt-get install fonts-inter fonts-noto-core fonts-noto-extra
fonts-noto-cjk`, and `npm` for the emoji. Without names all are made. See `src/tmam/delivery/fonts/README.md`.
"""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FONTS = Path(__file__).parent.parent / "src/tmam/delivery/fonts"
INTER = Path("/usr/share/fonts/opentype/inter")
NOTO = Path("/usr/share/fonts/truetype/noto")
CJK = Path("/usr/share/fonts/opentype/noto")
SIMPLIFIED_CHINESE = (
    2  # the third face of the collection: its forms of Han are what most of our readers write
)
EMOJI_PACKAGE = "@expo-google-fonts/noto-emoji@0.4.7"
EMOJI_MEMBER = "package/500Medium/NotoEmoji_500Medium.ttf"
EMOJI_INTEGRITY = (
    "sha512-Gs7URwtKmCzzdGUTYbG8MIohyaQPgGxIaQG5hvyEAaQiEGJpQy6gyP3NDICE0EJkOJFoe1JFD3Hf1L4a3qe4KA=="
)

LATIN = (
    "20-7E A0-24F 250-2AF 2B9-2DD 300-331 342-345 358 35F 370-3FF 400-52F 1E00-1EFF 2002-200A 2010-2027 202F-203A "
    "2044 2070-208E 20A0-20C0 2116 2122 2126 2190-2199 2212 221E 2248 2260 2264-2265 25A0-25A1 25CF 2605 2713 "
    "FB01-FB02 FFFD"
)
INTER_FEATURES = ("kern", "tnum", "ccmp", "locl", "mark", "mkmk", "case", "zero", "calt")
# Each with the joiners, the dotted circle (on which a mark without its letter stands) and the signs of its money.
SCRIPTS = {
    "Arabic": "600-6FF 750-77F 8A0-8FF 200C-200F FB50-FDFF FE70-FEFF 25CC",
    "Hebrew": "590-5FF FB1D-FB4F 200C-200F 20AA 25CC",
    "Devanagari": "900-97F 200C-200D 20B9 25CC A8E0-A8FF 1CD0-1CFF",
    "Thai": "E00-E7F 200C-200D 25CC",
    "Bengali": "980-9FF 964-965 200C-200D 25CC",
    "Gurmukhi": "A00-A7F 964-965 200C-200D 25CC",
    "Gujarati": "A80-AFF 964-965 200C-200D 25CC",
    "Tamil": "B80-BFF 964-965 200C-200D 25CC",
    "Telugu": "C00-C7F 964-965 200C-200D 25CC",
    "Armenian": "530-58F FB13-FB17",
    "Georgian": "10A0-10FF 1C90-1CBF 2D00-2D2F",
}
SEMIBOLD_KNOWN = ("Arabic", "Hebrew", "Devanagari")  # the others come in two weights only: bold stands in
KANA_AND_HANGUL = "3000-30FF 3100-318F 31F0-31FF AC00-D7A3"
HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))


@dataclass(frozen=True)
class Wanted:
    """One font to make: from `source` (a face of a collection where `face` is set), with these characters."""

    source: Path
    characters: frozenset[int]
    features: tuple[str, ...] = ("*",)
    face: int | None = None


def main(names: list[str]) -> None:
    """Make the named fonts, or all."""
    for name, wanted in all_fonts().items():
        if not names or name in names:
            sys.stdout.write(f"{name}: {make(wanted, FONTS / name):,} bytes\n")
    if not names or "NotoEmoji.ttf" in names:
        content = emoji_font()
        (FONTS / "NotoEmoji.ttf").write_bytes(content)
        sys.stdout.write(f"NotoEmoji.ttf: {len(content):,} bytes\n")


def all_fonts() -> dict[str, Wanted]:
    """Every font but the emoji, by the name of its file."""
    fonts = {
        f"{face}.otf": Wanted(INTER / f"{face}.otf", ranges(LATIN), INTER_FEATURES)
        for face in ("Inter-Regular", "Inter-Medium", "Inter-SemiBold", "InterDisplay-SemiBold")
    }
    for script, characters in SCRIPTS.items():
        for weight in ("Regular", "SemiBold" if script in SEMIBOLD_KNOWN else "Bold"):
            name = f"NotoSans{script}-{weight}.ttf"
            fonts[name] = Wanted(NOTO / name, ranges(characters))
    for weight in ("Regular", "Bold"):
        characters = ranges(KANA_AND_HANGUL) | common_han()
        source = CJK / f"NotoSansCJK-{weight}.ttc"
        fonts[f"NotoSansCJKsc-{weight}.otf"] = Wanted(source, characters, ("ccmp",), SIMPLIFIED_CHINESE)
    return fonts


def make(wanted: Wanted, target: Path) -> int:
    """Write one subset; its size in bytes."""
    if not wanted.source.exists():
        sys.exit(f"{wanted.source} is missing: see the first lines of this script")
    font = TTFont(wanted.source) if wanted.face is None else TTCollection(wanted.source).fonts[wanted.face]
    options = subset.Options()
    options.layout_features = list(wanted.features)
    options.name_IDs = ["*"]
    options.hinting = False
    # Inter is read faster without shared parts; the 22,000 glyphs of CJK would take twice the room.
    options.desubroutinize = wanted.face is None
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]  # nothing is set from top to bottom
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted.characters)
    subsetter.subset(font)
    font.save(target)
    return target.stat().st_size


def emoji_font() -> bytes:
    """Noto Emoji in one colour (unlike the pictures of the colour font it is drawn sharp and archived as text)."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, EMOJI_PACKAGE]
        subprocess.run(command, check=True)
        (archive,) = Path(folder).glob("*.tgz")
        content = archive.read_bytes()
    found = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    if found != EMOJI_INTEGRITY:
        sys.exit(f"{EMOJI_PACKAGE} is another archive than the one we looked at: {found}")
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        member = packed.extractfile(EMOJI_MEMBER)
        if member is None:
            sys.exit(f"{EMOJI_MEMBER} is not in {EMOJI_PACKAGE}")
        return member.read()


def ranges(text: str) -> frozenset[int]:
    """`41-5A 61` as code points."""
    points: set[int] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        points |= set(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)


def common_han() -> frozenset[int]:
    """The Han of the national sets: GB 2312, JIS X 0208, KS X 1001 and the first level of Big5."""
    high = range(0xA1, 0xFF)
    low = [*range(0x40, 0x7F), *high]
    return frozenset(
        point
        for codec, leads, trails in (
            ("gb2312", high, high),
            ("euc_jp", high, high),
            ("euc_kr", high, high),
            ("big5", range(0xA4, 0xC7), low),
        )
        for point in two_bytes(codec, leads, trails)
        if any(first <= point <= last for first, last in HAN)
    )


def two_bytes(codec: str, leads: Iterable[int], trails: Iterable[int]) -> set[int]:
    """What the pairs of bytes of an old character set stand for."""
    trails = list(trails)
    text = "".join(bytes((lead, trail)).decode(codec, "ignore") for lead in leads for trail in trails)
    return {ord(char) for char in text}


if __name__ == "__main__":
    main(sys.argv[1:])
