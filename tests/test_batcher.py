"""Gathered writes: many callers, few commits, nothing lost in silence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from storage import outbox
from storage.batcher import Batcher
from storage.database import Database, open_database
from storage.seal import Seal
from storage.tx import Tx


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    opened = await open_database(database_url, Seal("test secret"))
    yield opened
    await opened.close()


class Notes:
    """Writes items as events seen, and counts the batches."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    async def write(self, tx: Tx, items: Sequence[str]) -> None:
        self.batches.append(len(items))
        if "wrong" in items:
            raise ValueError("a wrong item")
        for item in items:
            await outbox.first_time(tx, item, 0)


async def seen(db: Database, item: str) -> bool:
    return not await db.unit(lambda tx: outbox.first_time(tx, item, 0))


async def test_what_was_put_and_waited_for_is_durable(db: Database) -> None:
    notes = Notes()
    await Batcher(db, notes.write).put_and_wait("one")
    assert await seen(db, "one")


async def test_many_callers_share_few_commits(db: Database) -> None:
    notes = Notes()
    batcher = Batcher(db, notes.write)
    await asyncio.gather(*(batcher.put_and_wait(f"i{n}") for n in range(200)))
    assert sum(notes.batches) == 200
    assert len(notes.batches) <= 3
    assert all([await seen(db, f"i{n}") for n in range(200)])


async def test_items_put_while_a_batch_is_written_are_the_next_batch(db: Database) -> None:
    notes = Notes()
    batcher = Batcher(db, notes.write)
    await batcher.put("first")
    await asyncio.sleep(0)  # its unit has begun
    for n in range(50):
        await batcher.put(f"i{n}")
    await batcher.flush()
    assert notes.batches == [1, 50]
    assert all([await seen(db, f"i{n}") for n in range(50)])


async def test_a_cancelled_waiter_loses_nothing(db: Database) -> None:
    notes = Notes()
    batcher = Batcher(db, notes.write)
    waiting = asyncio.create_task(batcher.put_and_wait("one"))
    await asyncio.sleep(0)
    waiting.cancel()
    await batcher.flush()
    assert waiting.cancelled() or waiting.cancelling()
    assert await seen(db, "one")


async def test_a_batch_that_fails_tells_those_who_wait_and_the_next_goes_on(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    batcher = Batcher(db, Notes().write)
    with pytest.raises(ValueError, match="a wrong item"):
        await batcher.put_and_wait("wrong")
    await batcher.put_and_wait("right")
    assert await seen(db, "right")
    assert "a batch was not written: a wrong item" in caplog.text
