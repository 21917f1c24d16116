"""The schema: its numbered changes, the tables they make, and which of them a database has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from importlib import resources

from storage.address import is_postgres, sqlite_path
from storage.whole import Whole, whole

Changes = Sequence[tuple[int, str]]


class TooNew(Exception):
    """What was found was written by a newer version of the program."""

    def __init__(self, found: int, known: int, what: str = "database") -> None:
        super().__init__(
            f"The {what} is from a newer version (schema {found} > {known}). "
            "Update the program; nothing was changed."
        )


def migrations() -> Changes:
    """(number, SQL) of every change this program knows, in order."""
    folder = resources.files("storage.migrations")
    files = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(int(name[:4]), (folder / name).read_text("utf-8")) for name in files]


def newest(changes: Changes) -> int:
    return changes[-1][0]


def statements(sql: str) -> list[str]:
    """The single statements of a script (`executescript` would commit between them)."""
    found, current = [], ""
    for line in sql.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            found.append(current)
            current = ""
    return [*found, current] if current.strip() else found


def tables(changes: Changes, version: int) -> dict[str, tuple[str, ...]]:
    """The columns of each table at that version; a table comes after those it refers to."""
    with _model(changes, version) as conn:
        parents = {name: _parents(conn, name) for name in sorted(_names(conn, "table"))}
        return {name: _columns(conn, name) for name in TopologicalSorter(parents).static_order()}


def removal(changes: Changes, version: int) -> list[str]:
    """The statements that take everything of that version away."""
    with _model(changes, version) as conn:
        views = [f"drop view {name}" for name in reversed(_names(conn, "view"))]
    ours = [*reversed(tables(changes, version)), "schema_version"]
    return [*views, *(f"drop table {name}" for name in ours)]


@contextmanager
def _model(changes: Changes, version: int) -> Iterator[sqlite3.Connection]:
    """An empty database of that version, in memory."""
    conn = sqlite3.connect(":memory:")
    try:
        for number, sql in changes:
            for statement in statements(sql) if number <= version else ():
                conn.execute(statement)
        yield conn
    finally:
        conn.close()


def _names(conn: sqlite3.Connection, kind: str) -> list[str]:
    rows = conn.execute("select name from sqlite_master where type = ? order by rowid", (kind,))
    return [row[0] for row in rows]


def _parents(conn: sqlite3.Connection, table: str) -> set[str]:
    rows = conn.execute('select "table" from pragma_foreign_key_list(?)', (table,))
    return {row[0] for row in rows} - {table}


def _columns(conn: sqlite3.Connection, table: str) -> tuple[str, ...]:
    rows = conn.execute("select name from pragma_table_info(?) order by cid", (table,))
    return tuple(row[0] for row in rows)


async def version_in(db: Whole) -> int:
    """The newest change that was applied; 0 for a database without ours."""
    if not await db.has("schema_version"):
        return 0
    return int(await db.value("select coalesce(max(version), 0) from schema_version"))


async def schema_version(url: str) -> int:
    """The schema of the database at `url`, which is only looked at; 0 if it is not there."""
    if not is_postgres(url) and not sqlite_path(url).exists():
        return 0
    async with whole(url, readonly=True) as db:
        return await version_in(db)


async def apply(db: Whole, changes: Changes) -> None:
    """Apply these changes, in order, in the transaction that is open."""
    if changes:
        await db.script(["create table if not exists schema_version (version integer not null)"])
    for number, sql in changes:
        await db.script(statements(_spoken(sql, db.dialect)))
        await db.fill("schema_version", ("version",), [(number,)])


def _spoken(sql: str, dialect: str) -> str:
    """SQLite keeps a table and its primary key twice unless told not to; PostgreSQL always does."""
    return sql.replace("/*without rowid*/", "without rowid") if dialect == "sqlite" else sql
