"""Changes of the schema: all or none, once, after a backup, and never backwards."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path

import asyncpg
import pytest

from storage.address import backup_folder, database_name
from storage.backup import restore
from storage.migrate import migrate
from storage.schema import (
    Changes,
    TooNew,
    apply,
    migrations,
    newest,
    schema_version,
    statements,
    tables,
)
from storage.whole import whole
from tests.whole import contents, fill

NOW = newest(migrations())
MOTTO = (NOW + 1, "alter table communities add column motto text;")
BADGES = (NOW + 2, "create table badges (id text primary key);\ninsert into badges values ('b');")
LATER: Changes = [*migrations(), MOTTO, BADGES]


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Backups of a server's database go to where the program runs."""
    monkeypatch.chdir(tmp_path)


def backup_of(url: str) -> Path:
    return backup_folder(url) / f"{database_name(url)}-schema-{NOW}.zip"


async def test_an_empty_database_gets_the_newest_schema_and_no_backup(database_url: str) -> None:
    assert await schema_version(database_url) == 0
    await migrate(database_url)
    assert await schema_version(database_url) == NOW
    assert not backup_folder(database_url).exists()


async def test_a_second_start_changes_nothing(database_url: str) -> None:
    await migrate(database_url)
    await fill(database_url)
    before = await contents(database_url)
    await migrate(database_url)
    assert await contents(database_url) == before
    assert not backup_folder(database_url).exists()


async def test_a_newer_schema_is_refused_and_nothing_is_changed(database_url: str) -> None:
    await migrate(database_url, LATER)
    async with whole(database_url) as db:
        await db.script(["insert into badges values ('kept')"])
    with pytest.raises(TooNew, match=rf"schema {NOW + 2} > {NOW}\). Update the program; nothing"):
        await migrate(database_url)
    assert await schema_version(database_url) == NOW + 2
    async with whole(database_url, readonly=True) as db:
        assert await db.value("select count(*) from badges") == 2


@pytest.mark.parametrize(
    "wrong",
    ["create table communities (id text);", "delete from communities;", "this is no SQL;"],
    ids=["a table twice", "rows others refer to", "no SQL"],
)
async def test_a_change_that_fails_leaves_the_old_schema_whole(
    database_url: str, wrong: str
) -> None:
    await migrate(database_url)
    await fill(database_url)
    before = await contents(database_url)
    with pytest.raises((sqlite3.Error, asyncpg.PostgresError)):
        await migrate(database_url, [*migrations(), MOTTO, (NOW + 2, wrong)])
    assert await contents(database_url) == before
    await migrate(database_url, LATER)  # the motto is not there yet, so it can be added


async def test_a_backup_is_made_before_a_change_and_brings_back_what_was(
    database_url: str, tmp_path: Path
) -> None:
    await migrate(database_url)
    await fill(database_url)
    before = await contents(database_url)
    await migrate(database_url, LATER)
    other = f"sqlite:///{tmp_path}/other.db"
    await restore(other, backup_of(database_url))
    assert await contents(other) == before


async def test_without_a_backup_nothing_is_changed(database_url: str) -> None:
    await migrate(database_url)
    backup_folder(database_url).write_text("a file where the folder should be")
    with pytest.raises(FileExistsError):
        await migrate(database_url, LATER)
    assert await schema_version(database_url) == NOW


async def test_processes_that_start_together_change_the_schema_once(database_url: str) -> None:
    code = "import asyncio, sys, storage.migrate as m; asyncio.run(m.migrate(sys.argv[1]))"
    starting = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, database_url,
            cwd=Path(__file__).parent.parent, stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    ends = [await process.communicate() for process in starting]
    assert [process.returncode for process in starting] == [0, 0, 0], ends
    async with whole(database_url, readonly=True) as db:
        assert await db.value("select count(*) from schema_version") == len(migrations())


async def test_tasks_that_start_together_change_the_schema_once(database_url: str) -> None:
    await migrate(database_url)
    await asyncio.gather(*(migrate(database_url, LATER) for _ in range(4)))
    async with whole(database_url, readonly=True) as db:
        assert await db.value("select count(*) from schema_version") == len(LATER)
        assert await db.value("select count(*) from badges") == 1


@pytest.mark.parametrize("since", range(1, NOW + 3))
async def test_every_older_schema_is_brought_to_the_newest_with_its_rows(
    database_url: str, since: int
) -> None:
    old = [change for change in LATER if change[0] <= since]
    async with whole(database_url) as db:
        await apply(db, old)
    await fill(database_url, old)
    await migrate(database_url, LATER)
    assert await schema_version(database_url) == NOW + 2
    async with whole(database_url, readonly=True) as db:
        for table, columns in tables(LATER, NOW + 2).items():
            rows = [row async for row in db.rows(table, columns)]
            if table in tables(old, since):
                assert len(rows) >= 3, table
        assert await db.value("select count(*) from badges") >= 1


def test_changes_are_numbered_without_gaps() -> None:
    assert [number for number, _ in migrations()] == list(range(1, NOW + 1))


def test_a_script_is_cut_at_its_semicolons_and_loses_nothing() -> None:
    script = "-- one; and two\nselect 1;\ncreate table a (\n  b text default ';'\n);\nselect 2"
    found = statements(script)
    assert len(found) == 3
    assert "".join(found) == script


def test_tables_come_after_those_they_refer_to() -> None:
    order = list(tables(migrations(), NOW))
    assert order.index("communities") < order.index("members") < order.index("identities")
