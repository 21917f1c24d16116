"""Fixtures: a bot on a playground with a frozen clock, on SQLite and, if asked, PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import Queue

import pytest

from storage.migrate import migrate
from storage.schema import migrations, newest, tables
from storage.whole import whole
from tests.stage import Stage, postgres_url

POSTGRES = os.environ.get("ADDABOT_TEST_POSTGRES", "")
WHY = "set ADDABOT_TEST_POSTGRES=postgresql://user@host/database to test on PostgreSQL as well"


EACH = [
    "sqlite",
    pytest.param("postgres", marks=pytest.mark.skipif(not POSTGRES, reason=WHY)),
]


@pytest.fixture(params=EACH)
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty database, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'adda.db'}"
    else:
        async with postgres_url(POSTGRES) as url:
            yield url


@pytest.fixture(scope="session")
def shared_postgres() -> Iterator[str]:
    """The address of one PostgreSQL database for many tests: making one takes half a second."""
    made, enough = Queue[str](), threading.Event()

    async def keep() -> None:
        async with postgres_url(POSTGRES) as url:
            await migrate(url)
            made.put(url)
            await asyncio.to_thread(enough.wait)

    # A thread of its own, since the tests' event loop is running by now.
    with ThreadPoolExecutor(1) as thread:
        keeping = thread.submit(asyncio.run, keep())
        keeping.add_done_callback(lambda _: made.put(""))
        yield made.get()
        enough.set()
        keeping.result()


@cache
def _names() -> tuple[str, ...]:
    """Our tables, those that refer to others first."""
    return tuple(reversed(tables(migrations(), newest(migrations()))))


@pytest.fixture(params=EACH)
async def ready_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database of our schema without a row, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'adda.db'}"
    else:
        url: str = request.getfixturevalue("shared_postgres")
        async with whole(url) as everything:
            await everything.script(f"delete from {name}" for name in _names())
        yield url


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    """A community "Mitu" whose owner is "creator", and nobody else yet."""
    async with Stage.open(ready_url) as stage:
        yield stage
