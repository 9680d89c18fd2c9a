"""The pretend post office: shows what would be mailed, safely, and only where it may."""

from pathlib import Path

import msgspec
import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django.fixtures import Settings

from tests.cast import make_member, make_organizer, make_user
from tests.signing_in import sign_in
from tmam.notifications.mail_folder import newest_mails
from tmam.notifications.transports import mail_folder, open_transport

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(tmp_path: Path, settings: Settings) -> str:
    """A folder of its own with one nasty mail in it."""
    settings.TMAM = msgspec.structs.replace(settings.TMAM, state=tmp_path)
    mail = EmailMultiAlternatives(
        "Tickets <b>bold</b>",
        "Open: http://localhost:8000/me/tickets/open/?t=abc.d_e-f\n<script>alert(1)</script>",
        "tmam <t@tmam.example>",
        ["ana@b.example"],
    )
    mail.attach_alternative(
        '<p>Hello</p><script>alert(1)</script><form action="//evil.example"></form>', "text/html"
    )
    mail.attach('ev"il/ñ.ics', b"BEGIN:VCALENDAR", "text/calendar")
    open_transport("folder:", tmp_path).send_messages([mail])
    return newest_mails(mail_folder(tmp_path))[0].key


def test_the_list_and_the_plain_part(client: Client, office: str) -> None:
    assert "Tickets &lt;b&gt;bold&lt;/b&gt;" in client.get("/demo/mail/").content.decode()
    response = client.get(f"/demo/mail/{office}/")
    html = response.content.decode()
    assert '<a href="http://localhost:8000/me/tickets/open/?t=abc.d_e-f">' in html
    assert "<script>alert" not in html
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_the_html_part_runs_in_a_sandbox(client: Client, office: str) -> None:
    policy = client.get(f"/demo/mail/{office}/html/").headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "form-action 'none'" in policy


def test_files_are_saved_never_shown(client: Client, office: str) -> None:
    response = client.get(f"/demo/mail/{office}/files/1/")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="ev-il')
    assert "\n" not in response.headers["Content-Disposition"]
    assert response.content == b"BEGIN:VCALENDAR"
    assert client.get(f"/demo/mail/{office}/files/2/").status_code == 404
    assert client.get("/demo/mail/..%2f..%2fsecret_key/").status_code == 404


def test_production_and_real_mail_servers_have_no_such_page(
    client: Client, office: str, settings: Settings
) -> None:
    paths = [
        "/demo/mail/",
        f"/demo/mail/{office}/",
        f"/demo/mail/{office}/html/",
        f"/demo/mail/{office}/files/1/",
    ]
    tmam = settings.TMAM
    for change in ({"mode": "production"}, {"mail_url": "smtp://localhost"}):
        settings.TMAM = msgspec.structs.replace(tmam, **change)
        assert {client.get(path).status_code for path in paths} == {404}


def test_on_a_network_only_an_organizer_may_look(office: str, settings: Settings) -> None:
    settings.TMAM = msgspec.structs.replace(settings.TMAM, host="192.0.2.7")
    assert Client().get("/demo/mail/").headers["Location"] == "/accounts/login/?next=/demo/mail/"
    organizer = make_organizer()
    for user, status in (
        (make_user(), 403),
        (make_member(organizer, "gate"), 403),
        (make_member(organizer, "owner"), 200),
    ):
        client = Client()
        sign_in(client, user.email)
        assert client.get("/demo/mail/").status_code == status
