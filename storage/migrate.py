"""Numbered schema changes, applied in order, each in a transaction, after a backup."""

from __future__ import annotations

import asyncio
import sqlite3
from importlib import resources
from pathlib import Path

import asyncpg

from storage.sqlite import connect

_LOCK = 4_201_972  # PostgreSQL advisory lock: two processes starting together migrate once
_VERSION = "create table if not exists schema_version (version integer not null)"


class TooNew(Exception):
    """The database was written by a newer version of the program."""

    def __init__(self, found: int, known: int) -> None:
        super().__init__(
            f"The database is from a newer version (schema {found} > {known}). "
            "Update the program; nothing was changed."
        )


def migrations() -> list[tuple[int, str]]:
    """(number, SQL) of every change this program knows, in order."""
    folder = resources.files("storage.migrations")
    files = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(int(name[:4]), (folder / name).read_text("utf-8")) for name in files]


async def migrate(url: str) -> None:
    """Bring the database at `url` to this program's schema. Raises TooNew, changing nothing."""
    if url.startswith(("postgresql://", "postgres://")):
        await _migrate_postgres(url)
    else:
        from storage.database import sqlite_path

        await asyncio.to_thread(migrate_sqlite, sqlite_path(url))


def _pending(found: int, known: list[tuple[int, str]]) -> list[tuple[int, str]]:
    newest = known[-1][0]
    if found > newest:
        raise TooNew(found, newest)
    return [(number, sql) for number, sql in known if number > found]


def migrate_sqlite(path: Path, known: list[tuple[int, str]] | None = None) -> None:
    """Migrate a file; a copy of what was there stays beside it as `<name>.schema-<n>.bak`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    conn = connect(path)
    try:
        found = _sqlite_version(conn)
        pending = _pending(found, known or migrations())
        if pending and found:
            _copy(conn, path.with_name(f"{path.name}.schema-{found}.bak"))
        for number, sql in pending:
            _apply(conn, number, sql)
    finally:
        conn.close()


def _sqlite_version(conn: sqlite3.Connection) -> int:
    known = conn.execute("select 1 from sqlite_master where name = 'schema_version'").fetchone()
    if not known:
        return 0
    return int(conn.execute("select coalesce(max(version), 0) from schema_version").fetchone()[0])


def _copy(conn: sqlite3.Connection, target: Path) -> None:
    copy = sqlite3.connect(target)
    try:
        conn.backup(copy)
    finally:
        copy.close()


def _apply(conn: sqlite3.Connection, number: int, sql: str) -> None:
    conn.execute("begin immediate")
    try:
        for statement in statements(_VERSION + ";\n" + sql):
            conn.execute(statement)
        conn.execute("insert into schema_version (version) values (?)", (number,))
        conn.execute("commit")
    except BaseException:
        conn.execute("rollback")
        raise


def statements(sql: str) -> list[str]:
    """The single statements of a script (`executescript` would commit between them)."""
    found, current = [], ""
    for line in sql.splitlines(keepends=True):
        current += line
        if sqlite3.complete_statement(current):
            found.append(current)
            current = ""
    return found


async def _migrate_postgres(url: str) -> None:
    conn = await asyncpg.connect(url)
    try:
        await conn.execute("select pg_advisory_lock($1)", _LOCK)
        async with conn.transaction():
            await conn.execute(_VERSION)
            found = await conn.fetchval("select coalesce(max(version), 0) from schema_version")
            for number, sql in _pending(found, migrations()):
                await conn.execute(sql)
                await conn.execute("insert into schema_version (version) values ($1)", number)
    finally:
        await conn.close()
