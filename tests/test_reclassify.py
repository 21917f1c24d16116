"""A newer ruleset moves kept clicks and every count of them, once, however often it is stopped."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from handlers.links.agents import agent_id, reduced
from handlers.links.classify import RULESET, Class, judge
from storage.clicks import ClickRow
from storage.database import Database, open_database
from storage.seal import Seal
from storage.tx import Tx
from tests.reclassified import (
    AGENTS,
    HOUR,
    NOW,
    add,
    again,
    click,
    counts,
    link_of,
    recounted,
    revisions,
)  # fmt: skip
from tests.shop import kept
from tests.stage import Stage
from tests.user_agents import CHROME


def many(link: str, campaign: str, count: int = 150) -> Iterator[ClickRow]:
    """Clicks of three days; an agent's class is one of those that rulesets may have thought."""
    chance = random.Random(4)
    for number in range(count):
        kind = chance.choice(["human", "human", "bot", "preview", "repeat", "head", "prefetch"])
        counted = kind == "human"
        referrer = chance.choice([None, "l.facebook.com", "t.me"])
        yield click(
            number, link, campaign, chance.choice(AGENTS), kind,
            at=NOW + number * HOUR // 2, platform=chance.choice(["web", "telegram"]),
            otherwise=chance.choice(["human", "human", "repeat", "rate", "incentivised"]),
            who=chance.choice(["p1", "p2", "p3", None]) if counted else None, referrer=referrer,
            visitor=f"v{chance.randrange(9)}",
        )  # fmt: skip


async def test_the_counts_are_those_of_the_rows_before_and_after(bot: Stage) -> None:
    await add(bot, list(many(*await link_of(bot))))
    before = {row["id"]: row for row in await kept(bot, "select * from clicks")}
    assert await counts(bot) == await recounted(bot)
    done = await again(bot, chunk=17)
    assert await counts(bot) == await recounted(bot)
    after = {row["id"]: row for row in await kept(bot, "select * from clicks")}
    moved = Counter[tuple[str, str]]()
    for id, row in after.items():
        was = before[id]["class"]
        judged = next(judge(agent) for agent in AGENTS if agent_id(reduced(agent)) == row["agent"])
        if was in ("head", "prefetch"):
            assert row == before[id]
            continue
        human = judged.kind is Class.HUMAN
        assert (row["class"], row["ruleset"]) == (
            row["otherwise"] if human else judged.kind, str(RULESET),
        )  # fmt: skip
        moved[was, row["class"]] += was != row["class"]
    assert len(moved) > 8
    assert await revisions(bot) == +moved
    assert {key[1:]: n for key, n in done.moves.items()} == +moved
    assert done.judged == sum(row["class"] not in ("head", "prefetch") for row in before.values())


async def test_a_second_run_finds_nothing(bot: Stage) -> None:
    await add(bot, list(many(*await link_of(bot))))
    await again(bot)
    once, moved = await counts(bot), await revisions(bot)
    done = await again(bot)
    assert (done.judged, done.moves) == (0, {})
    assert (await counts(bot), await revisions(bot)) == (once, moved)


async def test_a_dry_run_says_what_would_move_and_moves_nothing(bot: Stage) -> None:
    await add(bot, list(many(*await link_of(bot))))
    before = await counts(bot)
    dry = await again(bot, dry=True, chunk=17)
    assert await counts(bot) == before
    assert await revisions(bot) == {}
    assert await again(bot, chunk=23) == dry


class Killed(BaseException):
    """The process ends."""


class Mortal:
    """A real database that dies at its unit number `last`, before it is written or after."""

    def __init__(self, real: Database, last: int, *, written: bool) -> None:
        self.real, self.last, self.written = real, last, written
        self.dialect, self.seal = real.dialect, real.seal

    async def open(self) -> None:
        await self.real.open()

    async def close(self) -> None:
        await self.real.close()

    def away(self, error: BaseException) -> bool:
        return self.real.away(error)

    async def unit(self, work: Any, *, apart: bool = False) -> Any:
        async def dying(tx: Tx) -> Any:
            done = await work(tx)
            if not self.last and not self.written:
                raise Killed
            return done

        self.last -= 1
        done = await self.real.unit(dying, apart=apart)
        if not self.last:
            raise Killed
        return done

    def read(self) -> AbstractAsyncContextManager[Tx]:
        return self.real.read()


@pytest.mark.parametrize("written", [False, True])
async def test_whoever_is_killed_in_the_middle_goes_on(bot: Stage, written: bool) -> None:
    await add(bot, list(many(*await link_of(bot))))
    whole = await again(bot, dry=True)
    judged = 0
    for last in (1, 3, 2):
        with pytest.raises(Killed):
            await again(bot, Mortal(bot.adda.database, last, written=written), chunk=11)
        assert await counts(bot) == await recounted(bot)
        judged += 11 * (last if written else last - 1)
    done = await again(bot, chunk=11)
    assert done.judged == whole.judged - judged
    assert await counts(bot) == await recounted(bot)
    assert await revisions(bot) == {key[1:]: n for key, n in whole.moves.items()}


async def test_two_at_once_move_each_click_once_while_others_come(bot: Stage) -> None:
    link, campaign = await link_of(bot)
    await add(bot, list(many(link, campaign)))
    whole = await again(bot, dry=True)
    new = [click(900 + n, link, campaign, CHROME, "human", ruleset=str(RULESET)) for n in range(40)]
    other = await open_database(bot.adda.settings.database_url, Seal("test secret"))
    try:  # as another process does
        adding = asyncio.gather(*(add(bot, [one]) for one in new))
        first, second = await asyncio.gather(again(bot, chunk=7), again(bot, other, chunk=7))
        await adding
    finally:
        await other.close()
    assert first.moves + second.moves == whole.moves
    assert await counts(bot) == await recounted(bot)
    assert await revisions(bot) == {key[1:]: n for key, n in whole.moves.items()}
