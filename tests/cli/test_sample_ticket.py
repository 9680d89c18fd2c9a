"""`tmam sample-ticket`: every form into a file or a pipe, without a database; one sentence for what cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.delivery.outside import codes_in
from tmam.cli.main import app
from tmam.delivery.sample import sample_face
from tmam.delivery.sample_files import SAMPLE_FORMS


def run(*arguments: str) -> tuple[int, str]:
    """(exit status, what stands on the screen)."""
    answer = CliRunner().invoke(app, ["sample-ticket", *arguments])
    return answer.exit_code, answer.stderr


def test_without_a_database_or_any_setting(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TMAM_", "DJANGO_"))}
    environment = {**kept, "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "HOME": str(tmp_path)}
    command = [
        sys.executable,
        "-m",
        "tmam.cli",
        "sample-ticket",
        "--format",
        "png",
        "--lang",
        "es",
        "-o",
        "-",
    ]
    answer = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, check=True, timeout=60
    )
    assert answer.stderr == b""
    (tmp_path / "sample.png").write_bytes(answer.stdout)
    assert codes_in(tmp_path / "sample.png") == [sample_face().token]
    assert [path.name for path in tmp_path.iterdir()] == ["sample.png"], "it leaves nothing else behind"


@pytest.mark.parametrize("form", sorted(SAMPLE_FORMS))
def test_every_form_goes_into_a_file(form: str, tmp_path: Path) -> None:
    status, said = run("--format", form, "-o", str(tmp_path / "sample"), "--name", "김민준 Ángel")
    assert status == 0
    # Only Apple's form depends on a certificate, and says so.
    assert said.startswith("tmam: signed with a certificate made this moment") == (form == "pkpass")
    assert (tmp_path / "sample").stat().st_size > 100


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "hologram"), "There is no form “hologram”; choose from: code"),
        (("--format", "\x1b[2J"), "There is no form “?[2J”"),
        (("--format", "token", "--lang", "xx"), "There is no language “xx”; choose from: en, es."),
        (
            ("--format", "token", "--name", "x" * 300),
            "The name has 300 characters; shorten it to at most 100.",
        ),
        (("--format", "token", "--name", "a\x07b"), "The name holds control characters"),
        (("--format", "token", "--name", "a\u202eb"), "The name holds control characters"),
        (("--format", "token", "--name", " "), "The name is blank"),
    ],
)
def test_what_cannot_be_is_one_sentence(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    status, said = run(*arguments, "-o", str(tmp_path / "sample"))
    assert status == 2
    assert said.startswith(f"tmam: {words}")
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_certificate_that_cannot_sign_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMAM_APPLE_PASS_CERTIFICATE", str(tmp_path / "none.pem"))
    status, said = run("--format", "pkpass", "-o", str(tmp_path / "sample"))
    assert status == 2
    assert said.startswith("tmam: The pass cannot be signed: these are not set: TMAM_APPLE_PASS_KEY")
    assert said.count("\n") == 1


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    for output in (str(tmp_path), str(tmp_path / "no" / "such"), "a\x00b"):
        status, said = run("--format", "token", "-o", output)
        assert status == 2
        assert "cannot be written" in said
        assert said.count("\n") == 1


@pytest.mark.parametrize("output", ["", " "])
def test_a_file_needs_a_name(output: str) -> None:
    assert run("--format", "token", "-o", output) == (
        2,
        "tmam: The file has no name; write -o FILE, or -o - for the standard output.\n",
    )
