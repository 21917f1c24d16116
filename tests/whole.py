"""Databases with something in every column of every table, and all there is in one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from storage.schema import Changes, migrations, newest, statements, tables, version_in
from storage.whole import whole

ROWS = 3


async def fill(url: str, changes: Changes | None = None) -> None:
    """Put `ROWS` rows into every table; where nothing may stand, nothing stands in one of them."""
    changes = changes or migrations()
    with closing(sqlite3.connect(":memory:")) as model:
        for _, sql in changes:
            for statement in statements(sql):
                model.execute(statement)
        async with whole(url) as db:
            for table, columns in tables(changes, newest(changes)).items():
                await db.fill(table, columns, list(_rows(model, table)))


def _rows(model: sqlite3.Connection, table: str) -> Iterator[list[Any]]:
    keys = model.execute(f"pragma foreign_key_list({table})")
    parents = {row[3]: f"{row[2]}.{row[4]}" for row in keys}
    columns = model.execute(f"pragma table_info({table})").fetchall()
    for n in range(ROWS):
        row: list[Any] = []
        for _, name, kind, required, _, key in columns:
            if n == 1 and not required and not key:
                row.append(None)
            elif kind.lower() == "text":
                # Whoever refers to this row can tell what stands in it.
                row.append(f"{parents.get(name, f'{table}.{name}')} {n} আড্ডা\n'\"")
            else:
                row.append(n if kind.lower() == "integer" else 1_795_000_000_000 + n)
        yield row


async def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, and under "schema" its version."""
    changes = migrations()
    async with whole(url, readonly=True) as db:
        found = {"schema": [(await version_in(db),)]}
        for table, columns in tables(changes, newest(changes)).items():
            rows = [tuple(row) async for row in db.rows(table, columns)]
            found[table] = sorted(rows, key=repr)
    return found
