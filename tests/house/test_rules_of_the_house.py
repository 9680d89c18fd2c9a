"""Our own rules about this repository, kept by tools: style, types, layers, locks, settings, schema."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from tmam.platform.settings_table import settings_document

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
OURS = ("src", "tests", "scripts", "docs", "requirements", ".ci", "Makefile", "pyproject.toml", "README.md")
WRITTEN = frozenset(
    (
        ".css",
        ".html",
        ".in",
        ".js",
        ".json",
        ".md",
        ".po",
        ".py",
        ".sh",
        ".sql",
        ".svg",
        ".toml",
        ".txt",
        ".typ",
        "",
    )
)


def assert_quiet(*command: str | Path) -> None:
    """A tool has nothing to complain about."""
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    if answer.returncode != 0:
        pytest.fail(answer.stdout + answer.stderr, pytrace=False)


def written_files() -> list[Path]:
    """Everything that people wrote here, without what was vendored."""
    tops = [ROOT / name for name in OURS]
    files = [path for top in tops for path in ([top] if top.is_file() else sorted(top.rglob("*")))]
    return [
        path
        for path in files
        if path.is_file()
        and path.suffix in WRITTEN
        and not {"vendor", "__pycache__", "vectors", "node_modules"} & set(path.parts)
        and ".egg-info" not in str(path)
    ]


def test_style() -> None:
    assert_quiet(BIN / "ruff", "check", "src", "tests", "scripts")


def test_format() -> None:
    assert_quiet(BIN / "ruff", "format", "--check", "src", "tests", "scripts")


@pytest.mark.timeout(600)
def test_types() -> None:
    assert_quiet(BIN / "mypy")


def test_layers_point_down() -> None:
    assert_quiet(BIN / "lint-imports")


def test_no_marks_of_unfinished_work() -> None:
    mark = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b")
    assert [str(path) for path in written_files() if mark.search(path.read_text(encoding="utf-8"))] == []


def test_no_paths_of_one_machine() -> None:
    path_of_somebody = re.compile(r"/(home|Users)/\w+/|/wor" r"k/|/root/[\w.]")
    found = [
        str(path) for path in written_files() if path_of_somebody.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("name", ["installer", "build", "run", "test"])
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    entries = [entry for entry in re.split(r"\n(?=[a-z0-9])", text) if "==" in entry]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_locks_agree() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))

    run_pins, test_pins = pins("run"), pins("test")
    assert {name: test_pins.get(name) for name in run_pins} == run_pins


def test_every_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, wanted in (
        ("run", project["dependencies"]),
        ("test", project["optional-dependencies"]["test"]),
    ):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        missing = [
            each
            for each in wanted
            if not re.search(rf"^{re.split(r'[^a-z0-9-]', each)[0]}(\[.*\])?==", text, re.MULTILINE)
        ]
        assert missing == []


def test_the_settings_are_documented() -> None:
    document = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert document == settings_document(), "run: tmam settings > docs/settings.md"


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_models_of_event_tables_name_the_real_columns() -> None:
    for model in apps.get_models():
        if model._meta.managed or model._meta.proxy or not model.__module__.startswith("tmam."):
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT column_name, is_nullable = 'YES' FROM information_schema.columns WHERE table_name = %s",
                [model._meta.db_table],
            )
            real = dict(cursor.fetchall())
        declared = {field.column: field.null for field in model._meta.concrete_fields}
        assert declared.keys() == real.keys(), model.__name__
        looser = [name for name, may_be_null in real.items() if may_be_null and not declared[name]]
        assert looser in ([], ["confirmed_at"]), model.__name__


def test_the_makefile_has_one_liners() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipes = re.findall(r"^([a-z]+):\n((?:\t.*\n?)+)", text, re.MULTILINE)
    assert {name for name, _ in recipes} >= {
        "up",
        "test",
        "soak",
        "lock",
        "messages",
        "screenshots",
        "vendor",
    }
    assert [name for name, recipe in recipes if recipe.count("\n") > 4] == []


def test_shell_scripts_are_sound() -> None:
    for script in [*(ROOT / "scripts").glob("*.sh"), ROOT / ".ci" / "run"]:
        assert_quiet(shutil.which("sh") or "sh", "-n", script)
        assert script.stat().st_mode & 0o111, script
