"""A database taken as a whole, in one transaction: for changes of its schema, and for backups."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

import aiosqlite

from storage.address import is_postgres, sqlite_path
from storage.sqlite import connect

CHUNK = 1000  # rows fetched at once

Values = Sequence[Any]


class Whole(Protocol):
    """One transaction. Names of tables and columns are ours, never a person's. `refused` is what
    the driver raises for rows that are no rows of their table."""

    dialect: str
    refused: tuple[type[Exception], ...]

    async def script(self, statements: Iterable[str]) -> None: ...
    async def has(self, table: str) -> bool: ...
    async def value(self, sql: str) -> Any:
        """The first column of the first row."""

    def rows(self, table: str, columns: Sequence[str]) -> AsyncIterator[Values]:
        """Every row, a few at a time in memory."""

    async def fill(self, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None: ...
    async def check(self) -> None:
        """Every reference between tables holds, else an IntegrityError of the driver."""


class _Sqlite:
    dialect = "sqlite"
    refused: tuple[type[Exception], ...] = (sqlite3.IntegrityError, sqlite3.ProgrammingError)

    def __init__(self, conn: aiosqlite.Connection) -> None:
        self._conn = conn

    async def script(self, statements: Iterable[str]) -> None:
        for statement in statements:
            await self._conn.execute(statement)

    async def has(self, table: str) -> bool:
        return bool(await self.value(f"select count(*) from sqlite_master where name = '{table}'"))  # noqa: S608

    async def value(self, sql: str) -> Any:
        async with self._conn.execute(sql) as cursor:
            row = await cursor.fetchone()
        return row[0] if row else None

    async def rows(self, table: str, columns: Sequence[str]) -> AsyncIterator[Values]:
        async with self._conn.execute(f"select {', '.join(columns)} from {table}") as cursor:  # noqa: S608
            async for row in cursor:
                yield tuple(row)

    async def fill(self, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
        marks = ", ".join("?" * len(columns))
        await self._conn.executemany(
            f"insert into {table} ({', '.join(columns)}) values ({marks})",  # noqa: S608
            rows,
        )

    async def check(self) -> None:
        if broken := await self.value('select "table" from pragma_foreign_key_check limit 1'):
            raise sqlite3.IntegrityError(f"a row of {broken} refers to one that is not there")


@contextlib.asynccontextmanager
async def whole(url: str, *, readonly: bool = False) -> AsyncIterator[Whole]:
    """The database at `url` in one transaction: kept when the block ends well, else undone.

    A read-only one sees a single moment. A writing one makes a SQLite file that is not there,
    shuts out other writers of the schema, and does not act on foreign keys: see `check`.
    """
    async with _opened(url, readonly) as db:
        yield db


def _opened(url: str, readonly: bool) -> AbstractAsyncContextManager[Whole]:
    if is_postgres(url):
        from storage.whole_postgres import opened  # whoever needs no server needs no driver

        return opened(url, readonly)
    return _sqlite(sqlite_path(url), readonly)


@contextlib.asynccontextmanager
async def _sqlite(path: Path, readonly: bool) -> AsyncIterator[Whole]:
    def opened() -> sqlite3.Connection:
        if readonly:
            uri = f"{path.absolute().as_uri()}?mode=ro"
            return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10)
        path.parent.mkdir(parents=True, exist_ok=True)
        conn = connect(path)
        conn.execute("pragma foreign_keys=off").close()  # a table may be rebuilt, or come later
        return conn

    async with aiosqlite.Connection(opened, CHUNK) as conn:
        await conn.execute("begin" if readonly else "begin immediate")
        try:
            yield _Sqlite(conn)
            await conn.execute("commit")
        except BaseException:
            await conn.rollback()
            raise
