"""The file itself: signed so that openssl agrees, the same bytes for the same pass, small."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import NOW
from tests.delivery.apple.cast import certificate, concert, made, ride
from tests.delivery.apple.outside import check_signature, openssl, unpack, wrong_hashes
from tmam.delivery.apple.images import pass_images
from tmam.delivery.apple.package import build_bundle, build_pass
from tmam.delivery.errors import TooManyTicketsError


def test_openssl_accepts_the_signature_and_the_manifest_names_every_file(tmp_path: Path) -> None:
    folder = unpack(made(concert()), tmp_path / "pass")
    assert "Verification successful" in check_signature(folder, certificate().signer)
    assert wrong_hashes(folder) == []
    assert {path.name for path in folder.rglob("*.png")} >= {"icon.png", "icon@2x.png", "artwork@2x.png"}


def test_openssl_refuses_a_changed_manifest_and_the_hashes_a_changed_pass(tmp_path: Path) -> None:
    folder = unpack(made(concert()), tmp_path / "pass")
    text = (folder / "pass.json").read_text()
    (folder / "pass.json").write_text(text.replace("Mahler", "Mozart"))
    assert wrong_hashes(folder) == ["pass.json"]
    manifest = (folder / "manifest.json").read_bytes()
    (folder / "manifest.json").write_bytes(manifest.replace(b"icon.png", b"icom.png"))
    assert "Verification successful" not in check_signature(folder, certificate().signer)


def test_the_signature_says_when_and_brings_the_intermediate_along(tmp_path: Path) -> None:
    folder = unpack(made(concert()), tmp_path / "pass")
    said = openssl("cms", "-cmsout", "-print", "-inform", "DER", "-in", folder / "signature").stdout
    assert said.count("d.certificate:") == 2
    assert "signingTime" in said
    assert "Dec  1 12:00:00 2026 GMT" in said
    assert "sha256" in said
    assert "eContent: <ABSENT>" in said


def test_a_signing_time_before_the_certificate_is_moved_into_its_life(tmp_path: Path) -> None:
    signer = certificate().signer
    (tmp_path / "early").write_bytes(signer.sign(b"{}", NOW - timedelta(days=900)))
    said = openssl("cms", "-cmsout", "-print", "-inform", "DER", "-in", tmp_path / "early").stdout
    assert "Nov 30 12:00:00 2026 GMT" in said


def test_the_same_pass_is_the_same_bytes_and_a_changed_one_is_not() -> None:
    assert made(ride()) == made(ride())
    assert made(ride()) != made(ride(), entrance="4")


def test_a_pass_is_at_most_300_kb() -> None:
    assert len(made(concert())) < 300_000


def test_a_bundle_holds_whole_passes_and_has_a_limit() -> None:
    one = made(ride())
    with zipfile.ZipFile(io.BytesIO(build_bundle([one, one]))) as archive:
        assert archive.namelist() == ["01.pkpass", "02.pkpass"]
        assert archive.read("02.pkpass") == one
    with pytest.raises(TooManyTicketsError):
        build_bundle([b""] * 21)


def test_the_key_is_nowhere_to_be_seen() -> None:
    assert "RSAPrivateKey" not in repr(certificate())
    assert "PRIVATE" not in repr(certificate())


def test_texts_need_no_images_but_the_icon(tmp_path: Path) -> None:
    images = pass_images("generic", 20)
    content = build_pass({"pass.json": b"{}"}, images, certificate().signer, NOW)
    folder = unpack(content, tmp_path / "pass")
    assert wrong_hashes(folder) == []
    assert (folder / "icon.png").exists()
