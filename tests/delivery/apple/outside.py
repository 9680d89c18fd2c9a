"""Programs that judge a pass without having read our code: openssl, and npm's passkit-generator."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.cast import NOW
from tmam.delivery.apple.signature import PassSigner

OUTSIDERS = Path(__file__).parent.parent.parent / "outsiders"


@dataclass(frozen=True)
class Read:
    """What passkit-generator understood of a pass, and what it complained about."""

    type: str | None
    transit_type: str | None
    props: dict[str, Any]
    languages: list[str]
    fields: dict[str, list[str]]
    complaints: str


def unpack(content: bytes, folder: Path) -> Path:
    """A pass as files in a folder."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return folder


def pass_json(content: bytes) -> dict[str, Any]:
    """The pass.json of a pass."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document: dict[str, Any] = json.loads(archive.read("pass.json"))
    return document


def openssl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A run of openssl, whatever it says."""
    return subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)


def check_signature(folder: Path, signer: PassSigner) -> str:
    """What openssl says of the signature over the manifest, trusting the signer's intermediate alone, on the tests' day."""
    authority = folder.parent / f"{folder.name}-authority.pem"
    authority.write_bytes(signer.intermediate.public_bytes(Encoding.PEM))
    arguments = [
        "-binary",
        "-inform",
        "DER",
        "-in",
        folder / "signature",
        "-content",
        folder / "manifest.json",
    ]
    done = openssl(
        "smime",
        "-verify",
        *arguments,
        "-CAfile",
        authority,
        "-purpose",
        "any",
        "-attime",
        str(int(NOW.timestamp())),
        "-out",
        folder.parent / "said",
    )
    return done.stderr.strip()


def wrong_hashes(folder: Path) -> list[str]:
    """Files whose SHA-1 is not what the manifest says, and files that it leaves out or invents."""
    manifest = json.loads((folder / "manifest.json").read_text())
    real = {
        path.relative_to(folder).as_posix(): hashlib.sha1(path.read_bytes()).hexdigest()  # noqa: S324 - Apple's format
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {"manifest.json", "signature"}
    }
    return sorted(name for name in {*manifest, *real} if manifest.get(name) != real.get(name))


def read_with_passkit(folder: Path) -> Read:
    """What npm's passkit-generator reads; it writes what it refuses to the console and goes on."""
    if shutil.which("node") is None or not (OUTSIDERS / "node_modules").is_dir():
        pytest.fail("node or tests/outsiders/node_modules is missing: `make test` installs them")
    done = subprocess.run(
        ["node", OUTSIDERS / "read_pass.mjs", folder], capture_output=True, text=True, check=True, timeout=60
    )
    *complaints, last = done.stdout.splitlines()
    found = json.loads(last)
    return Read(
        found["type"],
        found["transitType"],
        found["props"],
        found["languages"],
        found["fields"],
        "\n".join([*complaints, done.stderr]).strip(),
    )
