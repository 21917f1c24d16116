"""SQLite: one writer thread that runs whole units of work and commits a batch of them at once."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import aiosqlite

from storage.queries.load import Queries, load
from storage.seal import Seal
from storage.tx import Tx

BATCH = 512  # units in one commit; more would keep the first callers waiting
READERS = 2

Work = Callable[[Tx], Coroutine[Any, Any, Any]]
_Job = tuple[Work, "asyncio.Future[Any]"]
_Done = list[tuple["asyncio.Future[Any]", Any, BaseException | None]]


class AwaitedOutside(RuntimeError):
    """A unit of work awaited something other than its own transaction."""

    def __init__(self) -> None:
        super().__init__(
            "A unit of work may await nothing but its transaction. Declare slow work with think=."
        )


def run_to_end(unit: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that never suspends, without an event loop."""
    try:
        unit.send(None)
    except StopIteration as end:
        return end.value
    unit.close()
    raise AwaitedOutside


class UnitAdapter:
    """aiosql over the writer's own connection: `await` works and never suspends.

    Cursors die here, on the thread that made them: on Python 3.11 one freed on another thread
    breaks the connection.
    """

    is_aio_driver = True

    def process_sql(self, _name: str, _kind: Any, sql: str) -> str:
        return sql

    async def select(
        self, conn: sqlite3.Connection, _name: str, sql: str, values: Any, _class: Any = None
    ) -> AsyncIterator[sqlite3.Row]:
        for row in conn.execute(sql, values).fetchall():
            yield row

    async def select_one(
        self, conn: sqlite3.Connection, _name: str, sql: str, values: Any, _class: Any = None
    ) -> Any:
        return conn.execute(sql, values).fetchone()

    async def insert_update_delete(
        self, conn: sqlite3.Connection, _name: str, sql: str, values: Any
    ) -> int:
        return conn.execute(sql, values).rowcount

    async def insert_update_delete_many(
        self, conn: sqlite3.Connection, _name: str, sql: str, values: Any
    ) -> None:
        conn.executemany(sql, values)


class SqliteDatabase:
    """One file. Units run one after another in the writer thread; readers see the last commit."""

    dialect = "sqlite"

    def __init__(self, path: Path, seal: Seal) -> None:
        self.path = path
        self._seal = seal
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._writes: Queries = load(UnitAdapter, "sqlite")
        self._reads: Queries = load("aiosqlite", "sqlite")
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._all_readers: list[aiosqlite.Connection] = []
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def open(self) -> None:
        """Start the writer. The file must exist and be migrated."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._write, name="adda-writer", daemon=True)
        self._thread.start()
        for _ in range(READERS):
            conn = await aiosqlite.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)
            conn.row_factory = sqlite3.Row
            self._all_readers.append(conn)
            self._readers.put_nowait(conn)

    async def close(self) -> None:
        """Finish what was handed in, then close the file."""
        if self._thread is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None
        for conn in self._all_readers:
            await conn.close()
        self._all_readers.clear()

    async def unit(self, work: Work) -> Any:
        """Run `work(tx)` whole or not at all; returns once the commit that holds it is on disk."""
        if self._loop is None or self._thread is None:
            raise RuntimeError("the database is not open")
        future: asyncio.Future[Any] = self._loop.create_future()
        self._jobs.put((work, future))
        return await future

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A read-only view of what is committed."""
        conn = await self._readers.get()
        try:
            yield Tx(conn, self._reads, self._seal)
        finally:
            self._readers.put_nowait(conn)

    # In the writer thread ---------------------------------------------------------------------

    def _write(self) -> None:
        conn = connect(self.path)
        tx = Tx(conn, self._writes, self._seal)
        while (job := self._jobs.get()) is not None:
            batch, more = [job], True
            with contextlib.suppress(queue.Empty):
                while len(batch) < BATCH:
                    following = self._jobs.get_nowait()
                    if following is None:
                        more = False
                        break
                    batch.append(following)
            self._commit(conn, tx, batch)
            if not more:
                break
        conn.close()

    def _commit(self, conn: sqlite3.Connection, tx: Tx, batch: list[_Job]) -> None:
        done: _Done = []
        try:
            conn.execute("begin immediate")
            done = [(future, *self._run(conn, tx, work)) for work, future in batch]
            conn.execute("commit")
        except BaseException as error:
            if conn.in_transaction:
                conn.execute("rollback")
            done = [(future, None, error) for _, future in batch]
        assert self._loop is not None  # noqa: S101
        with contextlib.suppress(RuntimeError):  # the loop is gone: nobody waits any more
            self._loop.call_soon_threadsafe(release, done)

    @staticmethod
    def _run(conn: sqlite3.Connection, tx: Tx, work: Work) -> tuple[Any, BaseException | None]:
        conn.execute("savepoint unit")
        try:
            value, error = run_to_end(work(tx)), None
        except BaseException as raised:
            conn.execute("rollback to unit")
            value, error = None, raised
        conn.execute("release unit")
        return value, error


def connect(path: Path) -> sqlite3.Connection:
    """A writing connection with the settings that durability rests on."""
    conn = sqlite3.connect(path, isolation_level=None, cached_statements=512, timeout=10)
    conn.row_factory = sqlite3.Row
    for pragma in ("journal_mode=wal", "synchronous=full", "foreign_keys=on", "busy_timeout=10000"):
        conn.execute(f"pragma {pragma}").fetchall()
    return conn


def release(done: _Done) -> None:
    """Hand each caller its result, on the event loop's thread."""
    for future, value, error in done:
        if future.done():  # the caller was cancelled; its unit stands
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
