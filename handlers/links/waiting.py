"""Callers that wait for one thing: their batch on disk, or the news that it will not be soon."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
BATCH = 512  # items stored together; more would keep the first callers waiting


class Queue(Generic[T]):
    """While one batch is being stored the next one gathers, up to a bound.

    `store` raises when it cannot; a batch it has not stored within `patience` seconds counts as not
    stored, though it may be in the end. `failed` hears why. Of what waits at that time nothing is
    tried: whoever put it is told at once.
    """

    def __init__(
        self, store: Callable[[Sequence[T]], Awaitable[None]], failed: Callable[[Exception], None],
        patience: float, most: int,
    ) -> None:  # fmt: skip
        self._store = store
        self._failed = failed
        self._patience = patience
        self._most = most
        self._waiting: list[tuple[T, asyncio.Future[bool]]] = []
        self._work: asyncio.Task[None] | None = None

    async def put(self, item: T) -> bool:
        """True once it is stored, False when it is not or the queue is full."""
        if len(self._waiting) >= self._most:
            return False
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._work is None:
            self._work = asyncio.create_task(self._all())
        return await future

    async def _all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                problem = await self._tried([item for item, _ in batch])
                if problem is not None:
                    self._failed(problem)
                    batch, self._waiting = batch + self._waiting, []
                for _, future in batch:
                    if not future.done():  # its caller was cancelled
                        future.set_result(problem is None)
        finally:
            self._work = None

    async def _tried(self, items: Sequence[T]) -> Exception | None:
        # What does not answer goes on by itself: to break it off would wait for an answer as well.
        storing = asyncio.ensure_future(self._store(items))
        done, _ = await asyncio.wait([storing], timeout=self._patience)
        if not done:
            storing.add_done_callback(_ignore)
            return TimeoutError(f"no answer within {self._patience:g} s")
        problem = storing.exception()
        if problem is None or isinstance(problem, Exception):
            return problem
        raise problem


def _ignore(late: asyncio.Future[None]) -> None:
    """Nobody waits any more; what became of it will be seen when it is stored again."""
    if not late.cancelled():
        late.exception()
