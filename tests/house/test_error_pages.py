"""Every error class has a page in every language, every page a class, and the words use the class's own facts."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import string

import pytest
from django.conf import settings

import tmam
from tmam.kernel.errors import error_classes
from tmam.platform.error_words import known_codes, page_words

LANGUAGES = [code for code, _ in settings.LANGUAGES]


@pytest.fixture(scope="module", autouse=True)
def _every_error_module() -> None:
    """Import each `errors` module, so that all classes are known."""
    for module in pkgutil.walk_packages(tmam.__path__, "tmam."):
        if module.name.rpartition(".")[2].endswith("errors"):
            importlib.import_module(module.name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_class_has_a_page_and_every_page_a_class(language: str) -> None:
    assert known_codes(language) == sorted(error_classes())


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_use_only_facts_that_their_error_has(language: str) -> None:
    for code, class_ in error_classes().items():
        words = page_words(code, language)
        facts = {field.name for field in dataclasses.fields(class_)}
        used = {
            name
            for text in (words.summary, words.advice)
            for _, name, _, _ in string.Formatter().parse(text)
            if name
        }
        assert used <= facts, f"{language}/{code} uses {used - facts}"
        assert words.title, code
        assert words.summary, code
        assert words.advice, code


def test_codes_name_their_capability() -> None:
    for code, class_ in error_classes().items():
        capability, _, what = code.partition(".")
        assert what
        assert class_.__module__.split(".")[1] in {capability, "kernel"}, code
