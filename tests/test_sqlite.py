"""The SQLite writer: whole units, one after another, many of them in one commit."""

from __future__ import annotations

import asyncio
import sqlite3
import struct
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage import people
from storage.database import open_database
from storage.seal import Seal
from storage.sqlite import AwaitedOutside, SqliteDatabase, connect
from storage.tx import Tx


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    opened = await open_database(f"sqlite:///{tmp_path}/adda.db", Seal("test secret"))
    assert isinstance(opened, SqliteDatabase)
    yield opened
    await opened.close()


async def add(tx: Tx, community: str) -> None:
    await people.add_community(tx, community, "Mitu", "bn", "Asia/Dhaka", 0)


def adding(community: str) -> Callable[[Tx], Coroutine[Any, Any, None]]:
    return lambda tx: add(tx, community)


async def there(db: SqliteDatabase, community: str) -> bool:
    async with db.read() as tx:
        return await people.community(tx, community) is not None


def commits(path: Path) -> int:
    """How many commits the write-ahead log holds."""
    log = path.with_name(f"{path.name}-wal").read_bytes()
    if not log:
        return 0
    page, salt = struct.unpack(">8xI4x8s", log[:24])
    found = 0
    for at in range(32, len(log) - 24, 24 + page):
        size, theirs = struct.unpack(">4xI8s", log[at : at + 16])
        found += bool(size) and theirs == salt
    return found


async def test_units_that_come_together_are_committed_together(db: SqliteDatabase) -> None:
    before = commits(db.path)
    await asyncio.gather(*(db.unit(adding(f"c{n}")) for n in range(64)))
    assert commits(db.path) - before == 1
    assert all([await there(db, f"c{n}") for n in range(64)])


async def test_units_that_come_during_a_commit_are_the_next_one(db: SqliteDatabase) -> None:
    before = commits(db.path)

    async def unit(tx: Tx) -> None:
        await add(tx, "first")
        later.extend(asyncio.create_task(db.unit(adding(f"c{n}"))) for n in range(8))

    later: list[asyncio.Task[None]] = []
    await db.unit(unit)
    await asyncio.gather(*later)
    assert commits(db.path) - before == 2


async def test_one_wrong_unit_of_a_batch_is_undone_alone(db: SqliteDatabase) -> None:
    async def wrong(tx: Tx) -> None:
        await add(tx, "wrong")
        raise KeyError("wrong")

    before = commits(db.path)
    ends = await asyncio.gather(
        db.unit(adding("a")), db.unit(wrong), db.unit(adding("b")), return_exceptions=True
    )
    assert [type(end) for end in ends] == [type(None), KeyError, type(None)]
    assert [await there(db, c) for c in ("a", "wrong", "b")] == [True, False, True]
    assert commits(db.path) - before == 1


async def test_others_see_nothing_before_the_commit(db: SqliteDatabase) -> None:
    other = connect(db.path)

    async def unit(tx: Tx) -> int:
        await add(tx, "c1")
        return int(other.execute("select count(*) from communities").fetchone()[0])

    assert await db.unit(unit) == 0
    assert other.execute("select count(*) from communities").fetchone()[0] == 1
    other.close()


async def test_the_unit_of_a_cancelled_caller_stands(db: SqliteDatabase) -> None:
    caller = asyncio.create_task(db.unit(adding("c1")))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await db.unit(adding("c2"))
    assert await there(db, "c1")


@pytest.mark.parametrize(
    "elsewhere",
    [
        lambda: asyncio.sleep(0),
        lambda: asyncio.sleep(1),
        lambda: asyncio.to_thread(int),
    ],
    ids=["the loop", "a clock", "a thread"],
)
async def test_a_unit_that_awaits_anything_else_fails_at_once_and_is_undone(
    db: SqliteDatabase, elsewhere: Callable[[], Awaitable[object]]
) -> None:
    async def unit(tx: Tx) -> None:
        await add(tx, "c1")
        await elsewhere()

    with pytest.raises(AwaitedOutside, match="Declare slow work with think="):
        await db.unit(unit)
    assert not await there(db, "c1")
    await db.unit(adding("c2"))
    assert await there(db, "c2")


async def test_closing_finishes_what_was_handed_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/adda.db"
    db = await open_database(url, Seal("test secret"))
    units = [asyncio.create_task(db.unit(adding(f"c{n}"))) for n in range(700)]
    await asyncio.sleep(0)
    await db.close()
    await asyncio.gather(*units)
    conn = connect(tmp_path / "adda.db")
    assert conn.execute("select count(*) from communities").fetchone()[0] == 700
    conn.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("adda")]


async def test_a_closed_database_is_one_file(db: SqliteDatabase) -> None:
    await db.unit(adding("c1"))
    assert await there(db, "c1")
    await db.close()
    assert [path.name for path in db.path.parent.iterdir()] == ["adda.db"]


async def test_a_unit_that_comes_while_closing_is_refused_and_not_left_waiting(
    db: SqliteDatabase,
) -> None:
    early = asyncio.create_task(db.unit(adding("early")))
    await asyncio.sleep(0)
    closing = asyncio.create_task(db.close())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="not open"):
        await db.unit(adding("late"))
    await asyncio.gather(early, closing)


async def test_a_file_that_cannot_be_opened_is_an_error_and_not_a_silence(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await SqliteDatabase(tmp_path, Seal("test secret")).open()


async def test_a_whole_batch_is_told_when_it_cannot_be_committed(db: SqliteDatabase) -> None:
    other = connect(db.path)
    other.execute("drop table inbox")

    async def unit(tx: Tx) -> None:
        await add(tx, "c1")
        await tx.one("inbox_add", id="e1", now=0)

    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await db.unit(unit)
    other.close()
    assert not await there(db, "c1")


def test_every_commit_reaches_the_disk(tmp_path: Path) -> None:
    conn = connect(tmp_path / "adda.db")
    found = {
        name: conn.execute(f"pragma {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    conn.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


async def test_what_waits_too_long_for_another_program_fails_and_the_next_one_does_not(
    db: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite.BUSY_MS", 20)
    with closing(sqlite3.connect(db.path)) as other:
        other.execute("begin immediate")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await asyncio.wait_for(db.unit(adding("c1")), 10)
        other.rollback()
    await asyncio.wait_for(db.unit(adding("c2")), 10)
    assert (await there(db, "c1"), await there(db, "c2")) == (False, True)
