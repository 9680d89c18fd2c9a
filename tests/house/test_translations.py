"""Every word is translated: the Spanish catalogue is whole and current, and no help page is in one language only."""

from __future__ import annotations

import os
import re
import shutil
import string
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(__file__).parent.parent.parent
SOURCE = ROOT / "src"
LOCALE = Path("tmam/web/locale")
SOURCE_LANGUAGE = "en"
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != SOURCE_LANGUAGE]
PERCENT_FIELD = re.compile(r"%\(\w+\)[a-z]|%[a-z]")
MARKUP = re.compile(r"</?[a-z][^>]*>")
# xgettext writes `*.html.py` files beside the templates while it runs.
LEFT_OUT = shutil.ignore_patterns("__pycache__", "vendor", "*.mo", "*.html.py", "*.txt.py")

Key = tuple[str | None, str, str]


def catalogue(source: Path, language: str) -> polib.POFile:
    return polib.pofile(str(source / LOCALE / language / "LC_MESSAGES" / "django.po"))


def keys(messages: polib.POFile) -> set[Key]:
    """What a catalogue answers to: context, message, plural."""
    return {(each.msgctxt, each.msgid, each.msgid_plural) for each in messages if not each.obsolete}


def pairs(message: polib.POEntry) -> list[tuple[str, str]]:
    """Each translation of a message beside the English that it stands for; the last plural form is the open one."""
    if not message.msgid_plural:
        return [(message.msgid, message.msgstr)]
    forms = message.msgstr_plural
    return [(message.msgid if form == 0 else message.msgid_plural, text) for form, text in forms.items()]


def brace_fields(text: str) -> set[str]:
    """The names in `{…}`, none where braces mean something else."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return set()


def marks(text: str) -> tuple[set[str], set[str], list[str], str, str]:
    """What a translation must keep: fields, tags, and blank space at both ends."""
    head = text[: len(text) - len(text.lstrip())]
    tail = text[len(text.rstrip()) :]
    return set(PERCENT_FIELD.findall(text)), brace_fields(text), sorted(MARKUP.findall(text)), head, tail


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source in which `make messages` has just run."""
    for program in ("xgettext", "msgmerge"):
        if shutil.which(program) is None:
            pytest.fail(
                f"{program} is missing: scripts/test-tools.sh installs it (package gettext)", pytrace=False
            )
    source = tmp_path_factory.mktemp("extracted") / "src"
    shutil.copytree(SOURCE / "tmam", source / "tmam", ignore=LEFT_OUT)
    languages = [part for language in LANGUAGES for part in ("-l", language)]
    answer = subprocess.run(
        [
            sys.executable,
            "-P",
            "-m",
            "django",
            "makemessages",
            *languages,
            "--no-obsolete",
            "--add-location",
            "file",
        ],
        cwd=source / "tmam",
        # The copy comes first on the path: its settings name the copy's catalogues, so ours stay as they are.
        env={
            **os.environ,
            "PYTHONPATH": str(source),
            "DJANGO_SETTINGS_MODULE": "tmam.web.settings",
            "TMAM_MODE": "test",
            "TMAM_SECRET_KEY": "none",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "warning" not in answer.stderr, answer.stderr
    return source


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated_and_checked(language: str) -> None:
    messages = catalogue(SOURCE, language)
    assert len(messages) > 0
    assert [each.msgid for each in messages if not each.translated()] == []
    assert [each.msgid for each in messages if each.fuzzy] == []
    assert not messages.metadata_is_fuzzy
    assert messages.metadata["Language"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_current(language: str, extracted: Path) -> None:
    wanted, present = keys(catalogue(extracted, language)), keys(catalogue(SOURCE, language))
    assert wanted - present == set(), "new words: run `make messages`, then translate them"
    assert present - wanted == set(), "words that nobody says any more: run `make messages`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_fields_tags_and_blanks(language: str) -> None:
    for message in catalogue(SOURCE, language):
        for english, translation in pairs(message):
            assert marks(translation) == marks(english), english


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_compiles(language: str, tmp_path: Path) -> None:
    msgfmt = shutil.which("msgfmt")
    if msgfmt is None:
        pytest.fail("msgfmt is missing: scripts/test-tools.sh installs it (package gettext)", pytrace=False)
    source = SOURCE / LOCALE / language / "LC_MESSAGES" / "django.po"
    answer = subprocess.run(
        [msgfmt, "--check", "-o", tmp_path / "django.mo", source],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", ["help/{}", "help/pages/{}"])
def test_help_is_in_every_language(folder: str, language: str) -> None:
    english, translated = (
        {page.name for page in (SOURCE / "tmam" / folder.format(code)).iterdir()}
        for code in (SOURCE_LANGUAGE, language)
    )
    assert english
    assert translated == english


# A thing with two names is two things to a reader: (English, the Spanish for it, what it was also called).
ONE_WORD = [
    (r"\bbooking reference\b", r"\blocalizador", r"\breferencia de (la )?reserva"),
    (r"\b(other|another|two) forms?\b", r"\bformatos?\b", r"\bformas?\b"),
]


@pytest.mark.parametrize(("english", "spanish", "other"), ONE_WORD)
def test_a_thing_has_one_name_in_spanish(english: str, spanish: str, other: str) -> None:
    for message in catalogue(SOURCE, "es"):
        for said, translated in pairs(message):
            if re.search(english, said, re.IGNORECASE):
                assert re.search(spanish, translated, re.IGNORECASE), translated
                assert not re.search(other, translated, re.IGNORECASE), translated


def test_help_pages_call_the_booking_reference_by_the_same_name() -> None:
    for page in (SOURCE / "tmam" / "help" / "es").glob("*.md"):
        assert not re.search(ONE_WORD[0][2], page.read_text(encoding="utf-8"), re.IGNORECASE), page.name
