"""A push service like Apple's, on this machine: HTTP/2 over TLS, which asks for the client's certificate.

Written on the `h2` state machine alone; it notes what it was sent and answers as it is told.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, RequestReceived, StreamEnded


@dataclass(frozen=True)
class Pushed:
    """One push as it arrived: the phone's token, the headers, the body, and whose certificate it came with."""

    token: str
    headers: dict[str, str]
    body: bytes
    client: str


Answer = tuple[int, dict[str, Any] | None]


@dataclass
class PushServer:
    """`answer` chooses the status and body for a token; `pushed` is what came, in its order."""

    port: int
    authority: Path
    answer: Callable[[str], Answer] = lambda _: (200, None)
    pushed: list[Pushed] = field(default_factory=list)
    connections: int = 0
    most_at_once: int = 0

    @property
    def url(self) -> str:
        """Where to push."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def tokens(self) -> list[str]:
        """The phones that were pushed."""
        return [each.token for each in self.pushed]


@contextmanager
def push_server(folder: Path, client_authority: bytes) -> Iterator[PushServer]:
    """A running service that trusts clients of this authority (PEM) only. Its own certificate is `authority`."""
    certificate, key = _self_signed(folder)
    trusted = folder / "clients.pem"
    trusted.write_bytes(client_authority)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(trusted))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = PushServer(listener.getsockname()[1], certificate)
        thread = threading.Thread(target=_accept, args=(listener, context, server), daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _accept(listener: socket.socket, context: ssl.SSLContext, server: PushServer) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(plain, context, server), daemon=True).start()


def _serve(plain: socket.socket, context: ssl.SSLContext, server: PushServer) -> None:
    with suppress(OSError, ssl.SSLError), plain, context.wrap_socket(plain, server_side=True) as tls:
        assert tls.selected_alpn_protocol() == "h2"
        server.connections += 1
        client = _user_id(tls)
        connection = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        tls.sendall(connection.data_to_send())
        heads: dict[int, dict[str, str]] = {}
        bodies: dict[int, bytes] = {}
        while received := tls.recv(65_535):
            for event in connection.receive_data(received):
                if isinstance(event, RequestReceived):
                    heads[event.stream_id] = dict(event.headers)
                    bodies[event.stream_id] = b""
                    server.most_at_once = max(server.most_at_once, len(heads))
                elif isinstance(event, DataReceived):
                    bodies[event.stream_id] += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, StreamEnded):
                    stream = event.stream_id
                    headers = heads.pop(stream)
                    pushed = Pushed(
                        headers[":path"].removeprefix("/3/device/"), headers, bodies.pop(stream), client
                    )
                    _answer(connection, server, stream, pushed)
            tls.sendall(connection.data_to_send())


def _answer(connection: H2Connection, server: PushServer, stream: int, pushed: Pushed) -> None:
    assert pushed.headers[":method"] == "POST"
    server.pushed.append(pushed)
    status, said = server.answer(pushed.token)
    connection.send_headers(stream, [(":status", str(status))], end_stream=said is None)
    if said is not None:
        connection.send_data(stream, json.dumps(said).encode(), end_stream=True)


def _user_id(tls: ssl.SSLSocket) -> str:
    certificate = x509.load_der_x509_certificate(tls.getpeercert(binary_form=True) or b"")
    return str(certificate.subject.get_attributes_for_oid(NameOID.USER_ID)[0].value)


def _self_signed(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push service of a test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    (folder / "push.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "push.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "push.pem", folder / "push.key"
