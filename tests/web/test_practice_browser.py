"""The practice scanner in a real browser: what it says to each kind of code, typed, from a picture, by camera.

No server runs and no database is needed: Django's test client answers the browser's requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys.axe import assert_accessible
from tests.journeys.camera import camera_arguments, film_of
from tests.journeys.chromium import launch_chromium
from tests.web.test_design_browser import ORIGIN, answer
from tmam.delivery.sample import sample_face
from tmam.delivery.sample_files import SAMPLE_FORMS, sample_file
from tmam.kernel.token import decode_token, encode_token

SAMPLE = sample_face().token
WITHOUT_ED25519 = """
const importKey = crypto.subtle.importKey;
crypto.subtle.importKey = function (format, key, algorithm, ...rest) {
  if (algorithm === "Ed25519") return Promise.reject(new DOMException("unknown", "NotSupportedError"));
  return importKey.call(this, format, key, algorithm, ...rest);
};
"""


def opened(browser: Browser, *, before: str = "") -> Page:
    page = browser.new_page(viewport={"width": 375, "height": 760}, locale="en-GB")
    page.set_default_timeout(15_000)
    if before:
        page.add_init_script(before)
    page.route("**/*", answer)
    page.goto(f"{ORIGIN}/gate/practice/")
    expect(page.get_by_role("heading", name="Practice scanner")).to_be_visible()
    return page


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = opened(browser)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.method))
    yield page
    assert set(requests) <= {"GET"}, "nothing is sent"
    page.close()


def says(page: Page, colour: str, words: str) -> None:
    """This answer fills the screen; then it is put away."""
    shown = page.locator(f"[data-verdict][data-colour={colour}]")
    expect(shown).to_be_visible()
    expect(shown).to_contain_text(words)
    assert shown.bounding_box() == {"x": 0, "y": 0, "width": 375, "height": 760}
    page.get_by_role("button", name="Practise on").click()
    expect(shown).to_be_hidden()


def typed(page: Page, code: str) -> None:
    page.get_by_label("The characters in the code").fill(code)
    page.get_by_role("button", name="Check").click()


def changed(token: str) -> str:
    """The same token with another seat in it: its signature does not fit any more."""
    return token[:40] + ("A" if token[40] != "A" else "B") + token[41:]


def test_each_kind_of_code_gets_its_answer(page: Page) -> None:
    assert_accessible(page)
    typed(page, f" {SAMPLE.lower()} ")
    says(page, "admit", "It works")
    typed(page, f"{SAMPLE}12345678")
    says(page, "admit", "At a real door it admits nobody")
    typed(page, of_event_7())
    says(page, "wait", "practising uses nothing up")
    typed(page, changed(SAMPLE))
    says(page, "refuse", "This code was not made by us")
    typed(page, SAMPLE[:-3])
    says(page, "refuse", "The code could not be read whole")
    typed(page, "HTTPS://EXAMPLE.COM/A-MENU")
    says(page, "refuse", "This is not a ticket code")
    page.keyboard.type(SAMPLE)  # a hand scanner, outside of any field
    page.keyboard.press("Enter")
    says(page, "admit", "It works")


def of_event_7() -> str:
    """A token of an event whose keys this page does not have."""
    return encode_token(replace(decode_token(SAMPLE).body, event_id=7), b"k" * 32)


def test_the_three_answers_can_be_seen(page: Page) -> None:
    for name, colour in (("green", "admit"), ("yellow", "already_used"), ("red", "refuse")):
        page.get_by_role("button", name=f"Show {name}").click()
        expect(page.locator(f"[data-verdict][data-colour={colour}]")).to_be_visible()
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name=f"Show {name}")).to_be_focused()


def test_the_sample_is_read_from_a_picture(page: Page, tmp_path: Path) -> None:
    picture = tmp_path / "ticket.png"
    picture.write_bytes(sample_file(SAMPLE_FORMS["png"], language="en"))
    page.get_by_label("Picture with a code").set_input_files(picture)
    says(page, "admit", "It works")
    # A screenshot of a phone: the ticket is a small part of it.
    screenshot = Image.new("RGB", (1179, 2556), "white")
    with Image.open(picture) as ticket:
        screenshot.paste(ticket.convert("RGB").resize((540, ticket.height // 2)), (320, 900))
    screenshot.save(tmp_path / "screenshot.jpg", quality=70)
    page.get_by_label("Picture with a code").set_input_files(tmp_path / "screenshot.jpg")
    says(page, "admit", "It works")


def test_what_is_no_picture_with_a_code_is_said(page: Page, tmp_path: Path) -> None:
    problem = page.locator("#picture-problem")
    for name, content, words in (
        ("wall.png", None, "There is no code in this picture"),
        ("ticket.pdf", b"%PDF-1.7", "This file is no picture"),
        ("empty.png", b"", "This file is no picture"),
        ("huge.png", bytes(20 * 1024 * 1024 + 1), "larger than 20 MB"),
    ):
        path = tmp_path / name
        if content is None:
            Image.new("L", (300, 200), 128).save(path)
        else:
            path.write_bytes(content)
        page.get_by_label("Picture with a code").set_input_files(path)
        expect(problem).to_contain_text(words)
    assert_accessible(page)


def test_old_browsers_check_the_signature_as_well(browser: Browser) -> None:
    page = opened(browser, before=WITHOUT_ED25519)
    typed(page, SAMPLE)
    says(page, "admit", "It works")
    typed(page, changed(SAMPLE))
    says(page, "refuse", "This code was not made by us")
    page.close()


def test_the_camera_reads_the_sample(playwright: Playwright, tmp_path: Path) -> None:
    picture = tmp_path / "code.png"
    picture.write_bytes(sample_file(SAMPLE_FORMS["code"], language="en"))
    film = film_of(picture, tmp_path / "code.mjpeg")
    with launch_chromium(playwright, arguments=camera_arguments(film)) as browser:
        page = opened(browser)
        page.get_by_role("button", name="Start the camera").click()
        says(page, "admit", "It works")
