"""Giveaways on disk: entries of many people at once, and the draw over all of them."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from benchmarks.program import STORM, open_giveaway
from benchmarks.rounds import Figures, percentile
from benchmarks.storage import NOW, letter
from bot.actions import unpack
from bot.app import Adda, assemble
from bot.model import Event, Identity, Place, Pressed
from bot.wire import text_in
from bot.world import Clock
from handlers.giveaways.actions import Enter
from handlers.giveaways.persons import commitment
from handlers.giveaways.record import following
from storage import giveaway_log, outbox, people
from storage import giveaway_turns as turns
from storage import giveaways as store
from storage.database import open_database
from storage.giveaway_turns import Entrant
from storage.seal import Seal
from storage.tx import Tx
from tests.giveaway_stage import HOUR, claimed, fire, id_of, opened
from tests.stage import START, Stage

Work = Callable[[str, int], Coroutine[Any, Any, Figures]]  # an empty database, so many entries
IN_FLIGHT = 200
STEPS = 50  # rounds of timers in which a draw must be over
WINNERS = 3
COMMUNITY = "c"


async def driven(count: int, one: Callable[[int], Awaitable[object]]) -> Figures:
    """`count` entries by people of whom 200 wait at any time, each for its own."""
    numbers, waits = iter(range(count)), list[float]()

    async def caller() -> None:
        for number in numbers:
            began = time.perf_counter()
            await one(number)
            waits.append(time.perf_counter() - began)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(IN_FLIGHT)))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {
        "entries/s": count / seconds, "p99 ms": percentile(waits, 99) * 1e3,
        "CPU µs": cpu / count * 1e6,
    }  # fmt: skip


async def units(url: str, count: int) -> Figures:
    """What one entry leaves in the database, without the program."""
    database = await open_database(url, Seal("benchmark"))

    async def unit(tx: Tx) -> None:
        await people.add_community(tx, COMMUNITY, "Mitu", "bn", "Asia/Dhaka", NOW)
        await open_giveaway(tx, COMMUNITY, STORM, [], NOW)
        for number in range(count):
            await tx.run("member_add", id=f"m{number}", community=COMMUNITY, role=0, now=NOW)

    try:
        await database.unit(unit)
        return await driven(count, lambda number: database.unit(partial(join, number)))
    finally:
        await database.close()


async def join(number: int, tx: Tx) -> None:
    """The event, the entry, its line in the public log, and the answer."""
    answer = letter(number)
    who = Entrant(f"m{number}", "telegram", answer.chat, True)
    assert await outbox.first_time(tx, f"telegram:{number}", NOW)
    turn = await turns.take_number(tx, COMMUNITY, STORM, who, NOW)
    assert turn is not None
    assert turn.log is not None
    assert await turns.add_entry(tx, STORM, who, turn, NOW)
    made = commitment(turn.log.key, STORM, turn.accounts)
    event = {"kind": "enter", "C": made, "n": turn.number}
    await giveaway_log.put(tx, STORM, following(turn.log.number, turn.log.head, event))
    await outbox.add(tx, answer, NOW + 60_000)


# The program -----------------------------------------------------------------------------------


@asynccontextmanager
async def program(url: str) -> AsyncIterator[tuple[Adda, Clock, str]]:
    """All of it but platforms and the postman, and an open giveaway; nothing happens by itself."""
    clock = Clock(START)
    async with Stage.open(url, clock) as stage:
        giveaway = id_of((await opened(stage, winners=WINNERS))["telegram"])
        settings, world = stage.adda.settings, stage.adda.world
    database = await open_database(url, Seal("test secret"))
    try:
        yield assemble(settings, world, database, {}), clock, giveaway
    finally:
        await database.close()


def press(adda: Adda, giveaway: str, number: int) -> Event:
    """Somebody never seen before presses the button in the group."""
    who = Identity("telegram", str(10**9 + number), f"Fan {number}")
    place = Place("telegram", "fans", None, private=False)
    now = adda.world.now()
    return Event(f"telegram:{10**9 + number}", now, place, who, Pressed(Enter(giveaway)), "ticket")


async def whole(url: str, count: int) -> Figures:
    """The presses of `count` people through the core, then the close and the draw."""
    async with program(url) as (adda, clock, giveaway):
        figures = await driven(count, lambda i: adda.core.handle(press(adda, giveaway, i)))
        clock.advance(24 * HOUR)
        spent = await drawn(adda, clock)
        (found,) = await adda.database.unit(lambda tx: store.drawn(tx, "c1", 1))
        assert (found.id, found.entrants) == (giveaway, count), found
        return figures | {"draw s": spent}


async def drawn(adda: Adda, clock: Clock) -> float:
    """Seconds of the steps from the close to the stored winners, which are timers in order."""
    spent: defaultdict[str, float] = defaultdict(float)
    for _ in range(STEPS):
        for timer in await claimed(adda):
            kind = type(unpack(text_in(timer.body)))
            began = time.perf_counter()
            await fire(adda, [timer], kind)
            spent[kind.__name__] += time.perf_counter() - began
            if await adda.database.unit(lambda tx: store.drawn(tx, "c1", 1)):
                return sum(spent.values())
        clock.advance(1)
    raise AssertionError(f"not drawn after {dict(spent)}")
