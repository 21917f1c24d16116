"""Units of work that run beside the event loop: in their turn, whole or not at all."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from storage import outbox
from storage.database import Database, open_database
from storage.seal import Seal
from storage.tx import Tx

Unit = Callable[[Tx], Coroutine[Any, Any, bool]]


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url, Seal("test secret"))
    yield opened
    await opened.close()


def note(item: str) -> Unit:
    return lambda tx: outbox.first_time(tx, item, 0)


async def test_a_unit_apart_sees_those_before_it_and_is_seen_by_those_after_it(
    tmp_path: Path,
) -> None:
    db = await open_database(f"sqlite:///{tmp_path / 'adda.db'}", Seal("test secret"))
    units = [db.unit(note("one"), apart=apart) for apart in (False, True, False, True, True)]
    assert await asyncio.gather(*units) == [True, False, False, False, False]
    await db.close()


async def test_a_unit_apart_that_fails_leaves_nothing_and_disturbs_nobody(db: Database) -> None:
    async def wrong(tx: Tx) -> bool:
        await outbox.first_time(tx, "wrong", 0)
        raise ValueError("a wrong unit")

    ended = await asyncio.gather(
        db.unit(note("one"), apart=True), db.unit(wrong, apart=True), db.unit(note("two")),
        return_exceptions=True,
    )  # fmt: skip
    assert [str(one) for one in ended] == ["True", "a wrong unit", "True"]
    assert await db.unit(note("wrong"), apart=True) is True
    assert await db.unit(note("one")) is False


async def test_a_unit_apart_runs_on_the_thread_that_commits(tmp_path: Path) -> None:
    db = await open_database(f"sqlite:///{tmp_path / 'adda.db'}", Seal("test secret"))

    async def where(_tx: Tx) -> str:
        return threading.current_thread().name

    assert await db.unit(where) == "MainThread"
    assert (await db.unit(where, apart=True)).startswith("adda-commit")
    await db.close()


@pytest.mark.parametrize("apart", [False, True])
async def test_a_commit_that_fails_is_told_to_everyone_in_it(tmp_path: Path, apart: bool) -> None:
    db = await open_database(f"sqlite:///{tmp_path / 'adda.db'}", Seal("test secret"))

    async def dangling(tx: Tx) -> None:
        tx._conn.execute("pragma defer_foreign_keys=on")  # so that only the commit finds it
        tx._conn.execute("insert into brand_people (brand, member) values ('none', 'none')")

    told = await asyncio.gather(
        db.unit(note("one")), db.unit(dangling, apart=apart), return_exceptions=True
    )
    assert [type(one).__name__ for one in told] == ["IntegrityError"] * 2
    assert await db.unit(note("one"), apart=apart) is True
    await db.close()
