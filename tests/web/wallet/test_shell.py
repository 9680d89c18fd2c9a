"""What the wallet's page is made of, and what may be kept of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tmam.web.wallet.shell import FALLBACK, ICONS, MODULES, WORKER, content_of, shell_page, worker_script

SCRIPTS_MOST_BYTES = 70_000


def facts() -> dict[str, object]:
    """What the worker was told, before its code."""
    lines = worker_script().splitlines()[:4]
    found = (re.fullmatch(r"const (\w+) = (.*);", line) for line in lines)
    return {match[1]: json.loads(match[2]) for match in found if match}


def test_every_module_is_kept_and_together_they_are_small() -> None:
    folder = finders.find("tmam/js/wallet")
    assert isinstance(folder, str)
    assert {path.stem for path in Path(folder).glob("*.js")} == set(MODULES)
    scripts = [f"tmam/js/wallet/{name}.js" for name in MODULES]
    assert sum(len(content_of(path)) for path in scripts) + len(content_of(WORKER)) <= SCRIPTS_MOST_BYTES
    kept = facts()["FILES"]
    assert isinstance(kept, list)
    assert {f"/static/{path}" for path in scripts} <= set(kept)
    assert facts()["FALLBACK"] == f"/static/{FALLBACK}"


def test_pages_name_no_file_that_is_not_kept() -> None:
    kept = facts()["FILES"]
    assert isinstance(kept, list)
    named = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', shell_page("en")))
    assert named - set(kept) <= {"/static/tmam/icons/apple-touch-icon.png"}


@pytest.mark.django_db
def test_the_page_is_the_same_for_everybody_and_sets_nothing(client: Client) -> None:
    one = client.get("/wallet/?language=es")
    other = Client().get("/wallet/", headers={"Accept-Language": "es"})
    assert one.content == other.content
    assert '<html lang="es"' in one.content.decode()
    assert "csrf" not in one.content.decode()
    assert "tmam_session" not in one.cookies
    assert "unsafe" not in one.headers["Content-Security-Policy"]
    assert "screen-wake-lock=(self)" in one.headers["Permissions-Policy"]


@pytest.mark.django_db
def test_worker_and_manifest(client: Client) -> None:
    worker = client.get("/wallet/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"
    manifest = client.get("/wallet/manifest.webmanifest?language=es").json()
    assert (manifest["scope"], manifest["start_url"], manifest["lang"]) == ("/wallet/", "/wallet/", "es")
    assert {each["purpose"] for each in manifest["icons"]} == {"any", "maskable"}
    assert all(content_of(path).startswith(b"\x89PNG") for path, _, _ in ICONS)


def test_a_file_that_is_not_there_is_a_mistake_of_ours() -> None:
    with pytest.raises(FileNotFoundError):
        content_of("tmam/js/wallet/nothing.js")
