"""The steps of a draw happen once, in order, and by time alone."""

from __future__ import annotations

import pytest

from bot.model import Action
from handlers.giveaways.actions import Count, Draw, Fade, Freeze, Tell
from storage import giveaways as store
from tests.giveaway_stage import (
    HOUR,
    again,
    entered,
    forged,
    id_of,
    opened,
    row,
    said,
    told,
    winners,
)
from tests.stage import Stage


async def test_running_the_timers_again_changes_nothing_and_says_nothing(bot: Stage) -> None:
    posts = await opened(bot, winners=2)
    await entered(bot, posts, 5)
    await bot.advance(24 * HOUR)
    id = id_of(posts["telegram"])
    before, won = dict(await row(bot, id)), await winners(bot, id)
    told_before = bot.playground.tick
    for action in (Freeze(id), Draw(id), Count(id), Freeze(id), Draw(id)):
        await again(bot, action)
    assert dict(await row(bot, id)) == before
    assert await winners(bot, id) == won
    assert bot.seen(after=told_before) == []


async def test_timers_of_a_cancelled_giveaway_do_nothing(bot: Stage) -> None:
    posts = await opened(bot)
    id = id_of(posts["telegram"])
    await bot.say("creator", "/giveaway cancel কারণ")
    before = dict(await row(bot, id))
    for action in (Freeze(id), Draw(id), Count(id)):
        await again(bot, action)
    assert dict(await row(bot, id)) == before


@pytest.mark.parametrize("kind", [Freeze, Draw, Count, Fade])
async def test_what_only_time_may_do_is_refused_from_a_button(
    bot: Stage, kind: type[Action]
) -> None:
    posts = await opened(bot)
    await entered(bot, posts, 2)
    id = id_of(posts["telegram"])
    before = dict(await row(bot, id))
    for who in ("fan1", "creator"):
        forgery = forged(kind(id))  # type: ignore[call-arg]
        assert "পুরোনো" in await told(bot, who, posts["telegram"], forgery)
        assert "পুরোনো" in await told(bot, who, posts["telegram"], forged(Tell(id, 0)))
    assert dict(await row(bot, id)) == before


async def test_a_draw_before_the_freeze_or_a_freeze_before_the_close_does_nothing(
    bot: Stage,
) -> None:
    posts = await opened(bot)
    await entered(bot, posts, 2)
    id = id_of(posts["telegram"])
    for action in (Draw(id), Freeze(id)):
        await again(bot, action)
    kept = await row(bot, id)
    assert (kept["frozen_at"], kept["drawn_at"]) == (None, None)
    await bot.advance(24 * HOUR)
    assert len(said(bot, "যাঁরা জিতেছেন")) == 2


async def test_a_list_made_before_somebody_left_is_not_frozen(bot: Stage) -> None:
    posts = await opened(bot)
    await entered(bot, posts, 3)
    id = id_of(posts["telegram"])
    old = await row(bot, id)
    await bot.press("fan1", posts["discord"], "নাম তুলে")
    bot.clock.advance(24 * HOUR)
    frozen = await bot.unit(
        lambda tx: store.freeze(tx, "c1", id, old["changes"], "r", "h", 3, 3, 1_900_000_000_000)
    )
    assert frozen is None
    await bot.playground.settle()
    assert (await row(bot, id))["entrants"] == 2
