"""CPU time and memory of processes."""

from __future__ import annotations

import subprocess
import sys

from tests.waiting import wait_until
from tmam.bench.processes import cpu_seconds, cpu_seconds_of, family, memory_mb, memory_mb_of

SPINS_IN_A_CHILD = """
import os, sys
if os.fork() == 0:
    memory = bytearray(40_000_000)
    while True:
        pass
sys.stdin.read()
os.kill(0, 9)
"""


def test_a_process_is_measured_with_its_children() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SPINS_IN_A_CHILD], stdin=subprocess.PIPE, start_new_session=True
    )
    try:
        assert wait_until(lambda: len(family(process.pid)) == 2)
        parent, child = family(process.pid)
        assert wait_until(lambda: cpu_seconds(child) > 0.2)
        assert cpu_seconds(parent) >= cpu_seconds(child) - 0.1
        assert memory_mb(parent) > 40
        assert set(cpu_seconds_of({"it": parent})) == set(memory_mb_of({"it": parent})) == {"it"}
    finally:
        process.communicate()


def test_a_process_that_is_gone_used_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert cpu_seconds(process.pid) == 0
    assert memory_mb(process.pid) == 0
