"""Backups: one file for both databases, written from a single moment, restored whole or not at all.

A zip with `manifest.json` (format, program, schema, dialect, and per table its columns and number
of rows) and a file of JSON lines per table: each line the values of a row in the columns' order.
Sealed columns stay sealed; the key is not in it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from storage.schema import Changes, TooNew, apply, migrations, newest, removal, tables, version_in
from storage.whole import Whole, whole

FORMAT = 1
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError)
_MISSHAPEN = (ValueError, TypeError, OverflowError)  # rows that are not rows


class NotEmpty(Exception):
    """The database to restore into holds rows already."""


class Damaged(Exception):
    """The file is not a backup, or no longer whole."""

    def __init__(self, file: Path, why: object) -> None:
        first = str(why).partition("\n")[0]  # PostgreSQL goes on with the values of the row
        super().__init__(
            f"{file} is not a whole backup ({first}). Take another one; nothing was changed."
        )


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; `tables` in an order in which a row comes after those it refers to."""

    program: str
    schema: int
    dialect: str
    tables: dict[str, Table]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


# Writing ------------------------------------------------------------------------------------------


async def backup(url: str, target: Path, changes: Changes | None = None) -> Manifest:
    """Write all there is at this moment to `target` (mode 600), which is there whole or not."""
    changes = migrations() if changes is None else changes
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        async with whole(url, readonly=True) as db:
            manifest = await _write(db, part, changes)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


async def _write(db: Whole, file: Path, changes: Changes) -> Manifest:
    schema, found = await version_in(db), {}
    if schema > newest(changes):
        raise TooNew(schema, newest(changes))
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for name, columns in tables(changes, schema).items():
                with archive.open(f"{name}.jsonl", "w", force_zip64=True) as lines:
                    count = 0
                    async for row in db.rows(name, columns):
                        lines.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                        count += 1
                found[name] = Table(columns, count)
            manifest = Manifest(_program(), schema, db.dialect, found)
            archive.writestr("manifest.json", json.dumps({"format": FORMAT} | asdict(manifest)))
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _program() -> str:
    try:
        return metadata.version("addabot")
    except metadata.PackageNotFoundError:  # run from its folder without being installed
        return "unknown"


# Reading ------------------------------------------------------------------------------------------


@contextmanager
def _opened(file: Path, changes: Changes) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The archive, every byte of which has been checked. Raises Damaged or TooNew."""
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as error:
        raise Damaged(file, error) from error
    with archive:
        try:
            if (broken := archive.testzip()) is not None:
                raise ValueError(f"{broken} was changed")
            manifest = _manifest(archive, changes)
        except (*_UNREADABLE, OSError) as error:  # an offset before the file's beginning
            raise Damaged(file, error) from error
        yield archive, manifest


def _manifest(archive: zipfile.ZipFile, changes: Changes) -> Manifest:
    given = json.loads(archive.read("manifest.json"))
    if given["format"] > FORMAT or given["schema"] > newest(changes):
        raise TooNew(given["schema"], newest(changes), "backup")
    listed = {n: Table(tuple(t["columns"]), t["rows"]) for n, t in given["tables"].items()}
    expected = tables(changes, given["schema"])
    if {name: table.columns for name, table in listed.items()} != expected:
        raise ValueError("its tables are not those of its schema")
    if missing := {f"{name}.jsonl" for name in listed} - set(archive.namelist()):
        raise ValueError(f"{min(missing)} is missing")
    ordered = {name: listed[name] for name in expected}
    return Manifest(given["program"], given["schema"], given["dialect"], ordered)


def _lines(archive: zipfile.ZipFile, name: str, table: Table) -> Iterator[list[Any]]:
    """The rows. Raises ValueError for a line that is not one."""
    with archive.open(f"{name}.jsonl") as lines:
        for line in lines:
            row = json.loads(line)
            if not isinstance(row, list) or len(row) != len(table.columns):
                raise ValueError("a row has too few values, or too many")
            yield row


def sealed_sample(file: Path, changes: Changes | None = None) -> str | None:
    """Some sealed value of a backup, to try a key on; None if it has none. Raises Damaged."""
    with _opened(file, migrations() if changes is None else changes) as (archive, manifest):
        for name, table in manifest.tables.items():
            sealed = [i for i, column in enumerate(table.columns) if column.endswith("_sealed")]
            for row in _lines(archive, name, table) if sealed else ():
                if (value := next((row[i] for i in sealed if row[i]), None)) is not None:
                    return str(value)
    return None


async def restore(
    url: str, file: Path, *, before: Path | None = None, changes: Changes | None = None
) -> Manifest:
    """Put a backup, of this schema or an older one, in the place of all there is, or do nothing.

    Raises NotEmpty when there are rows already, unless `before` names where a backup of them
    goes first; Damaged for a file that is not whole, TooNew for one of a newer version.
    """
    changes = migrations() if changes is None else changes
    with _opened(file, changes) as (archive, manifest):
        async with whole(url) as db:
            refused: tuple[type[Exception], ...] = (*_MISSHAPEN, *db.refused)
            await _clear(url, db, before, changes)
            await apply(db, [change for change in changes if change[0] <= manifest.schema])
            for name, table in manifest.tables.items():
                try:
                    await db.fill(name, table.columns, _lines(archive, name, table))
                except refused as error:
                    raise Damaged(file, f"{name}: {error}") from error
                await _counted(db, file, name, table.rows)
            await apply(db, [change for change in changes if change[0] > manifest.schema])
            try:
                await db.check()
            except sqlite3.IntegrityError as error:
                raise Damaged(file, error) from error
    return manifest


async def _counted(db: Whole, file: Path, table: str, rows: int) -> None:
    found = await db.value(f"select count(*) from {table}")  # noqa: S608
    if found != rows:
        raise Damaged(file, f"{table} has {found} rows and should have {rows}")


async def _clear(url: str, db: Whole, before: Path | None, changes: Changes) -> None:
    """Remove our tables, which must be empty unless they go into a backup first."""
    schema = await version_in(db)
    if schema > newest(changes):
        raise TooNew(schema, newest(changes))
    if not schema:
        return
    ours = tables(changes, schema)
    if any([await db.value(f"select exists (select 1 from {name})") for name in ours]):  # noqa: S608
        if before is None:
            raise NotEmpty(
                "The database holds data already; nothing was changed. "
                "With --force it is replaced, after a backup of it."
            )
        await backup(url, before, changes)
    await db.script(removal(changes, schema))
