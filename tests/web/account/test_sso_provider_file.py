"""The operator's file of sign-in services: read whole, or refused with a sentence that names what is wrong."""

from pathlib import Path

import pytest

from tmam.platform.settings import Settings
from tmam.web.account.sso.provider_file import SsoFileError, SsoProvider, load_providers

GOOD = """
[[provider]]
id = "acme"
name = "Acme staff"
issuer = "https://login.acme.example"
client_id = "tmam"
client_secret_file = "acme.secret"
email_domains = ["acme.example"]
organizer = "acme"
role = "read_only"
"""


def load(tmp_path: Path, text: str) -> list[SsoProvider]:
    (tmp_path / "sso.toml").write_text(text)
    (tmp_path / "acme.secret").write_text("hush\n")
    return load_providers(Settings(state=tmp_path))


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert load_providers(Settings(state=tmp_path)) == []


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SsoFileError, match=r"nowhere\.toml"):
        load_providers(Settings(state=tmp_path, sso_file=str(tmp_path / "nowhere.toml")))


def test_a_provider_is_read_with_its_secret_from_a_file_of_its_own(tmp_path: Path) -> None:
    (provider,) = load(tmp_path, GOOD)
    assert (provider.id, provider.client_secret, provider.is_for_team) == ("acme", "hush", True)
    assert provider.as_app()["settings"]["server_url"] == "https://login.acme.example"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("https://login", "http://login"), "https"),
        (('role = "read_only"', 'role = "owner"'), "role"),
        (('role = "read_only"', 'role = "boss"'), "role"),
        (('organizer = "acme"\n', ""), "organizer"),
        (('id = "acme"', 'id = "Acme staff"'), "id"),
        (('name = "Acme staff"', 'nmae = "Acme"'), "nmae"),
        (("client_secret_file", "# client_secret_file"), ""),
        (('"acme.secret"', '"gone.secret"'), "gone"),
        (("[[provider]]", "[[provider"), "sso.toml"),
    ],
)
def test_what_cannot_be_is_refused_by_name(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    text = GOOD.replace(*change)
    if not words:
        assert load(tmp_path, text)[0].client_secret == "", "a public client has none: PKCE protects it"
        return
    with pytest.raises(SsoFileError, match=words):
        load(tmp_path, text)


def test_one_id_is_one_provider(tmp_path: Path) -> None:
    with pytest.raises(SsoFileError, match="twice"):
        load(tmp_path, GOOD + GOOD)


@pytest.mark.parametrize(
    ("domains", "email", "proven"),
    [
        (("acme.example",), "a@acme.example", True),
        (("acme.example",), "a@ACME.example", True),
        (("acme.example",), "a@sub.acme.example", False),
        (("acme.example",), "a@notacme.example", False),
        (("*",), "a@anything.example", True),
        ((), "a@acme.example", False),
    ],
)
def test_only_named_domains_are_proven(domains: tuple[str, ...], email: str, proven: bool) -> None:
    provider = SsoProvider(id="a", name="A", issuer="https://a.example", client_id="x", email_domains=domains)
    assert provider.proves(email) is proven
