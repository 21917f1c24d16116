"""Gathers small writes of many callers into one unit of work at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from storage.database import Database
from storage.tx import Tx

T = TypeVar("T")
log = logging.getLogger(__name__)


def _note(task: asyncio.Task[None]) -> None:
    """A batch nobody waited for must not fail in silence."""
    if not task.cancelled() and (problem := task.exception()) is not None:
        log.error("a batch was not written: %s", problem)


class Batcher(Generic[T]):
    """While one batch is being committed the next one gathers."""

    def __init__(
        self, database: Database, write: Callable[[Tx, Sequence[T]], Awaitable[None]]
    ) -> None:
        self._database = database
        self._write = write
        self._items: list[T] = []
        self._gathering: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None

    async def put(self, item: T) -> None:
        """Write soon; returns at once."""
        self._add(item)

    async def put_and_wait(self, item: T) -> None:
        """Write, and return when it is durable."""
        await asyncio.shield(self._add(item))

    def _add(self, item: T) -> asyncio.Task[None]:
        self._items.append(item)
        if self._gathering is None:
            self._gathering = asyncio.create_task(self._commit(self._writing))
            self._gathering.add_done_callback(_note)
        return self._gathering

    async def _commit(self, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        items, self._items = self._items, []
        self._writing, self._gathering = self._gathering, None

        async def unit(tx: Tx) -> None:
            await self._write(tx, items)

        await self._database.unit(unit)

    async def flush(self) -> None:
        """Returns when all that was put is durable."""
        while (task := self._gathering or self._writing) is not None and not task.done():
            await asyncio.shield(task)
