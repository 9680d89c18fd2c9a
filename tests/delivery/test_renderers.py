"""Files are drawn once whoever asks, a file that breaks a renderer breaks nothing else, and nobody waits for ever."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.delivery.render_cast import (
    die,
    eat_memory,
    made,
    refuse,
    sleep_for_ever,
    tell_environment,
    trip,
    wait_for,
    write,
    write_once,
)
from tests.waiting import wait_until
from tmam.delivery.errors import RenderBusyError, RenderFailedError
from tmam.delivery.pdf import pdf_drawing, render_pdf
from tmam.delivery.png import png_drawing, render_png
from tmam.delivery.render_queue import Urgency
from tmam.delivery.renderer_frames import RendererConfig
from tmam.delivery.renderers import Renderers
from tmam.delivery.sample import sample_face
from tmam.delivery.store import StoreConfig


def config_in(folder: Path) -> RendererConfig:
    return RendererConfig(StoreConfig(folder / "files"), folder / "drawing.lock", parent=os.getpid())


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Renderers]:
    renderers = Renderers(config_in(tmp_path), processes=1, waiting_max=20, limit_s=2.0)
    yield renderers
    renderers.close()


def test_the_same_bytes_as_drawn_here(pool: Renderers, tmp_path: Path) -> None:
    face = sample_face()
    pdf, png = pdf_drawing([face], event_id=7), png_drawing(face, event_id=7)
    pool.draw(pdf)
    pool.draw(png)
    assert pool.store.get(pdf.name) == render_pdf([face])
    assert pool.store.get(png.name) == render_png(face)
    assert (tmp_path / "files" / pdf.name).stat().st_mode & 0o777 == 0o600
    assert pool.ask(pdf).state == "ready"


def test_many_askers_one_drawing(pool: Renderers, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    drawing = made(write_once, "text", str(diary))
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: pool.draw(drawing), range(6)))
    assert len(diary.read_text().splitlines()) == 1
    assert pool.store.get(drawing.name) == b"text"


def test_another_process_draws_nothing_twice_either(tmp_path: Path) -> None:
    diary, name = tmp_path / "diary", "tickets/7/ab/shared.txt"
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from tests.delivery.render_cast import made, write_once
        from tests.delivery.test_renderers import config_in
        from tmam.delivery.renderers import Renderers

        folder, diary, name = sys.argv[1:]
        pool = Renderers(config_in(Path(folder)), processes=1, waiting_max=5, limit_s=5.0)
        pool.draw(made(write_once, "text", diary, name=name))
        pool.close()
        """
    )
    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", program, str(tmp_path), str(diary), name]
    both = [
        subprocess.Popen(command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}) for _ in range(2)
    ]
    assert [each.wait(30) for each in both] == [0, 0]
    assert len(diary.read_text().splitlines()) == 1


def test_a_renderer_that_dies_is_replaced_and_its_file_tried_again(pool: Renderers, tmp_path: Path) -> None:
    drawing = made(die, str(tmp_path / "once"), 1)
    pool.draw(drawing)
    assert pool.store.get(drawing.name) == b"survived"


def test_a_file_that_kills_is_given_up_and_the_others_are_drawn(pool: Renderers, tmp_path: Path) -> None:
    diary = tmp_path / "always"
    poison = made(die, str(diary), 99)
    with pytest.raises(RenderFailedError):
        pool.draw(poison)
    assert len(diary.read_text()) == 2
    with pytest.raises(RenderFailedError):  # pressed again: no third renderer is lost
        pool.ask(poison)
    assert len(diary.read_text()) == 2
    pool.draw(made(write, "others"))


@pytest.mark.parametrize("draw", [refuse, eat_memory])
def test_a_file_that_cannot_be_drawn_is_a_clear_answer(pool: Renderers, draw: object) -> None:
    with pytest.raises(RenderFailedError):
        pool.draw(made(draw))  # type: ignore[arg-type]
    pool.draw(made(write, "others"))


def test_what_goes_wrong_names_nobody(
    tmp_path: Path, pool: Renderers, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(RenderFailedError):
        pool.draw(made(trip, "Ana García"))
    assert "trip: KeyError" in capfd.readouterr().err
    told = made(tell_environment)
    pool.draw(told)
    command, *environment = (pool.store.get(told.name) or b"").decode().splitlines()
    assert command.split()[1:] == ["-m", "tmam.delivery.renderer"]
    assert not [name for name in environment if "TMAM" in name or "DATABASE" in name]
    assert "García" not in capfd.readouterr().err


def test_a_file_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    pool = Renderers(config_in(tmp_path), processes=1, waiting_max=5, limit_s=0.4)
    try:
        pool.draw(made(write, "up"))
        with pytest.raises(RenderFailedError):
            pool.draw(made(sleep_for_ever))
        pool.draw(made(write, "others"))
    finally:
        pool.close()


def test_people_come_before_what_is_made_ahead(pool: Renderers, tmp_path: Path) -> None:
    gate, diary = tmp_path / "gate", tmp_path / "diary"
    first = made(wait_for, str(gate))
    pool.ask(first)
    assert wait_until(lambda: pool.place_of(first.name) is not None and pool.place_of(first.name).place == 0)  # type: ignore[union-attr]
    ahead = [made(write_once, f"ahead {number}", str(diary)) for number in range(3)]
    for each in ahead:
        pool.ask(each, Urgency.AHEAD)
    person = made(write, "person")
    assert pool.ask(person).place == 1
    assert pool.people_wait
    assert pool.ask(ahead[2]).place == 2, "somebody presses the button: it moves to the people"
    gate.touch()
    pool.draw(person)
    assert pool.store.size(ahead[0].name) is None
    pool.draw(ahead[0], Urgency.AHEAD)
    assert wait_until(lambda: not pool.people_wait)


def test_a_full_queue_says_when_to_come_back(pool: Renderers, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    waiting = [made(wait_for, str(gate)) for _ in range(20)]
    places = [pool.ask(each).place for each in waiting]
    assert places[-1] in {19, 20}
    assert pool.ask(waiting[-1]).place in {18, 19, 20}, "asking again keeps the place"
    with pytest.raises(RenderBusyError) as busy:
        pool.ask(made(write, "one more"))
    assert busy.value.retry_after_s >= 1
    with pytest.raises(RenderBusyError):
        pool.draw(waiting[0], wait_s=0.01)
    gate.touch()
    pool.draw(waiting[-1])


def test_renderers_end_when_nobody_needs_them_and_with_their_parent(tmp_path: Path) -> None:
    pool = Renderers(config_in(tmp_path), processes=1, waiting_max=5, limit_s=5.0, idle_s=0.1)
    told = made(tell_environment)
    others = set(_renderers_below(os.getpid()))
    pool.draw(told)
    assert set(_renderers_below(os.getpid())) > others
    assert wait_until(lambda: set(_renderers_below(os.getpid())) <= others)
    pool.draw(made(write, "again"))
    pool.close()
    assert set(_renderers_below(os.getpid())) <= others


def _renderers_below(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
            command = path.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == pid and b"tmam.delivery.renderer" in command and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def test_five_hundred_files_leave_nothing_behind_in_this_process(pool: Renderers) -> None:
    for number in range(500):
        pool.draw(made(write, str(number)))
    assert len(pool._queue) == 0
    assert pool._queue._bytes == 0
    assert not pool._queue._failures
