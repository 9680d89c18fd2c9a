"""The frame of every test: a database of its own on one shared server, a state folder of its own.

Database tests use `@pytest.mark.django_db` (rolled back), or the fixture `live_database` where other threads,
connections or processes must see the data (committed: such tests work on events of their own, so nothing needs
cleaning). Tests of the capabilities that use either also carry the mark `database`;
those that prove SQL of ours run once more on another server (`tests/house/second_run.py`).
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import django
import pytest
from django.conf import settings

from tests.environment import own_database, prepare_environment
from tests.house.second_run import RUN_ONCE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Playwright
    from pytest_django import DjangoDbBlocker
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

    from tmam.platform.settings import Settings

if (
    "django.conf" in sys.modules
    and sys.modules["django.conf"].settings.configured
    and "PYTEST_XDIST_WORKER" not in os.environ
):
    pytest.exit("unset DJANGO_SETTINGS_MODULE: the tests choose their own settings", returncode=4)

_started = prepare_environment()
django.setup()
# Thousands of tests make a person; processes that tests start hash at full cost.
settings.PASSWORD_HASHERS = ["tests.quick_hasher.QuickHasher"]

ANSWER_PATIENCE_MS = 15_000
JOURNEYS = "tests/journeys/"
MINUTES_S = 600
DATABASE_FIXTURES = {"db", "transactional_db", "live_database", "dsn"}


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Let xdist's workers choose their own settings as this process did."""
    if session.config.getoption("numprocesses", None):
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_unconfigure() -> None:
    if _started is not None:
        _started.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        uses = set(getattr(item, "fixturenames", ()))
        needs_database = bool(uses & DATABASE_FIXTURES) or item.get_closest_marker("django_db") is not None
        if needs_database and not item.nodeid.startswith(RUN_ONCE):
            item.add_marker("database")
    items.sort(key=_place_in_the_run)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Journeys share one running product: all of them in one process. xdist's own groups do nothing under pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class OneProduct(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return JOURNEYS if nodeid.startswith(JOURNEYS) else nodeid

    return OneProduct(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """A million objects are made and live until the end: the garbage collector need not look at them all the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def _place_in_the_run(item: pytest.Item) -> int:
    """What takes minutes by itself comes first, so that no process is left alone with it at the end.

    Playwright's event loop stays in its thread, where nothing else may then run one: browsers come last.
    """
    limit = item.get_closest_marker("timeout")
    uses = getattr(item, "fixturenames", ())
    if limit is not None and limit.args[0] >= MINUTES_S and not DATABASE_FIXTURES.intersection(uses):
        return 0
    if item.nodeid.startswith(JOURNEYS):
        return 2
    return 3 if "playwright" in uses else 1


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's own database: a copy of the migrated template."""
    del django_test_environment
    with own_database():
        yield
        from django.db import connections

        with django_db_blocker.unblock():
            connections.close_all()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of browsers of this process. Django would refuse to use the database beside its event loop."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=ANSWER_PATIENCE_MS)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield driver


@pytest.fixture(scope="session")
def only_browser(playwright: Playwright) -> Iterator[Browser]:
    """The one Chromium of this process."""
    from tests.journeys.chromium import launch_chromium

    browser = launch_chromium(playwright)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def browser(only_browser: Browser) -> Iterator[Browser]:
    """A Chromium for tests that open contexts or pages of their own; what they leave open ends with their module."""
    yield only_browser
    for context in only_browser.contexts:
        context.close()


@pytest.fixture
def live_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real commits, seen by other connections; nothing is rolled back. What waits in the queue is this test's own."""
    del django_db_setup
    from django.db import connection, connections

    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
        yield
        try:
            _let_nobody_read_on()
        finally:
            connections.close_all()


def _let_nobody_read_on() -> None:
    """What a test leaves in the event log is news to no later test, which would work through it all."""
    from tmam.platform import event_log

    for name in event_log._consumers:
        event_log.skip_to_head(name)


@pytest.fixture
def dsn(live_database: None) -> str:
    """The address of this process's database, for asyncpg, psycopg or another program."""
    del live_database
    return os.environ["DATABASE_URL"]


@pytest.fixture(scope="session", autouse=True)
def facts_name_nobody() -> Iterator[None]:
    """Whatever a test lets happen: no fact of the event log may hold an e-mail address. Facts outlive people."""
    from tmam.platform.event_log import Fact

    make = Fact.__init__

    def checked(self: Fact, *args: object, **fields: object) -> None:
        make(self, *args, **fields)  # type: ignore[arg-type]
        assert "@" not in json.dumps([self.actor, self.data], default=str), f"an address in {self.name}"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Fact, "__init__", checked)
        yield


@pytest.fixture(autouse=True)
def language_of_nobody() -> Iterator[None]:
    """A page asked for in Spanish leaves no Spanish to the next test of its thread."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture
def settings_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Settings]:
    """An installation whose master keys are its own; nothing in the database, until rolled back, that others locked."""
    import msgspec
    from allauth.mfa.models import Authenticator

    from tmam.accounts.models import Erasure
    from tmam.orders.models import KeptRecord
    from tmam.platform import keys
    from tmam.platform.data_keys import forget_open_keys
    from tmam.platform.models import WrappedDataKey
    from tmam.tickets.models import KeySetSigner

    del db
    (tmp_path / "keys").mkdir(mode=0o700)
    for model in (WrappedDataKey, KeptRecord, Erasure, Authenticator, KeySetSigner):
        model.objects.all().delete()
    url = os.environ["DATABASE_URL"]
    here = msgspec.structs.replace(settings.TMAM, state=tmp_path, master_keys="", database_url=url)
    monkeypatch.setattr(keys, "current_settings", lambda: here)
    forget_open_keys()
    yield here
    forget_open_keys()


@pytest.fixture(autouse=True)
def nothing_kept_briefly() -> None:
    """What a test before has left in a cache of a second."""
    from tmam.platform.brief_cache import clear_brief_caches

    clear_brief_caches()
