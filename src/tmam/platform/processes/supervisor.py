"""Keeps a handful of programs running: starts them in order, starts again what dies, stops them in reverse.

Single-threaded. Every child's life is tied to ours (`spawn`), so nothing is left behind however we end.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from subprocess import Popen
from types import FrameType
from typing import Protocol

from tmam.platform.processes.spawn import kill_group, stop

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
STEADY_AFTER_S = 30.0  # one that ran this long gets the short wait again
LOOK_EVERY_S = 0.25
STOP_PATIENCE_S = 15.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAskedError(Exception):
    """Somebody asked us to stop while we were waiting for something else."""


class Say(Protocol):
    """Tells the operator one sentence."""

    def __call__(self, sentence: str, /) -> None: ...


@dataclass
class Program:
    """One program to keep running. `start` starts it; it may first wait for the program to be ready."""

    name: str
    start: Callable[[], Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM
    process: Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    wait_s: float = field(default=FIRST_WAIT_S, init=False)
    start_again_at: float | None = field(default=None, init=False)


class Supervisor:
    """Runs programs until it is asked to stop."""

    def __init__(self, say: Say, clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._programs: list[Program] = []
        self._is_stopping = False
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the stop signals for the duration of the block."""
        before = {number: signal.signal(number, self._ask_to_stop) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def add(self, program: Program) -> None:
        """Start a program and look after it from now on."""
        program.process = program.start()
        program.started_at = self._clock()
        self._programs.append(program)

    def run(self) -> None:
        """Look after the programs until somebody asks us to stop."""
        while not self._is_stopping:
            self.tend()
            self.pause(LOOK_EVERY_S)

    def tend(self) -> None:
        """One look at every program: start again what died and has waited long enough."""
        now = self._clock()
        for program in self._programs:
            if program.process is not None and program.process.poll() is not None:
                self._note_death(program, program.process.returncode, now)
            if program.start_again_at is not None and now >= program.start_again_at and not self._is_stopping:
                self._start_again(program)

    def pause(self, seconds: float) -> None:
        """Wait, but not past a request to stop."""
        if not self._is_stopping:
            ready, _, _ = select.select([self._wake_read], [], [], seconds)
            if ready:
                os.read(self._wake_read, 64)

    def check_stop(self) -> None:
        """Raise StopAskedError if somebody asked us to stop."""
        if self._is_stopping:
            raise StopAskedError

    def died(self) -> list[str]:
        """The names of programs that are not running right now."""
        return [
            each.name for each in self._programs if each.process is None or each.process.poll() is not None
        ]

    def stop_all(self) -> None:
        """Stop every program, the last started first."""
        self._is_stopping = True
        for program in reversed(self._programs):
            if program.process is not None:
                stop(program.process, with_signal=program.stop_signal, patience_s=STOP_PATIENCE_S)
                program.process = None

    def _note_death(self, program: Program, status: int, now: float) -> None:
        if now - program.started_at > STEADY_AFTER_S:
            program.wait_s = FIRST_WAIT_S
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        if program.process is not None:
            kill_group(program.process.pid)  # its own children may still listen where the next one must
        self._say(f"{program.name} {how}; starting it again in {program.wait_s:g} s")
        program.process = None
        program.start_again_at = now + program.wait_s
        program.wait_s = min(program.wait_s * 2, LONGEST_WAIT_S)

    def _start_again(self, program: Program) -> None:
        program.start_again_at = None
        program.started_at = self._clock()
        try:
            program.process = program.start()
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go on and this one is tried again
            self._say(f"{program.name} could not be started: {error}; trying again in {program.wait_s:g} s")
            program.start_again_at = self._clock() + program.wait_s
            program.wait_s = min(program.wait_s * 2, LONGEST_WAIT_S)
        else:
            self._say(f"{program.name} is running again")

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._is_stopping = True
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake_write, b"!")
