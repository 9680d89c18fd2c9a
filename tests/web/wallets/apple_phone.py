"""An iPhone's part of the update service, as Apple describes it: five calls over plain HTTP, none of our code.

It keeps what a phone keeps: the pass with its secret and `Last-Modified`, and the tag of the last list.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Phone:
    """A phone with a name and a push token; `passes` are those in its wallet, by serial number."""

    device: str
    push_token: str
    client: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=20))
    passes: dict[str, dict[str, Any]] = field(default_factory=dict)
    modified: dict[str, str] = field(default_factory=dict)
    tag: str = ""

    def add(self, content: bytes) -> int:
        """Take a pass into the wallet and register; the status of the answer."""
        document = opened(content)
        self.passes[document["serialNumber"]] = document
        return self.register(document)

    def register(self, document: dict[str, Any], secret: str | None = None) -> int:
        """`POST …/registrations/…` with the pass's secret, or a wrong one."""
        answer = self.client.post(
            self._registration(document),
            json={"pushToken": self.push_token},
            headers=self._proof(document, secret),
        )
        return answer.status_code

    def changed(self) -> list[str]:
        """What changed since the last time, as a push makes a phone ask."""
        (document, *_) = self.passes.values()
        where = f"{document['webServiceURL']}v1/devices/{self.device}/registrations/{document['passTypeIdentifier']}"
        answer = self.client.get(where, params={"passesUpdatedSince": self.tag} if self.tag else {})
        if answer.status_code == 204:
            return []
        assert answer.status_code == 200, answer.text
        listed = answer.json()
        self.tag = listed["lastUpdated"]
        return list(listed["serialNumbers"])

    def fetch(self, number: str, secret: str | None = None) -> int:
        """The latest pass, if it is newer than ours; the status of the answer."""
        document = self.passes[number]
        headers = self._proof(document, secret)
        if number in self.modified:
            headers["If-Modified-Since"] = self.modified[number]
        where = f"{document['webServiceURL']}v1/passes/{document['passTypeIdentifier']}/{number}"
        answer = self.client.get(where, headers=headers)
        if answer.status_code == 200:
            assert answer.headers["Content-Type"] == "application/vnd.apple.pkpass"
            self.passes[number] = opened(answer.content)
            self.modified[number] = answer.headers["Last-Modified"]
        return answer.status_code

    def remove(self, document: dict[str, Any], secret: str | None = None) -> int:
        """`DELETE …/registrations/…`."""
        return self.client.delete(
            self._registration(document), headers=self._proof(document, secret)
        ).status_code

    def complain(self, service: str, *lines: str) -> int:
        """`POST …/log`."""
        return self.client.post(f"{service}v1/log", json={"logs": list(lines)}).status_code

    def _registration(self, document: dict[str, Any]) -> str:
        return (
            f"{document['webServiceURL']}v1/devices/{self.device}/registrations/"
            f"{document['passTypeIdentifier']}/{document['serialNumber']}"
        )

    @staticmethod
    def _proof(document: dict[str, Any], secret: str | None) -> dict[str, str]:
        given = document["authenticationToken"] if secret is None else secret
        return {"Authorization": f"ApplePass {given}"}


def opened(content: bytes) -> dict[str, Any]:
    """The pass.json of a pass whose manifest fits its files, as a phone checks before it shows anything."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = set(archive.namelist()) - {"manifest.json", "signature"}
        assert {name: hashlib.sha1(archive.read(name)).hexdigest() for name in names} == manifest  # noqa: S324 - Apple's
        document: dict[str, Any] = json.loads(archive.read("pass.json"))
    return document
