import pytest

from tmam.kernel.texts import in_language, one_line, visible_text

BOTH = {"en": "Lights", "es": "Luces"}


@pytest.mark.parametrize(
    ("texts", "language", "found"),
    [
        (BOTH, "es", "Luces"),
        (BOTH, "es-MX", "Luces"),
        (BOTH, "es_ES", "Luces"),
        (BOTH, "de", "Lights"),
        (BOTH, "", "Lights"),
        ({"en": "Lights", "es": ""}, "es", "Lights"),
        ({"es": "Luces"}, "en", "Luces"),
        ({"en": "", "es": "", "ca": "Llums"}, "es", "Llums"),
        ({"en": ""}, "en", ""),
        ({}, "en", ""),
    ],
)
def test_the_language_else_english_else_any(texts: dict[str, str], language: str, found: str) -> None:
    assert in_language(texts, language) == found


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("Gate B", "Gate B"),
        ("  Gate\t B \r\n", "Gate B"),
        ("Ga\u202ete\x07 B\u2028\x1b", "Gate B"),
        ("N\u0303u", "Ñu"),
        ("نی\u200cم", "نی\u200cم"),
        ("\ud800x\ue000", "x"),
        ("\u2066\u200b", ""),
    ],
)
def test_a_line_is_what_can_be_seen(typed: str, line: str) -> None:
    assert one_line(typed) == line


def test_visible_text_keeps_its_blanks() -> None:
    assert visible_text("a\n  b\u202e") == "a   b"
