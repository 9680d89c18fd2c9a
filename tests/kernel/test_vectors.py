"""The published examples say what our code does, read by our own readers and by those in `examples/verify`."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.vectors import make
from tmam.kernel.bound_token import decode_bound, is_proof_fresh, is_proof_genuine, verify_certificate
from tmam.kernel.key_set import UntrustedKeySetError, verify_key_set
from tmam.kernel.live_digits import are_live, live_secret
from tmam.kernel.revocation import UntrustedListError, read_list
from tmam.kernel.token import decode_token
from tmam.kernel.token_errors import TokenError

DOCUMENT: dict[str, Any] = json.loads(make.PUBLISHED.read_text(encoding="utf-8"))
EXAMPLES = Path(__file__).parents[2] / "examples" / "verify"
MOST_LINES = 20
READERS = {
    "verify.py": [sys.executable],
    "verify.mjs": ["node"],
    "verify.go": ["go", "run"],
    "verify.php": ["php"],
    "verify.sh": ["sh"],
}

BOUND_READERS = {"bound.py": [sys.executable], "bound.mjs": ["node"]}


def test_the_published_document_is_up_to_date() -> None:
    assert make.PUBLISHED.read_text(encoding="utf-8") == make.text(), "run: python -m tests.vectors.make"


def test_live_digits() -> None:
    found = DOCUMENT["live_digits"]
    secret = live_secret(
        bytes.fromhex(found["master_hex"]), found["event"], found["serial"], found["generation"]
    )
    assert secret.hex() == found["secret_hex"]
    for code in found["codes"]:
        digits = decode_token(code["text"]).live_digits
        assert digits is not None
        assert are_live(digits, secret, datetime.fromisoformat(found["at"])) is code["is_live"]


@pytest.mark.parametrize("code", DOCUMENT["t2"]["codes"], ids=lambda code: code["name"])
def test_bound_codes(code: dict[str, Any]) -> None:
    keys = {int(kid): bytes.fromhex(key) for kid, key in DOCUMENT["t2"]["public_keys"].items()}
    assert _said_of_bound(code["text"], keys, datetime.fromisoformat(DOCUMENT["t2"]["at"])) == code["error"]


def _said_of_bound(text: str, keys: dict[int, bytes], at: datetime) -> str | None:
    try:
        decoded = decode_bound(text)
        verify_certificate(decoded, keys)
    except TokenError as error:
        return error.code.removeprefix("tickets.token_")
    if not is_proof_genuine(decoded):
        return "forged"
    return None if is_proof_fresh(decoded, at) else "stale"


def test_the_key_set() -> None:
    found = DOCUMENT["key_set"]
    root, at = bytes.fromhex(found["root_public_key"]), datetime.fromisoformat(found["at"])
    keys, _ = verify_key_set(found["good"], root, at)
    assert {str(kid): key.hex() for kid, key in keys.public_keys().items()} == found["keys"]
    assert (keys.event_id, keys.revision, list(keys.revoked)) == (
        found["event"],
        found["revision"],
        found["revoked"],
    )
    for bad in found["bad"]:
        with pytest.raises(UntrustedKeySetError):
            verify_key_set(bad["text"], root, at)


def test_the_revocation_list() -> None:
    found = DOCUMENT["revocation"]
    key, at = bytes.fromhex(found["public_key"]), datetime.fromisoformat(found["at"])
    read = read_list(base64.b64decode(found["file_base64"]), key, at)
    lowest = {int(serial): generation for serial, generation in found["lowest_good_generation"].items()}
    assert [serial for serial in range(1, 21) if not read.is_good(serial, 255)] == found["revoked"]
    assert dict(read.minimums) == lowest
    assert read.lifetime.good_until == datetime.fromisoformat(found["good_until"])
    for bad in ("forged_base64", "stale_base64"):
        with pytest.raises(UntrustedListError):
            read_list(base64.b64decode(found[bad]), key, at)


@pytest.mark.parametrize("name", READERS)
def test_small_readers_in_other_languages_agree(name: str, tmp_path: Path) -> None:
    command = READERS[name]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    if command[0] == "go":  # compiled once
        build = ["go", "build", "-o", str(tmp_path / "verify"), str(EXAMPLES / name)]
        subprocess.run(build, check=True, env=os.environ | {"GOFLAGS": "-mod=mod"}, cwd=tmp_path)
        run = [str(tmp_path / "verify")]
    else:
        run = [*command, str(EXAMPLES / name)]
    t1 = DOCUMENT["t1"]
    key = t1["public_keys"]["1"]
    good = {each["token"]: each["body"] for each in t1["valid"][:2]}
    good |= {each["text"]: t1["valid"][0]["body"] for each in t1["read_alike"]}
    for text, body in good.items():
        answer = subprocess.run([*run, key, text], capture_output=True, text=True, check=True)
        assert answer.stdout.split() == [
            "genuine",
            f"event={body['event_id']}",
            f"date={body['date_ordinal']}",
            f"serial={body['serial']}",
            f"generation={body['generation']}",
            f"kid={body['key_id']}",
        ]
    token = t1["valid"][0]["token"]
    other = "A" if token[9] != "A" else "B"
    for bad, words in ((token[:9] + other + token[10:], "forged"), (token[:-1], "not a token")):
        answer = subprocess.run([*run, key, bad], capture_output=True, text=True, check=False)
        assert (answer.returncode != 0, answer.stderr.split("\n")[0]) == (True, words)


@pytest.mark.parametrize("name", BOUND_READERS)
def test_small_readers_of_bound_codes_agree(name: str) -> None:
    command = BOUND_READERS[name]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    t2 = DOCUMENT["t2"]
    at = str(int(datetime.fromisoformat(t2["at"]).timestamp()))
    for code in t2["codes"]:
        # Told the key that the code names; a key that is not there is the caller's to miss.
        asked = [*command, str(EXAMPLES / name), t2["public_keys"]["1"], code["text"], at]
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
        said = answer.stdout.split(" ")[0] if answer.returncode == 0 else answer.stderr.strip()
        expected = {None: "genuine", "malformed": "not a bound code", "foreign": "not a bound code"}
        assert said == expected.get(code["error"], code["error"]), code["name"]
        if said == "genuine":
            body = decode_bound(code["text"]).body
            assert answer.stdout.split()[1:3] == [f"event={body.event_id}", f"date={body.date_ordinal}"]


@pytest.mark.parametrize("name", [*READERS, *BOUND_READERS])
def test_they_are_short_enough_to_be_read(name: str) -> None:
    assert len((EXAMPLES / name).read_text().splitlines()) <= MOST_LINES
