"""Make `src/tmam/kernel/vectors/tmam.json` anew: `python -m tests.vectors.make`. Everything in it is deterministic.

The part about T1 is read from `token_t1.json` beside this file, which was written by hand and checked by others.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tmam.kernel.bound_token import bound_text, certificate_sha256, proof_message, sign_certificate
from tmam.kernel.key_set import Delegation, KeySet, PublishedKey, sign_delegation, sign_key_set
from tmam.kernel.lifetime import Lifetime, lifetime_from
from tmam.kernel.live_digits import live_digits, live_secret, live_step
from tmam.kernel.revocation import pack_content, sign_list
from tmam.kernel.token import TokenBody, encode_token, public_key_of, sign_bytes

FOLDER = Path(__file__).parent
PUBLISHED = FOLDER.parents[1] / "src" / "tmam" / "kernel" / "vectors" / "tmam.json"
NOW = datetime(2026, 12, 5, 19, 0, 7, tzinfo=UTC)
TODAY = lifetime_from(NOW)
# What a cache kept, and what a clock that is wrong made.
STALE = Lifetime(NOW - timedelta(hours=13), NOW - timedelta(hours=1))
AHEAD = Lifetime(NOW + timedelta(minutes=10), NOW + timedelta(hours=13))
EVENT_KEY, DEVICE, ROOT, SERVER, MASTER = (bytes([number]) * 32 for number in range(1, 6))
BODY = TokenBody(1, 2, 42, 3, 7, 2, datetime(2026, 12, 5, 18, 0, tzinfo=UTC), 600, "minutes")


def vectors() -> dict[str, Any]:
    """The whole document."""
    return {
        "about": "Worked examples of every format of tmam; docs/token.md describes them. All private keys here are public.",
        "t1": json.loads((FOLDER / "token_t1.json").read_text()),
        "live_digits": _live_digits(),
        "t2": _bound(),
        "key_set": _key_set(),
        "revocation": _revocation(),
    }


def text() -> str:
    """The document as it is published."""
    return json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"


def _live_digits() -> dict[str, Any]:
    secret = live_secret(MASTER, BODY.event_id, BODY.serial, BODY.generation)
    now = live_step(NOW)
    token = encode_token(BODY, EVENT_KEY)
    return {
        "master_hex": MASTER.hex(),
        "event": BODY.event_id,
        "serial": BODY.serial,
        "generation": BODY.generation,
        "secret_hex": secret.hex(),
        "at": NOW.isoformat(),
        "step": now,
        "token": token,
        "codes": [
            {"text": token + live_digits(secret, now + aside), "is_live": abs(aside) <= 1, "steps_off": aside}
            for aside in (-2, -1, 0, 1, 2)
        ],
    }


def _bound() -> dict[str, Any]:
    certificate = sign_certificate(BODY, public_key_of(DEVICE), EVENT_KEY)
    step = live_step(NOW)

    def shown(step: int, device: bytes = DEVICE) -> str:
        return bound_text(certificate, step, sign_bytes(proof_message(certificate, step), device))

    other = sign_certificate(BODY, public_key_of(DEVICE), SERVER)
    forged = bound_text(other, step, sign_bytes(proof_message(other, step), DEVICE))
    return {
        "public_keys": {"1": public_key_of(EVENT_KEY).hex()},
        "device_private_key_hex": DEVICE.hex(),
        "device_public_key_hex": public_key_of(DEVICE).hex(),
        "certificate_hex": certificate.hex(),
        "certificate_sha256": certificate_sha256(certificate).hex(),
        "at": NOW.isoformat(),
        "codes": [
            {"name": "live", "text": shown(step), "error": None},
            {"name": "lower case, a step old", "text": shown(step - 1).lower(), "error": None},
            {"name": "five minutes old: a picture", "text": shown(step - 20), "error": "stale"},
            {"name": "from the future: a fast clock", "text": shown(step + 20), "error": "stale"},
            {"name": "proof by another device", "text": shown(step, ROOT), "error": "forged"},
            {"name": "certificate by another key", "text": forged, "error": "forged"},
            {"name": "a character short", "text": shown(step)[:-1], "error": "malformed"},
        ],
    }


def _key_set() -> dict[str, Any]:
    grant = Delegation(public_key_of(SERVER), NOW, NOW + timedelta(days=90), "tickets.example")
    keys = KeySet(
        42,
        4,
        TODAY,
        (
            PublishedKey(1, public_key_of(EVENT_KEY), NOW, NOW + timedelta(days=30)),
            PublishedKey(3, public_key_of(MASTER), NOW + timedelta(days=1)),
        ),
        (2,),
    )
    granted = sign_delegation(grant, ROOT)
    good = sign_key_set(keys, SERVER, granted)
    return {
        "root_public_key": public_key_of(ROOT).hex(),
        "good": good,
        "at": NOW.isoformat(),
        "delegated_from": grant.not_before.isoformat(),
        "delegated_until": grant.not_after.isoformat(),
        "issued_at": TODAY.issued_at.isoformat(),
        "good_until": TODAY.good_until.isoformat(),
        "event": 42,
        "revision": 4,
        "keys": {str(key.key_id): key.public_key.hex() for key in keys.keys},
        "revoked": [2],
        "bad": [
            {
                "name": "signed by a key nobody delegated to",
                "text": sign_key_set(keys, DEVICE, granted),
            },
            {
                "name": "delegated by another root",
                "text": sign_key_set(keys, SERVER, sign_delegation(grant, DEVICE)),
            },
            {
                "name": "an hour over: an old copy",
                "text": sign_key_set(replace(keys, lifetime=STALE), SERVER, granted),
            },
            {
                "name": "issued in ten minutes",
                "text": sign_key_set(replace(keys, lifetime=AHEAD), SERVER, granted),
            },
            {"name": "another event written in", "text": good.replace('event\\":42', 'event\\":43')},
        ],
    }


def _revocation() -> dict[str, Any]:
    revoked, minimums = [1, 8, 9, 20], {2: 1, 17: 3}
    content = pack_content(20, revoked, minimums)

    def signed(lifetime: Lifetime) -> bytes:
        return sign_list(42, 5, NOW, lifetime, serials=20, replaced=2, content=content, private_key=SERVER)

    raw = signed(TODAY)
    return {
        "public_key": public_key_of(SERVER).hex(),
        "file_base64": base64.b64encode(raw).decode(),
        "event": 42,
        "version": 5,
        "at": NOW.isoformat(),
        "made_at": NOW.isoformat(),
        "issued_at": TODAY.issued_at.isoformat(),
        "good_until": TODAY.good_until.isoformat(),
        "revoked": revoked,
        "lowest_good_generation": {str(serial): lowest for serial, lowest in minimums.items()},
        "forged_base64": base64.b64encode(raw[:-1] + bytes([raw[-1] ^ 1])).decode(),
        "stale_base64": base64.b64encode(signed(STALE)).decode(),
    }


if __name__ == "__main__":
    PUBLISHED.write_text(text(), encoding="utf-8")
