"""The sample in every form and the practice scanner's page: public, without the database."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from tmam.delivery.sample_files import SAMPLE_FORMS
from tmam.kernel.sample_key import SAMPLE_PRIVATE_KEY
from tmam.kernel.token import public_key_of
from tmam.web.me.form_words import FORM_WORDS

SHOWN = sorted(SAMPLE_FORMS.keys() - {"token", "google"})


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_form_can_be_tried(client: Client, language: str) -> None:
    page = client.get(f"/{language}/help/sample-ticket/")
    html = page.content.decode()
    assert page.headers["Cache-Control"] == "public, max-age=1"
    assert "Set-Cookie" not in page.headers
    links = re.findall(rf'href="/{language}/help/sample-ticket/([\w-]+)/"', html)
    assert sorted(links) == SHOWN
    assert f'href="/gate/practice/?language={language}"' in html


@pytest.mark.parametrize("name", SHOWN)
def test_a_form_comes_as_its_file(client: Client, name: str) -> None:
    form = SAMPLE_FORMS[name]
    answer = client.get(f"/en/help/sample-ticket/{name}/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].split(";")[0] == form.media_type
    assert f"tmam-sample-{name}.{form.extension}" in answer.headers["Content-Disposition"]
    assert "public" in answer.headers["Cache-Control"]
    said = re.search(r"(\d+) kB", str(FORM_WORDS[name].size))
    assert said
    least = 0 if "less than" in str(FORM_WORDS[name].size) else int(said[1]) / 1.5
    assert least <= len(answer.content) / 1000 <= int(said[1]) * 1.5, "what is said before pressing is true"


@pytest.mark.parametrize("name", ["token", "hologram", "a" * 300])
def test_what_there_is_not_is_not_found(client: Client, name: str) -> None:
    answer = client.get(f"/en/help/sample-ticket/{name}/")
    assert answer.status_code == 404
    assert "fulfilment.form_not_known" in answer.content.decode()


def test_the_practice_scanner_is_for_everybody_and_may_use_the_camera(client: Client) -> None:
    page = client.get("/gate/practice/", headers={"Accept-Language": "es"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "camera=(self)" in page.headers["Permissions-Policy"]
    assert "'wasm-unsafe-eval'" in page.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in page.headers
    assert public_key_of(SAMPLE_PRIVATE_KEY).hex() in html
    assert SAMPLE_PRIVATE_KEY.hex() not in html
    found = re.search(r'<script id="words" type="application/json">(.*?)</script>', html)
    assert found
    answers = json.loads(found[1])["answers"]
    assert {name: answer["verdict"] for name, answer in answers.items()} == {
        "sample": "admit",
        "real": "wait",
        "used": "already_used",
        "forged": "refuse",
        "malformed": "refuse",
        "foreign": "refuse",
        "revoked": "refuse",
    }
    assert not any("{" in answer["summary"] for answer in answers.values())
