"""PostgreSQL: the same units of work over a pool, for when one process is not enough."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from storage.queries.load import Queries, load
from storage.seal import Seal
from storage.sqlite import Work
from storage.tx import Tx

_AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
)
TRIES = 5  # a unit that met another one's lock in the opposite order is run again


class _Connection(asyncpg.Connection):
    """Nothing of a session is ever changed, so there is nothing to reset: half the round trips."""

    __slots__ = ()

    def get_reset_query(self) -> str:
        return ""


class PostgresDatabase:
    """A pool of connections; each unit is a transaction of its own."""

    dialect = "postgres"

    def __init__(self, url: str, seal: Seal, size: int = 16) -> None:
        self.url = url
        self.seal = seal
        self._size = size
        self._queries: Queries = load("asyncpg", "postgres")
        self._pool: asyncpg.Pool[Any] | None = None

    async def open(self) -> None:
        """Connect. The schema must be migrated."""
        self._pool = await asyncpg.create_pool(
            self.url, min_size=1, max_size=self._size, connection_class=_Connection
        )

    async def close(self) -> None:
        """Wait for units under way, then disconnect."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def unit(self, work: Work, *, apart: bool = False) -> Any:  # noqa: ARG002
        """Run `work(tx)` whole or not at all; returns once it is committed. It is always `apart`:
        statements are another process's work."""
        for left in reversed(range(TRIES)):
            try:
                async with self._acquire() as conn, conn.transaction():
                    return await work(Tx(conn, self._queries, self.seal))
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError):
                if not left:
                    raise
        raise AssertionError("unreachable")

    def away(self, error: BaseException) -> bool:
        return isinstance(error, _AWAY)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A read-only view of what is committed."""
        async with self._acquire() as conn, conn.transaction(readonly=True):
            yield Tx(conn, self._queries, self.seal)

    def _acquire(self) -> Any:
        if self._pool is None:
            raise RuntimeError("the database is not open")
        return self._pool.acquire()
