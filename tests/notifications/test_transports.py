"""Where mail goes, by TMAM_MAIL_URL; and reading what the folder kept."""

import stat
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from tmam.notifications.mail_folder import find_mail, newest_mails
from tmam.notifications.transports import mail_folder, open_transport


def smtp(url: str, tmp_path: Path) -> EmailBackend:
    backend = open_transport(url, tmp_path)
    assert isinstance(backend, EmailBackend)
    return backend


def test_smtp_speaks_starttls_to_others_and_plain_to_this_machine(tmp_path: Path) -> None:
    far = smtp("smtp://us%40er:p%2Fw@mail.example:2525", tmp_path)
    assert (far.host, far.port, far.username, far.password) == ("mail.example", 2525, "us@er", "p/w")
    assert far.use_tls
    assert not far.use_ssl
    near = smtp("smtp://127.0.0.1:1025", tmp_path)
    assert not near.use_tls


def test_smtps_is_tls_from_the_first_byte(tmp_path: Path) -> None:
    backend = smtp("smtps://mail.example", tmp_path)
    assert (backend.port, backend.use_ssl, backend.use_tls) == (465, True, False)


@pytest.mark.parametrize("url", ["", "http://mail.example", "smtp:", "mail.example:25"])
def test_other_addresses_are_refused_by_name(url: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="TMAM_MAIL_URL"):
        open_transport(url, tmp_path)


def message(subject: str) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject, "Words", "tmam <t@tmam.example>", ["ana@b.example"], headers={"Content-Language": "es"}
    )
    mail.attach_alternative("<p>Wörds</p>", "text/html")
    mail.attach("event.ics", b"BEGIN:VCALENDAR", "text/calendar")
    return mail


def test_the_folder_keeps_mail_for_its_owner_only_and_shows_the_newest_first(tmp_path: Path) -> None:
    transport = open_transport("folder:", tmp_path)
    for subject in ("first", "second", "third"):
        transport.send_messages([message(subject)])
    folder = mail_folder(tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    mails = newest_mails(folder)
    assert [mail.subject for mail in mails] == ["third", "second", "first"]
    assert (mails[0].plain.strip(), mails[0].html.strip(), mails[0].language) == (
        "Words",
        "<p>Wörds</p>",
        "es",
    )
    (attachment,) = mails[0].attachments
    assert (attachment.name, attachment.media_type, attachment.content) == (
        "event.ics",
        "text/calendar",
        b"BEGIN:VCALENDAR",
    )
    assert find_mail(folder, mails[1].key) == mails[1]


@pytest.mark.parametrize("key", ["", "..", "../../etc/passwd", "nothing", "\x00"])
def test_only_the_folders_own_mails_can_be_read(key: str, tmp_path: Path) -> None:
    open_transport("folder:", tmp_path).send_messages([message("one")])
    assert find_mail(mail_folder(tmp_path), key) is None
