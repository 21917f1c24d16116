"""Callers that wait for their batch; and the bound on how many may."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from handlers.links import waiting
from handlers.links.clicks import Clicks, Opening
from handlers.links.lookup import Lookup
from handlers.links.waiting import Queue
from tests.shop import URL, classes, kept, new_link, phone
from tests.stage import Stage
from tests.test_clicks import Moody


class Disk:
    """Stores batches; `go` lets the first one through."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.problems: list[Exception] = []
        self.go = asyncio.Event()
        self.asked = asyncio.Event()

    async def store(self, items: Sequence[int]) -> None:
        self.batches.append(list(items))
        self.asked.set()
        await self.go.wait()
        if 13 in items:
            raise ValueError("thirteen")

    def queue(self, patience: float = 30.0, most: int = 100) -> Queue[int]:
        return Queue(self.store, self.problems.append, patience, most)


async def test_what_comes_while_a_batch_is_stored_is_the_next_batch() -> None:
    disk = Disk()
    queue = disk.queue()
    first = asyncio.create_task(queue.put(0))
    await disk.asked.wait()
    others = [asyncio.create_task(queue.put(n)) for n in (1, 2, 3)]
    await asyncio.sleep(0)
    assert not first.done()
    disk.go.set()
    assert await asyncio.gather(first, *others) == [True] * 4
    assert disk.batches == [[0], [1, 2, 3]]


async def test_a_batch_is_never_larger_than_the_first_callers_should_wait_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "BATCH", 2)
    disk = Disk()
    disk.go.set()
    queue = disk.queue()
    assert await asyncio.gather(*(queue.put(n) for n in range(5))) == [True] * 5
    assert disk.batches == [[0, 1], [2, 3], [4]]


async def test_beyond_the_bound_nobody_waits() -> None:
    disk = Disk()
    queue = disk.queue(most=2)
    first = asyncio.create_task(queue.put(0))
    await disk.asked.wait()
    waits = [asyncio.create_task(queue.put(n)) for n in (1, 2)]
    await asyncio.sleep(0)
    assert await queue.put(3) is False
    disk.go.set()
    assert await asyncio.gather(first, *waits) == [True] * 3
    assert disk.batches == [[0], [1, 2]]
    assert await queue.put(4) is True


async def test_everyone_who_waits_hears_of_a_failure_once() -> None:
    disk = Disk()
    queue = disk.queue()
    first = asyncio.create_task(queue.put(13))
    await disk.asked.wait()
    behind = asyncio.create_task(queue.put(1))
    await asyncio.sleep(0)
    disk.go.set()
    assert list(await asyncio.gather(first, behind)) == [False, False]
    assert [str(problem) for problem in disk.problems] == ["thirteen"]
    assert await queue.put(2) is True


async def test_patience_ends_though_the_batch_may_be_stored_later() -> None:
    disk = Disk()
    queue = disk.queue(patience=0.02)
    assert await queue.put(1) is False
    assert isinstance(disk.problems[0], TimeoutError)
    disk.go.set()
    assert await queue.put(2) is True


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


def opening(number: int) -> Opening:
    return Opening("GET", phone(number), {}, "198.51.100.7")


async def test_clicks_beyond_the_bound_go_to_the_file_and_are_recovered(
    bot: Stage, tmp_path: Path
) -> None:
    slug = await new_link(bot)
    moody = Moody(bot.adda.database)
    clicks = Clicks(moody, bot.adda.world, tmp_path / "spill", 30.0, most=3)
    await clicks.catch_up()
    link = await clicks.find(slug)
    assert link is not None
    moody.mood = "held"
    moody.asked.clear()
    first = asyncio.create_task(clicks.record(link, opening(0)))
    await moody.asked.wait()
    waits = [asyncio.create_task(clicks.record(link, opening(n))) for n in (1, 2, 3)]
    await asyncio.sleep(0)
    async with asyncio.timeout(10):  # while the database holds everybody else up
        await asyncio.gather(*(clicks.record(link, opening(n)) for n in range(4, 9)))
    assert not any(task.done() for task in (first, *waits))
    moody.go.set()
    await asyncio.gather(first, *waits)
    assert len(await classes(bot)) == 4
    await clicks.catch_up()
    rows = await kept(bot, "select class, recovered from clicks order by id")
    assert [row["recovered"] for row in rows] == [0] * 4 + [1] * 5
    assert {row["class"] for row in rows} == {"human"}
    total = await kept(bot, "select sum(clicks) as clicks from click_totals")
    assert int(total[0]["clicks"]) == 9


async def test_however_many_guess_the_database_has_one_question_at_a_time(bot: Stage) -> None:
    slug = await new_link(bot)
    asked = 0

    class Counted(Moody):
        def read(self):  # type: ignore[no-untyped-def]
            nonlocal asked
            asked += 1
            return super().read()

    lookup = Lookup(Counted(bot.adda.database), 30.0)
    found = await asyncio.gather(
        *(lookup.find(f"guess-{n}") for n in range(300)), lookup.find(slug)
    )
    assert found[:-1] == [None] * 300
    assert found[-1] is not None
    assert asked <= 2
    assert await lookup.find("later") is None
    again = await lookup.find(slug)
    assert again is found[-1]
    assert asked <= 3


async def test_a_click_the_database_refuses_keeps_no_other_from_being_stored(
    bot: Stage, tmp_path: Path
) -> None:
    slug = await new_link(bot)
    moody = Moody(bot.adda.database)
    spill = tmp_path / "spill"
    clicks = Clicks(moody, bot.adda.world, spill)
    await clicks.catch_up()
    link = await clicks.find(slug)
    assert link is not None
    moody.mood = "cut"
    for number in range(5):
        await clicks.record(link, opening(number))
    moody.mood = "well"
    lines = spill.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if line)
    lines[at] = lines[at].replace('"browser":"chrome"', '"browser":null')
    spill.write_text("\n".join(lines) + "\n")
    await clicks.catch_up()
    assert len(await classes(bot)) == 4
    assert spill.with_name("spill.refused").read_text().strip().count("\n") == 0
    assert not spill.exists()
