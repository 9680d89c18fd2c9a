"""A phone with a wallet, as the server sees it: a key pair, and messages signed with it."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from django.test import Client
from nacl.signing import SigningKey

from tmam.fulfilment.wallet.offers import offer_tickets
from tmam.fulfilment.wallet.proofs import agreed_text, signed_text
from tmam.orders.models import Order
from tmam.orders.order_summary import summarize_order

ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


def text_of(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class TestPhone:
    """Talks to `/wallet/api/` like the app."""

    __test__ = False

    def __init__(self) -> None:
        self.private = SigningKey(secrets.token_bytes(32))
        self.key = bytes(self.private.verify_key)
        self.client = Client(headers={"User-Agent": ANDROID, "Accept": "application/json"})

    def message(self, purpose: str, content: Any, **changed: str) -> dict[str, str]:
        challenge = self.client.get("/wallet/api/challenge/").json()["challenge"]
        body = content if isinstance(content, str) else json.dumps(content)
        signature = self.private.sign(signed_text(purpose, challenge, body)).signature
        said = {"key": text_of(self.key), "challenge": challenge, "body": body}
        return said | {"signature": text_of(signature)} | changed

    def post(self, purpose: str, message: Any) -> Any:
        return self.client.post(f"/wallet/api/{purpose}/", message, content_type="application/json")

    def send(self, purpose: str, content: Any) -> Any:
        return self.post(purpose, self.message(purpose, content)).json()

    def take(self, code: str) -> list[dict[str, Any]]:
        return self.send("take", {"code": code})["tickets"]  # type: ignore[no-any-return]

    def sync(self, records: list[dict[str, Any]], **said: Any) -> Any:
        have = [{name: each[name] for name in ("event", "serial", "version")} | said for each in records]
        return self.send("sync", {"have": have})

    def renew(self, records: list[dict[str, Any]], new: TestPhone, **said: Any) -> Any:
        """Ask for the key of `new` in place of this one."""
        proof = new.private.sign(agreed_text(self.key, new.key)).signature
        have = [{name: each[name] for name in ("event", "serial", "version")} | said for each in records]
        return self.send("renew", {"key": text_of(new.key), "proof": text_of(proof), "have": have})


def offer(order: Order, user_id: int | None = None) -> str:
    from django.utils import timezone

    return offer_tickets(summarize_order(order), user_id, timezone.now())
