"""Links served by the real program: alone, several at once, killed, and with the database gone."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot import delivery
from bot.model import Later
from handlers.links.looking import Look
from storage import outbox
from storage.address import sqlite_path
from storage.tx import Tx
from tests.conftest import POSTGRES, WHY
from tests.openers import SHOP, SLUGS, Openers, count, locks, seed, spilled
from tests.process import Program, program
from tests.stage import postgres_url
from tests.wire import line_to

KILLS = 2
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
BURST = 60  # people led on between two blows


@pytest.fixture
async def links(tmp_path: Path, database_url: str) -> AsyncIterator[Program]:
    """A program with links in its database, not started."""
    await seed(database_url)
    async with program(tmp_path, DATABASE_URL=database_url) as made:
        yield made


async def alone(made: Program) -> None:
    await made.up("--only", "web")


async def settled(made: Program, openers: Openers, folder: Path) -> None:
    """Returns when everybody who was led on is counted, once, and nothing waits in a file."""

    async def all_there() -> bool:
        found = await count(made, openers.led)
        return found.right and not spilled(folder)

    await made.until(all_there, 30)


# Alone ------------------------------------------------------------------------------------------


async def test_links_alone_need_no_token_and_make_no_community(links: Program) -> None:
    await alone(links)
    said = [json.loads(line) for line in links.log]
    states = {line["name"]: line["state"] for line in said if line["event"] == "platform"}
    assert states == {"telegram": "off (no token)", "discord": "off (no token)"}
    assert not any("/claim" in line for line in links.log)
    async with aiohttp.ClientSession() as browser:
        answer = await browser.get(f"{links.url}/{SLUGS[0]}", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (302, SHOP)
    assert links.listening() == {("127.0.0.1", links.port)}
    assert await links.sql("select * from codes") == []
    assert [row["id"] for row in await links.sql("select id from communities")] == ["home"]
    assert await links.stop() == 0


async def test_links_alone_leave_timers_to_the_main_process(links: Program) -> None:
    async with links.database() as database:
        await database.unit(_due_long_ago)
    await alone(links)
    async with aiohttp.ClientSession() as browser:
        for _ in range(3):
            await browser.get(f"{links.url}/{SLUGS[0]}", allow_redirects=False)
    assert await links.stop() == 0
    timers = await links.sql("select settled_at, attempts, leased_until from outbox")
    assert timers == [{"settled_at": None, "attempts": 0, "leased_until": None}]


async def _due_long_ago(tx: Tx) -> None:
    await outbox.add(tx, delivery.timer_letter("t", "home", Later(EPOCH, Look()), 0), None)


async def test_links_alone_refuse_a_foreign_key(links: Program) -> None:
    async with links.database() as database:
        await database.unit(_due_long_ago)
    links.settings["SECRET_KEY"] = "another secret"
    await links.start("--only", "web")
    assert await links.ended(20) == 1
    assert "another SECRET_KEY" in "\n".join(links.log)


async def test_a_file_has_one_process_and_a_second_is_told_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'adda.db'}"
    await seed(url)
    async with (
        program(tmp_path, DATABASE_URL=url) as first,
        program(tmp_path, DATABASE_URL=url) as second,
    ):
        await alone(first)
        await second.start("--only", "web")
        assert await second.ended(20) == 1
        assert "\n".join(second.log).startswith("Another process runs on this database.")
        await first.kill()
        await alone(second)
        assert await second.stop() == 0


# Killed -----------------------------------------------------------------------------------------


async def test_no_click_that_was_answered_is_lost_by_kill_9(links: Program, tmp_path: Path) -> None:
    openers = Openers([links.url])
    await alone(links)
    async with openers.at_work():
        for _ in range(KILLS):
            await openers.led_on(BURST)
            await links.kill()
            await alone(links)
        await openers.led_on(BURST)
    await settled(links, openers, tmp_path)
    found = await count(links, openers.led)
    assert (found.lost, found.doubled) == (frozenset(), frozenset())
    assert len(openers.led) >= (KILLS + 1) * BURST
    assert set(openers.others) <= {"none"}


# Several ----------------------------------------------------------------------------------------


@asynccontextmanager
async def several(url: str, folder: Path, number: int) -> AsyncIterator[list[Program]]:
    """So many programs on one database and in one folder, all serving links alone."""
    async with AsyncExitStack() as stack:
        made = [
            await stack.enter_async_context(program(folder, DATABASE_URL=url))
            for _ in range(number)
        ]
        await asyncio.gather(*map(alone, made))
        yield made


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """The address of a PostgreSQL database with links."""
    if not POSTGRES:
        pytest.skip(WHY)
    async with postgres_url(POSTGRES) as url:
        await seed(url)
        yield url


async def test_several_processes_share_a_database_and_lose_or_double_nothing(
    server: str, tmp_path: Path
) -> None:
    async with several(server, tmp_path, 3) as made:
        openers = Openers([one.url for one in made], people=18)
        async with openers.at_work():
            await openers.led_on(2 * BURST)
            await made[0].kill()
            await openers.led_on(BURST)
            await alone(made[0])
            await openers.led_on(2 * BURST)
        await settled(made[0], openers, tmp_path)
        found = await count(made[0], openers.led)
        assert found.right
        assert set(openers.others) <= {"none"}
        assert await asyncio.gather(*(one.stop() for one in made)) == [0, 0, 0]
    assert locks(tmp_path) == [f"adda.clicks{n}.jsonl.lock" for n in ("-2", "-3", "")]


# The database goes away -------------------------------------------------------------------------


async def test_while_the_server_is_cut_off_everyone_is_led_on_and_counted_once_later(
    server: str, tmp_path: Path
) -> None:
    async with line_to(server) as (line, url), program(tmp_path, DATABASE_URL=url) as made:
        await alone(made)
        openers = Openers([made.url], pause=0.01)
        async with openers.at_work():
            await openers.led_on(BURST)
            await line.cut()
            await openers.led_on(2 * BURST)
            assert spilled(tmp_path) != []
            await line.mend()
            await openers.led_on(BURST)
        made.settings["DATABASE_URL"] = server
        await settled(made, openers, tmp_path)
        assert openers.others == {}


async def test_what_waits_when_the_process_dies_too_is_counted_by_the_next_one(
    server: str, tmp_path: Path
) -> None:
    async with line_to(server) as (line, url), program(tmp_path, DATABASE_URL=url) as made:
        await alone(made)
        openers = Openers([made.url], pause=0.01)
        async with openers.at_work():
            await openers.led_on(BURST)
            await line.cut()
            await openers.led_on(BURST)
            await made.kill()
        assert spilled(tmp_path) != []
        made.settings["DATABASE_URL"] = server
        await alone(made)
        await settled(made, openers, tmp_path)
        assert set(openers.others) <= {"none"}


async def test_while_the_file_is_held_by_another_program_everyone_is_led_on(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'adda.db'}"
    await seed(url)
    async with program(tmp_path, DATABASE_URL=url) as made:
        await alone(made)
        openers = Openers([made.url], pause=0.01)
        async with openers.at_work():
            await openers.led_on(BURST)
            with contextlib.closing(sqlite3.connect(sqlite_path(url), timeout=10)) as other:
                other.execute("begin immediate")
                await openers.led_on(BURST)
                other.rollback()
            await openers.led_on(BURST)
        await settled(made, openers, tmp_path)
        assert openers.others == {}
