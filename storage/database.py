"""Which database an address means, and opening it ready for use."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from storage.address import BadAddress, is_postgres, sqlite_path
from storage.migrate import migrate
from storage.seal import Seal
from storage.sqlite import SqliteDatabase
from storage.tx import Row, Tx

__all__ = ["BadAddress", "Database", "Glimpses", "database", "open_database"]

T = TypeVar("T")


class Database(Protocol):
    """Units of work and read-only views, whichever database is behind them."""

    dialect: str
    seal: Seal

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def unit(self, work: Callable[[Tx], Coroutine[Any, Any, T]], *, apart: bool = False) -> T:
        """Run `work(tx)` whole or not at all; returns once it is durable.

        `work` may be run again if the database asks for it, and awaits nothing but `tx`. Few
        statements with many rows are best run `apart`, while the event loop does something else:
        then `work` may touch nothing that anybody else does meanwhile.
        """

    def away(self, error: BaseException) -> bool:
        """True when the database could not be reached or written, False for a mistake in a
        question: the same work may succeed later, and must not be given up."""

    def read(self) -> AbstractAsyncContextManager[Tx]:
        """A read-only view of what is committed."""


class Glimpses(Tx):
    """Each question in a read-only view of its own: nothing is held while slow work goes on
    between them, and a later answer may know more than an earlier one."""

    __slots__ = ("_database",)

    def __init__(self, database: Database) -> None:
        self._database = database
        self.seal = database.seal

    async def one(self, query: str, **values: Any) -> Row | None:
        async with self._database.read() as tx:
            return await tx.one(query, **values)

    async def all(self, query: str, **values: Any) -> list[Row]:
        async with self._database.read() as tx:
            return await tx.all(query, **values)


def database(url: str, seal: Seal) -> Database:
    """The database at `url`, not opened yet. Raises BadAddress."""
    if is_postgres(url):
        from storage.postgres import PostgresDatabase  # whoever needs no server needs no driver

        return PostgresDatabase(url, seal)
    return SqliteDatabase(sqlite_path(url), seal)


async def open_database(url: str, seal: Seal) -> Database:
    """Migrate (with a backup before) and open. Raises BadAddress or migrate.TooNew."""
    await migrate(url)
    opened = database(url, seal)
    await opened.open()
    return opened
