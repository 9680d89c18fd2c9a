from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from tmam.platform.logs import HIDDEN, configure_logs, hide_secrets


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level, config = root.handlers, root.level, structlog.get_config()
    stream = io.StringIO()
    configure_logs("json", stream=stream)
    yield stream
    root.handlers, root.level = handlers, level
    structlog.configure(**config)
    structlog.contextvars.clear_contextvars()


def test_a_line_is_one_json_object_with_the_request_id(stream: io.StringIO) -> None:
    structlog.contextvars.bind_contextvars(request_id="abc12345")
    structlog.get_logger("tmam.test").info("sold", quantity=2)
    logging.getLogger("django.request").warning("from %s", "elsewhere")
    ours, theirs = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (ours["event"], ours["quantity"], ours["request_id"], ours["logger"]) == (
        "sold",
        2,
        "abc12345",
        "tmam.test",
    )
    assert (theirs["event"], theirs["level"], theirs["request_id"]) == (
        "from elsewhere",
        "warning",
        "abc12345",
    )


@pytest.mark.parametrize(
    "name", ["password", "secret_key", "visitor_token", "Cookie", "authorization", "document"]
)
def test_secrets_are_hidden_by_name(name: str) -> None:
    assert hide_secrets(None, "info", {"event": "x", name: "value"}) == {"event": "x", name: HIDDEN}


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("postgresql://tmam:pa-ss@127.0.0.1/x failed", f"postgresql://tmam:{HIDDEN}@127.0.0.1/x failed"),
        ("/me/tickets/open/?t=abc.def opened", f"/me/tickets/open/?t={HIDDEN} opened"),
        (f"code T1{'A' * 144} scanned", f"code {HIDDEN} scanned"),
        (f"code T1{'A' * 144}01890189, live", f"code {HIDDEN}, live"),
        (f"code T2{'B7' * 152} bound", f"code {HIDDEN} bound"),
        (f"typed t1{'a2' * 72}12345678", f"typed {HIDDEN}"),
        (f"GET /x?code=%20T1{'A' * 144}", f"GET /x?code=%20{HIDDEN}"),
        ("T1 and T2 are formats", "T1 and T2 are formats"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_secrets_are_hidden_by_shape(said: str, written: str) -> None:
    assert hide_secrets(None, "info", {"event": said})["event"] == written


def test_control_characters_are_written_as_what_they_are() -> None:
    said = "/a\0b\x1b[2J\u202ec\u2028\x9b é\n\ttraceback"
    written = hide_secrets(None, "info", {"path": said})["path"]
    assert written == "/a\\x00b\\x1b[2J\\u202ec\\u2028\\x9b é\n\ttraceback"


def test_what_the_product_tells_itself_comes_once_and_without_a_traceback(stream: io.StringIO) -> None:
    for name in ("RequestDataTooBig", "UploadTooLargeError", "TooManyFieldsSent", "TooManyFilesSent"):
        logging.getLogger(f"django.security.{name}").error("too much", exc_info=ValueError())
    assert stream.getvalue() == ""
    logging.getLogger("django.security.DisallowedHost").error("another host")
    assert json.loads(stream.getvalue())["event"] == "another host"
