from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import process_is_gone, wait_until
from tmam.platform.processes.spawn import spawn, stop
from tmam.platform.processes.supervisor import Program, StopAskedError, Supervisor

SLEEPER = [sys.executable, "-c", "import signal; signal.pause()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); signal.pause()",
]


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def supervisor(said: list[str], clock: Clock) -> Iterator[Supervisor]:
    supervisor = Supervisor(said.append, clock)
    yield supervisor
    supervisor.stop_all()


def sleeper(name: str = "a program") -> Program:
    return Program(name, lambda: spawn(SLEEPER, env=os.environ, output=subprocess.DEVNULL))


def kill(program: Program) -> None:
    assert program.process is not None
    program.process.kill()
    program.process.wait()


def test_what_dies_is_started_again_after_a_wait_that_grows(
    supervisor: Supervisor, said: list[str], clock: Clock
) -> None:
    program = sleeper()
    supervisor.add(program)
    for wait_s in (0.5, 1, 2):
        kill(program)
        supervisor.tend()
        assert said.pop() == f"a program was ended by signal 9; starting it again in {wait_s:g} s"
        assert supervisor.died() == ["a program"]
        clock.now += wait_s - 0.01
        supervisor.tend()
        assert supervisor.died() == ["a program"]
        clock.now += 0.02
        supervisor.tend()
        assert supervisor.died() == []
        assert said.pop() == "a program is running again"


def test_one_that_ran_well_gets_the_short_wait_again(
    supervisor: Supervisor, said: list[str], clock: Clock
) -> None:
    program = sleeper()
    supervisor.add(program)
    program.wait_s = 16.0
    clock.now += 60
    kill(program)
    supervisor.tend()
    assert said == ["a program was ended by signal 9; starting it again in 0.5 s"]


def test_one_that_cannot_start_does_not_stop_the_others(
    supervisor: Supervisor, said: list[str], clock: Clock
) -> None:
    program, other = sleeper(), sleeper("the other")
    supervisor.add(program)
    supervisor.add(other)
    kill(program)
    kill(other)
    program.start = lambda: spawn(["/nowhere"], env={}, output=None)
    supervisor.tend()
    clock.now += 1
    supervisor.tend()
    assert any(sentence.startswith("a program could not be started") for sentence in said)
    assert supervisor.died() == ["a program"]


def test_all_stop_in_reverse_order(supervisor: Supervisor) -> None:
    order: list[str] = []
    programs = [sleeper(name) for name in ("first", "second", "third")]
    for program in programs:
        supervisor.add(program)
        assert program.process is not None
        wait = program.process.wait

        def note(timeout: float | None = None, name: str = program.name, wait: object = wait) -> int:
            if name not in order:
                order.append(name)
            return int(wait(timeout))  # type: ignore[operator]

        program.process.wait = note  # type: ignore[method-assign]
    supervisor.stop_all()
    assert order == ["third", "second", "first"]


def test_a_stop_signal_ends_the_run(supervisor: Supervisor) -> None:
    program = sleeper()
    with supervisor.listening():
        supervisor.add(program)
        os.kill(os.getpid(), signal.SIGTERM)
        supervisor.run()
        with pytest.raises(StopAskedError):
            supervisor.check_stop()


def test_the_stubborn_are_killed() -> None:
    process = subprocess.Popen(STUBBORN, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    assert stop(process, with_signal=signal.SIGTERM, patience_s=0.1) == -signal.SIGKILL
    process.stdout.close()


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    script = f"""
        import os, signal, subprocess, sys
        from tmam.platform.processes.spawn import spawn
        child = spawn({SLEEPER!r}, env=os.environ, output=subprocess.DEVNULL)
        print(child.pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    parent = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, cwd=tmp_path, check=False
    )
    assert parent.returncode == -signal.SIGKILL
    assert wait_until(lambda: process_is_gone(int(parent.stdout)))


def test_what_a_dead_program_leaves_behind_ends_too(supervisor: Supervisor, said: list[str]) -> None:
    script = f"""
        import signal, subprocess
        print(subprocess.Popen({SLEEPER!r}).pid, flush=True)
        signal.pause()
    """
    program = Program(
        "a program",
        lambda: spawn(
            [sys.executable, "-c", textwrap.dedent(script)], env=os.environ, output=subprocess.PIPE
        ),
    )
    supervisor.add(program)
    assert program.process is not None
    output = program.process.stdout
    assert output is not None
    grandchild = int(output.readline())
    kill(program)
    assert not process_is_gone(grandchild)
    supervisor.tend()
    assert wait_until(lambda: process_is_gone(grandchild))
    output.close()
    assert len(said) == 1
