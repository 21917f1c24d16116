"""A giveaway whose process dies: whatever the instant, one draw, told once in every place."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.actions import unpack
from bot.model import Action
from bot.wire import text_in
from bot.world import Clock
from handlers.giveaways.actions import Count, Draw, Freeze, Tell
from storage import giveaway_log as log
from storage import giveaway_pool as pool
from tests.giveaway_stage import (
    HOUR,
    alive,
    claimed,
    dying,
    entered,
    fire,
    id_of,
    opened,
    put_timer,
    row,
    said,
    winners,
)  # fmt: skip
from tests.stage import START, Stage


async def drawn_once(bot: Stage, giveaway: str, entrants: int) -> list[int]:
    """Checks what must hold after any crash; the winning numbers."""
    kept = await row(bot, giveaway)
    assert kept["drawn_at"] is not None
    assert kept["entrants"] == kept["last_number"] == entrants
    assert sorted(m.platform for m in said(bot, "তালিকা বন্ধ হলো")) == ["discord", "telegram"]
    assert sorted(m.platform for m in said(bot, "যাঁরা জিতেছেন")) == ["discord", "telegram"]
    won = await winners(bot, giveaway)
    assert len(said(bot, "অভিনন্দন", place="dm")) == len(won)
    return [winner["number"] for winner in won]


async def with_entrants(url: str, clock: Clock, count: int, prizes: int = 2) -> tuple[Stage, str]:
    """A giveaway with so many in it, and a process that is gone."""
    async with Stage.open(url, clock) as bot:
        posts = await opened(bot, winners=prizes)
        await entered(bot, posts, count)
        return bot, id_of(posts["telegram"])


async def test_a_giveaway_that_fell_due_while_the_bot_was_down_is_drawn_at_start(
    database_url: str,
) -> None:
    dead, id = await with_entrants(database_url, Clock(START), 5)
    dead.clock.advance(30 * HOUR)
    async with alive(dead, database_url) as bot:
        assert len(await drawn_once(bot, id, 5)) == 2
        assert len(said(bot, "দেরিতে বন্ধ হয়েছে")) == 2


@pytest.mark.parametrize("steps", [[Freeze], [Freeze, Draw], [Count, Freeze]])
async def test_after_a_crash_at_any_step_the_rest_happens_once(
    database_url: str, steps: list[type[Action]]
) -> None:
    dead, id = await with_entrants(database_url, Clock(START), 6)
    dead.clock.advance(24 * HOUR)
    async with dying(dead, database_url) as process:
        timers = []
        for step in steps:
            timers += await claimed(process)
            assert await fire(process, timers, step) == 1
    async with alive(dead, database_url) as bot:
        assert len(await drawn_once(bot, id, 6)) == 2


async def test_a_crash_with_the_timer_in_hand_only_delays(database_url: str) -> None:
    dead, id = await with_entrants(database_url, Clock(START), 4)
    dead.clock.advance(24 * HOUR)
    async with dying(dead, database_url) as process:
        assert len(await claimed(process)) >= 1
    async with alive(dead, database_url) as bot:
        await drawn_once(bot, id, 4)


async def test_a_timer_handled_twice_by_two_processes_acts_once(database_url: str) -> None:
    dead, id = await with_entrants(database_url, Clock(START), 4)
    dead.clock.advance(24 * HOUR)
    async with dying(dead, database_url) as process:
        timers = await claimed(process)
        assert await fire(process, timers, Freeze) == await fire(process, timers, Freeze) == 1
        timers = await claimed(process)
        assert await fire(process, timers, Draw) == await fire(process, timers, Draw) == 1
    async with alive(dead, database_url) as bot:
        await drawn_once(bot, id, 4)


@pytest.mark.parametrize("kind", [Freeze, Draw])
async def test_two_timers_at_the_same_instant_act_once(
    database_url: str, kind: type[Freeze] | type[Draw]
) -> None:
    dead, id = await with_entrants(database_url, Clock(START), 4)
    dead.clock.advance(24 * HOUR)
    async with dying(dead, database_url) as process:
        if kind is Draw:
            await fire(process, await claimed(process), Freeze)
        await put_timer(process, kind(id))
        timers = await claimed(process)
        assert len(timers) >= 2
        await asyncio.gather(*(fire(process, [one], kind) for one in timers))
        dead.clock.advance(60)
        later = [unpack(text_in(one.body)) for one in await claimed(process)]
        followed = Tell(id, 0) if kind is Draw else Draw(id)
        assert later.count(followed) == 1
    async with alive(dead, database_url) as bot:
        await drawn_once(bot, id, 4)


async def test_a_draw_stays_as_it_is_however_often_the_bot_starts(database_url: str) -> None:
    dead, id = await with_entrants(database_url, Clock(START), 9, prizes=3)
    dead.clock.advance(24 * HOUR)
    async with dying(dead, database_url) as process:
        await fire(process, await claimed(process), Freeze)
        frozen = await process.database.unit(lambda tx: pool.frozen_list(tx, id))
    async with alive(dead, database_url) as bot:
        first = await drawn_once(bot, id, 9)
        assert sorted(await bot.unit(lambda tx: pool.frozen_list(tx, id))) == sorted(frozen)
    async with alive(dead, database_url) as bot:
        assert await drawn_once(bot, id, 9) == first


async def test_who_is_forgotten_between_freeze_and_draw_is_passed_over_in_public(
    database_url: str,
) -> None:
    dead, id = await with_entrants(database_url, Clock(START), 1)
    dead.clock.advance(24 * HOUR)
    async with dying(dead, database_url) as process:
        await fire(process, await claimed(process), Freeze)
        fan = {"platform": "discord", "user_id": "fan1", "community": "c1"}
        member = await process.database.unit(lambda tx: tx.one("member_find", **fan))
        assert member is not None
        await process.database.unit(lambda tx: pool.forget(tx, member["id"]))
    async with alive(dead, database_url) as bot:
        told = said(bot, "তাই কেউ জেতেননি")[0].text
        assert "বাদ পড়েছেন ১ জন" in told
        assert "১ জন: চলে গেছেন, বা নিজের তথ্য মুছে ফেলেছেন" in told
        assert said(bot, "অভিনন্দন", place="dm") == []
        events = [json.loads(x.event) for x in await bot.unit(lambda tx: log.lines(tx, id))]
        skips = [event["rule"] for event in events if event["kind"] == "skip"]
        assert skips == ["left"]


async def test_entries_made_before_a_crash_count_and_more_may_follow(database_url: str) -> None:
    dead, id = await with_entrants(database_url, Clock(START), 3)
    async with alive(dead, database_url) as bot:
        post = bot.seen(place="fans", platform="telegram")[0]
        seen = await bot.press("Rima", post, "যোগ দিন")
        assert any("এন্ট্রি নম্বর ৪" in m.text for m in seen)
        await bot.advance(15)
        assert "যোগ দিয়েছেন ৪ জন" in post.text
        await bot.advance(24 * HOUR)
        await drawn_once(bot, id, 4)
