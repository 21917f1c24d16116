"""SQLite: one writer that runs whole units of work and commits a batch of them at once."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiosqlite

from storage.queries.load import Queries, load
from storage.seal import Seal
from storage.tx import Tx

BATCH = 512  # units in one commit; more would keep the first callers waiting
READERS = 2
ROWS_AT_ONCE = 1000  # fetched from the readers' threads; a large list takes half the time of 64
TURN = 0.002  # seconds units may run before whatever else waits on the loop has its turn
BUSY_MS = 10_000

Work = Callable[[Tx], Coroutine[Any, Any, Any]]
_Job = tuple[Work, "asyncio.Future[Any]", bool]
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
    """aiosql over the writer's own cursor: `await` works and never suspends."""

    is_aio_driver = True

    def process_sql(self, _name: str, _kind: Any, sql: str) -> str:
        return sql

    async def select(
        self, conn: sqlite3.Cursor, _name: str, sql: str, values: Any, _class: Any = None
    ) -> AsyncIterator[sqlite3.Row]:
        for row in conn.execute(sql, values).fetchall():
            yield row

    async def select_one(
        self, conn: sqlite3.Cursor, _name: str, sql: str, values: Any, _class: Any = None
    ) -> Any:
        return conn.execute(sql, values).fetchone()

    async def insert_update_delete(
        self, conn: sqlite3.Cursor, _name: str, sql: str, values: Any
    ) -> int:
        return conn.execute(sql, values).rowcount

    async def insert_update_delete_many(
        self, conn: sqlite3.Cursor, _name: str, sql: str, values: Any
    ) -> None:
        conn.executemany(sql, values)


class SqliteDatabase:
    """One file. Units run one after another, a batch in one transaction; readers see commits.

    Units run on the event loop's own thread, which also keeps handlers on one thread; only the
    commit, which waits for the disk and holds no interpreter lock, happens on another. With the
    units on a thread of their own the two threads took the lock from each other at every statement.
    """

    dialect = "sqlite"

    def __init__(self, path: Path, seal: Seal) -> None:
        self.path = path
        self.seal = seal
        self._jobs: deque[_Job] = deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._writes: Queries = load(UnitAdapter, "sqlite")
        self._reads: Queries = load("aiosqlite", "sqlite")
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._all_readers: list[aiosqlite.Connection] = []
        self._committer = ThreadPoolExecutor(1, thread_name_prefix="adda-commit")
        self._writer: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start the writer. The file must exist and be migrated."""
        self._writer = asyncio.create_task(self._write(connect(self.path)))
        for _ in range(READERS):
            uri = f"{self.path.absolute().as_uri()}?mode=ro"
            # Without a level of isolation no refused write can leave a transaction open, in which
            # the reader would see the same old moment for ever.
            conn = await aiosqlite.connect(
                uri, uri=True, isolation_level=None, iter_chunk_size=ROWS_AT_ONCE
            )
            conn.row_factory = sqlite3.Row
            self._all_readers.append(conn)
            self._readers.put_nowait(conn)

    async def close(self) -> None:
        """Finish what was handed in, then close the file.

        The writer goes last: only then is the log put into the file, which is whole by itself.
        """
        self._closing = True
        for conn in self._all_readers:
            await conn.close()
        self._all_readers.clear()
        if self._writer is not None:
            self._wake.set()
            await self._writer
            self._writer = None
        self._committer.shutdown()

    async def unit(self, work: Work, *, apart: bool = False) -> Any:
        """Run `work(tx)` whole or not at all; returns once the commit that holds it is on disk.

        `apart` it runs in its turn as well, but on the thread that commits.
        """
        if self._writer is None or self._closing:
            raise RuntimeError("the database is not open")
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._jobs.append((work, future, apart))
        self._wake.set()
        return await future

    def away(self, error: BaseException) -> bool:
        if isinstance(error, sqlite3.OperationalError):
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_BUSY)
            return bool(code & 0xFF != sqlite3.SQLITE_ERROR)
        return isinstance(error, OSError)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A read-only view of what is committed."""
        conn = await self._readers.get()
        try:
            yield Tx(conn, self._reads, self.seal)
        finally:
            self._readers.put_nowait(conn)

    # The writer -------------------------------------------------------------------------------

    async def _write(self, conn: sqlite3.Connection) -> None:
        cursor = conn.cursor()  # one for all: a new one for each statement costs a tenth more
        tx = Tx(cursor, self._writes, self.seal)
        while self._jobs or not self._closing:
            await self._wake.wait()
            self._wake.clear()
            while self._jobs:
                batch = [self._jobs.popleft() for _ in range(min(len(self._jobs), BATCH))]
                release(await self._commit(cursor, tx, batch))
        conn.close()

    async def _commit(self, cursor: sqlite3.Cursor, tx: Tx, batch: list[_Job]) -> _Done:
        try:
            await self._begin(cursor)
            done = await self._units(cursor, tx, batch)
            if cursor.connection.in_transaction:
                await self._elsewhere(_execute, cursor, "commit")
        except Exception as error:
            if cursor.connection.in_transaction:
                cursor.execute("rollback")
            return [(future, None, error) for _, future, _ in batch]
        return done

    async def _units(self, cursor: sqlite3.Cursor, tx: Tx, batch: list[_Job]) -> _Done:
        done: _Done = []
        since = time.perf_counter()
        for work, future, apart in batch:
            if apart:  # the last one commits: one way to the other thread rather than two
                last = len(done) == len(batch) - 1
                ended = await self._elsewhere(self._run, cursor, tx, work, last)
            else:
                ended = self._run(cursor, tx, work)
            done.append((future, *ended))
            if time.perf_counter() - since > TURN:
                await asyncio.sleep(0)
                since = time.perf_counter()
        return done

    async def _begin(self, cursor: sqlite3.Cursor) -> None:
        """Another program may hold the file for a moment; then the loop must not wait for it."""
        try:
            cursor.execute("pragma busy_timeout=0")
            cursor.execute("begin immediate")
        except sqlite3.OperationalError:
            cursor.execute(f"pragma busy_timeout={BUSY_MS}")
            await self._elsewhere(_execute, cursor, "begin immediate")

    async def _elsewhere(self, function: Callable[..., Any], *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._committer, function, *arguments)

    @staticmethod
    def _run(
        cursor: sqlite3.Cursor, tx: Tx, work: Work, commit: bool = False
    ) -> tuple[Any, BaseException | None]:
        cursor.execute("savepoint unit")
        try:
            value, error = run_to_end(work(tx)), None
        except BaseException as raised:  # it belongs to the caller of this unit
            cursor.execute("rollback to unit")
            value, error = None, raised
        cursor.execute("release unit")
        if commit:
            cursor.execute("commit")
        return value, error


def _execute(cursor: sqlite3.Cursor, statement: str) -> None:
    cursor.execute(statement)


def connect(path: Path) -> sqlite3.Connection:
    """A writing connection with the settings that durability rests on."""
    conn = sqlite3.connect(
        path, BUSY_MS / 1000, isolation_level=None, cached_statements=512, check_same_thread=False
    )
    conn.row_factory = sqlite3.Row
    for pragma in (
        "journal_mode=wal",
        "synchronous=full",
        "foreign_keys=on",
        "wal_autocheckpoint=8000",  # pages: what many commits change is moved into the file once
        "temp_store=memory",  # savepoints keep old pages: a third of a unit's cost when in a file
        f"busy_timeout={BUSY_MS}",
    ):
        conn.execute(f"pragma {pragma}").fetchall()
    return conn


def release(done: _Done) -> None:
    """Hand each caller its result."""
    for future, value, error in done:
        if future.done():  # the caller was cancelled; its unit stands
            continue
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
