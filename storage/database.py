"""Which database an address means, and opening it ready for use."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from storage.migrate import migrate
from storage.postgres import PostgresDatabase
from storage.seal import Seal
from storage.sqlite import SqliteDatabase
from storage.tx import Tx

T = TypeVar("T")


class Database(Protocol):
    """Units of work and read-only views, whichever database is behind them."""

    dialect: str

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def unit(self, work: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """Run `work(tx)` whole or not at all; returns once it is durable.

        `work` may be run again if the database asks for it, and awaits nothing but `tx`.
        """

    def read(self) -> AbstractAsyncContextManager[Tx]:
        """A read-only view of what is committed."""


class BadAddress(ValueError):
    """DATABASE_URL is not an address of a database Adda knows."""


def sqlite_path(url: str) -> Path:
    """`sqlite:///relative.db` or `sqlite:////absolute.db` as a path."""
    path = url.removeprefix("sqlite:///")
    if path == url or not path or "?" in path:
        raise BadAddress(
            f"DATABASE_URL {url!r} is not understood. "
            "Use sqlite:///adda.db, sqlite:////absolute/adda.db or postgresql://user@host/name."
        )
    return Path(path)


def database(url: str, seal: Seal) -> Database:
    """The database at `url`, not opened yet. Raises BadAddress."""
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresDatabase(url, seal)
    return SqliteDatabase(sqlite_path(url), seal)


async def open_database(url: str, seal: Seal) -> Database:
    """Migrate (with a backup before) and open. Raises BadAddress or migrate.TooNew."""
    await migrate(url)
    opened = database(url, seal)
    await opened.open()
    return opened
