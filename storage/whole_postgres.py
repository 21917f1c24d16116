"""PostgreSQL taken as a whole: see `storage.whole`."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import asyncpg

from storage.whole import CHUNK, Values, Whole

_LOCK = 4_201_972  # advisory lock: of two processes one changes the schema


class _Postgres:
    dialect = "postgres"
    refused: tuple[type[Exception], ...] = (
        asyncpg.IntegrityConstraintViolationError, asyncpg.DataError,
    )  # fmt: skip

    def __init__(self, conn: asyncpg.Connection[Any]) -> None:
        self._conn = conn

    async def script(self, statements: Iterable[str]) -> None:
        for statement in statements:
            await self._conn.execute(statement)

    async def has(self, table: str) -> bool:
        return bool(await self._conn.fetchval("select to_regclass($1) is not null", table))

    async def value(self, sql: str) -> Any:
        return await self._conn.fetchval(sql)

    async def rows(self, table: str, columns: Sequence[str]) -> AsyncIterator[Values]:
        sql = f"select {', '.join(columns)} from {table}"  # noqa: S608
        async for row in self._conn.cursor(sql, prefetch=CHUNK):
            yield tuple(row)

    async def fill(self, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
        await self._conn.copy_records_to_table(table, columns=list(columns), records=rows)

    async def check(self) -> None:
        """PostgreSQL has checked each row as it came."""


@contextlib.asynccontextmanager
async def opened(url: str, readonly: bool) -> AsyncIterator[Whole]:
    """One transaction, kept when the block ends well."""
    conn = await asyncpg.connect(url)
    try:
        if readonly:  # without this each question would see its own moment
            held = conn.transaction(isolation="repeatable_read", readonly=True)
        else:
            held = conn.transaction()
        async with held:
            if not readonly:
                await conn.execute("select pg_advisory_xact_lock($1)", _LOCK)
            yield _Postgres(conn)
    finally:
        await conn.close()
