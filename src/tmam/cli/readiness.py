"""Waits until the first page would really be served: every server answers and the worker has given a sign of life."""

from __future__ import annotations

import http.client
import time

from tmam.cli.operator_error import OperatorError
from tmam.platform.embedded_postgres import LOOPBACK
from tmam.platform.processes.supervisor import Supervisor
from tmam.platform.settings import Settings

PATIENCE_S = 90.0
ASK_EVERY_S = 0.05


def wait_until_ready(settings: Settings, supervisor: Supervisor) -> None:
    """Return when `/readyz`, the hot shell and the front answer.

    Raises:
        OperatorError: one of them doesn't come up.
        StopAskedError: the operator gave up first.
    """
    patient_until = time.monotonic() + PATIENCE_S
    waiting = [
        ("the product server", settings.web_port, "/readyz"),
        ("the hot shell", settings.hot_port, "/hot/healthz"),
    ]
    waiting.append(("the front", settings.port, ""))
    while waiting:
        supervisor.check_stop()
        supervisor.tend()
        waiting = [each for each in waiting if not _answers(each[1], each[2])]
        if waiting and time.monotonic() > patient_until:
            names = " and ".join(name for name, _, _ in waiting)
            raise OperatorError(
                f"{names} did not become ready in {PATIENCE_S:.0f} s; see the files in {settings.state}/log."
            )
        if waiting:
            supervisor.pause(ASK_EVERY_S)


def _answers(port: int, path: str) -> bool:
    """Whether a server answers 200 (or, without a path, just listens)."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        if not path:
            connection.connect()
            return True
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
