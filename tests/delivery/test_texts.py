"""What is kept of a text that people typed, and that our font reader sees what fonttools sees."""

from __future__ import annotations

import unicodedata

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from tmam.delivery.fonts import covered_characters, font_files
from tmam.delivery.texts import printable


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Zoë Ó Briain", "Zoë Ó Briain"),
        ("  two \t\n words\u00a0\u3000", "two words"),
        ("\u202eevil\u202c \u2066x\u2069\u200f\ufeff\u00ad", "evil x"),
        ("nul\x00 and escape\x1b[31m", "nul and escape [31m"),
        ("Zoë 🎉 👩‍👩‍👧 🇩🇴 👍🏽 ❤\ufe0f", "Zoë 🎉 👩‍👩‍👧 🇩🇴 👍🏽 ❤"),
        ("김민수 李雷 王小明 東京の夜", "김민수 李雷 王小明 東京の夜"),
        ("สมชาย ใจดี বাংলা ਪੰਜਾਬੀ தமிழ் ქართული", "สมชาย ใจดี বাংলা ਪੰਜਾਬੀ தமிழ் ქართული"),
        ("Ann\u3164\u3164 \u2800\u115f", "Ann"),
        ("ＡＢＣ ﬁn Ⅳ", "ABC fin IV"),
        ("e\u0301", "é"),
        ("x" + "\u0323" * 9, "x" + "\u0323" * 4),
        ("محمد شرة", "محمد شرة"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\ud800 \ue000 \U0010ffff", ""),
        ("", ""),
    ],
)
def test_what_is_printed(typed: str, printed: str) -> None:
    assert printable(typed, 80) == (printed, False)


@pytest.mark.parametrize(
    ("typed", "printed"), [("ᠮᠣᠩᠭᠣᠯ Kim", "······ Kim"), ("ዓለም", "···"), ("Bà 𝟛 ꙮ", "Bà 3 ·")]
)
def test_letters_without_a_glyph_are_counted_and_told(typed: str, printed: str) -> None:
    assert printable(typed, 80) == (printed, True)


def test_long_texts_are_cut_and_long_words_can_break() -> None:
    assert printable("word " * 100, 20) == ("word word word word…", False)
    broken, _ = printable("A" * 30, 80)
    assert broken == "\u200b".join(["AAAAAAAA"] * 3 + ["AAAAAA"])
    assert printable("Donaudampfschifffahrt", 80)[0] == "Donaudampfschifffahrt"


@pytest.mark.parametrize("sign", ["👩‍👩‍👧‍👦", "👍🏽", "क्षि", "ѐ\u0323"])
def test_what_is_one_sign_to_the_eye_is_not_torn(sign: str) -> None:
    broken, _ = printable(sign * 30, 300)
    assert "\u200b" in broken
    assert broken.replace("\u200b", "") == unicodedata.normalize("NFC", sign * 30)
    assert all(piece.startswith(broken[0]) for piece in broken.split("\u200b"))


@pytest.mark.parametrize("text", ["กรุงเทพมหานครอมรรัตนโกสินทร์", "対" * 40, "김" * 40])
def test_scripts_that_break_by_themselves_are_left_alone(text: str) -> None:
    assert printable(text, 300) == (text, False)


@given(st.text(), st.integers(2, 100))
def test_everything_printed_can_be_drawn_and_is_bounded(text: str, limit: int) -> None:
    printed, _ = printable(text, limit)
    visible = printed.replace("\u200b", "")
    assert len(visible) <= limit
    assert all(ord(char) in covered_characters() or char in "\u200c\u200d" for char in visible)
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"} for char in visible)


def test_coverage_is_what_fonttools_reads() -> None:
    expected: set[int] = set()
    for path in font_files():
        with TTFont(path) as font:
            expected |= set(font.getBestCmap())
    assert covered_characters() == expected


def test_fonts_stay_small_and_carry_their_licence() -> None:
    files = font_files()
    assert sum(path.stat().st_size for path in files) < 14_000_000
    assert "SIL OPEN FONT LICENSE" in (files[0].parent / "OFL.txt").read_text()
