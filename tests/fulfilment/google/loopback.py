"""A strict stand-in for Google's token and Wallet servers on loopback.

It signs in only who sends a right JWT (RFC 7523), wants the token with each request, refuses fields and
enumeration values that the public reference (`walletobjects/v1`) does not have, and objects without their class.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

ACCOUNT = "tickets@tmam-test.iam.gserviceaccount.example"
ISSUER = "3388000000012345678"
ACCESS_TOKEN = "ya29.loopback"
# Whatever the key file's `token_uri`, the assertion is meant for Google.
TOKEN_AUDIENCE = "https://oauth2.googleapis.com/token"

_COMMON_CLASS = {
    "id", "issuerName", "reviewStatus", "hexBackgroundColor", "countryCode", "logo", "homepageUri",
    "linksModuleData", "multipleDevicesAndHoldersAllowedStatus", "viewUnlockRequirement",
}  # fmt: skip
_COMMON_OBJECT = {
    "id", "classId", "state", "hexBackgroundColor", "validTimeInterval", "ticketNumber", "groupingInfo",
    "rotatingBarcode", "saveRestrictions",
}  # fmt: skip
FIELDS = {
    "eventTicketClass": _COMMON_CLASS | {"eventName", "eventId", "dateTime", "venue", "locations"},
    "transitClass": _COMMON_CLASS | {"transitType", "transitOperatorName"},
    "eventTicketObject": _COMMON_OBJECT | {"ticketType", "ticketHolderName", "seatInfo", "reservationInfo"},
    "transitObject": _COMMON_OBJECT
    | {"tripType", "passengerType", "ticketLeg", "purchaseDetails", "ticketRestrictions", "passengerNames"},
}
REQUIRED = {
    "eventTicketClass": {"id", "issuerName", "reviewStatus", "eventName"},
    "transitClass": {"id", "issuerName", "reviewStatus", "transitType", "logo"},
    "eventTicketObject": {"id", "classId", "state"},
    "transitObject": {"id", "classId", "state", "tripType"},
}
ENUMERATIONS = {
    "reviewStatus": {"UNDER_REVIEW", "DRAFT"},
    "state": {"ACTIVE", "COMPLETED", "EXPIRED", "INACTIVE"},
    "transitType": {"BUS", "RAIL", "TRAM", "FERRY", "OTHER"},
    "tripType": {"ROUND_TRIP", "ONE_WAY"},
    "passengerType": {"SINGLE_PASSENGER", "MULTIPLE_PASSENGERS"},
    "multipleDevicesAndHoldersAllowedStatus": {
        "MULTIPLE_HOLDERS",
        "ONE_USER_ALL_DEVICES",
        "ONE_USER_ONE_DEVICE",
    },
    "viewUnlockRequirement": {"UNLOCK_NOT_REQUIRED", "UNLOCK_REQUIRED_TO_VIEW"},
    "doorsOpenLabel": {"DOORS_OPEN", "GATES_OPEN"},
    "type": {"QR_CODE", "AZTEC", "PDF_417"},
    "algorithm": {"TOTP_SHA1"},
}


@dataclass
class Google:
    """What the stand-in knows and was told. `answers` are statuses for the next requests, before anything else.

    It says nothing for `silence_s` before each answer.
    """

    key: rsa.RSAPrivateKey
    classes: dict[str, dict[str, Any]] = field(default_factory=dict)
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    silence_s: float = 0.0
    address: str = ""

    @property
    def api(self) -> str:
        return f"{self.address}/walletobjects/v1"

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def write_key_file(self, path: Path) -> Path:
        pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_text(
            json.dumps(
                {
                    "type": "service_account",
                    "project_id": "tmam-test",
                    "private_key_id": "k1",
                    "private_key": pem.decode(),
                    "client_email": ACCOUNT,
                    "token_uri": f"{self.address}/token",
                }
            )
        )
        return path

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        resource, _, rest = path.removeprefix("/walletobjects/v1/").partition("/")
        if rest.endswith("/addMessage"):
            self.messages.append((rest.removesuffix("/addMessage"), body["message"]))
            return 200, {}
        if resource not in FIELDS:
            return 404, {}
        found = self.classes if resource.endswith("Class") else self.objects
        if method == "PATCH":
            if rest not in found:
                return 404, {}
            body = found[rest] | body
        elif body.get("id") in found:
            return 409, {}
        problem = self._problem(resource, body)
        if problem:
            return 400, {"error": {"message": problem}}
        found[body["id"]] = body
        return 200, body

    def _problem(self, resource: str, body: dict[str, Any]) -> str:
        if unknown := body.keys() - FIELDS[resource]:
            return f"unknown fields {unknown}"
        if missing := REQUIRED[resource] - body.keys():
            return f"missing fields {missing}"
        if not body["id"].startswith(f"{ISSUER}."):
            return "another issuer's id"
        if resource.endswith("Object") and body["classId"] not in self.classes:
            return "no such class"
        return next(_bad_values(body), "")


def _bad_values(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _bad_values(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _bad_values(each, name)
    elif name in ENUMERATIONS and value not in ENUMERATIONS[name]:
        yield f"{name} cannot be {value}"
    elif name == "uri" and not str(value).startswith(("https://", "http://localhost")):
        yield f"{value} is no public address"


class _Handler(BaseHTTPRequestHandler):
    google: Google

    def do_POST(self) -> None:
        self._serve("POST")

    def do_PATCH(self) -> None:
        self._serve("PATCH")

    def _serve(self, method: str) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = urlsplit(self.path).path
        google = self.google
        time.sleep(google.silence_s)
        if path == "/token":
            assertion = parse_qs(raw.decode())["assertion"][0]
            claims = jwt.decode(assertion, google.public_key, ["RS256"], audience=TOKEN_AUDIENCE)
            assert claims["iss"] == ACCOUNT
            self._say(200, {"access_token": ACCESS_TOKEN, "expires_in": 3600, "token_type": "Bearer"})
            return
        google.requests.append((method, path))
        if self.headers.get("Authorization") != f"Bearer {ACCESS_TOKEN}":
            self._say(401, {})
        elif google.answers:
            self._say(google.answers.pop(0), {})
        else:
            self._say(*google.answer(method, path, json.loads(raw)))

    def _say(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def loopback_google() -> Iterator[Google]:
    google = Google(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"google": google}))
    google.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield google
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
