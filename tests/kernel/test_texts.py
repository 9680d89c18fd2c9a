import pytest

from tmam.kernel.texts import in_language

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
