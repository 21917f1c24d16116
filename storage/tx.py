"""One open unit of work, or a read-only view: what storage functions ask their questions of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from storage.queries.load import Queries
from storage.seal import Seal

Row = Mapping[str, Any]


class Tx:
    """Questions go by the name they have in `storage/queries/*.sql`."""

    __slots__ = ("_conn", "_queries", "seal")

    def __init__(self, conn: Any, queries: Queries, seal: Seal) -> None:
        self._conn = conn
        self._queries = queries
        self.seal = seal

    async def one(self, query: str, **values: Any) -> Row | None:
        """The first row, or None (`^` queries)."""
        return cast("Row | None", await self._queries[query](self._conn, **values))

    async def all(self, query: str, **values: Any) -> list[Row]:
        """Every row (queries without an operator)."""
        return [row async for row in self._queries[query](self._conn, **values)]

    async def run(self, query: str, **values: Any) -> int:
        """Change something (`!` queries); how many rows that was.

        Cheaper than `returning`, for which SQLite builds a table: half the cost of an insert.
        """
        done = await self._queries[query](self._conn, **values)
        # asyncpg tells it in words: "INSERT 0 1"
        return done if isinstance(done, int) else int(done.rpartition(" ")[2])

    async def many(self, query: str, values: Iterable[Mapping[str, Any]]) -> None:
        """The same change for each set of values (`*!` queries)."""
        listed = list(values)
        if listed:
            await self._queries[query](self._conn, listed)
