"""The sponsor's link as a ticket: opened by the fan's own link in time, or the free way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.playground import Message
from handlers.giveaways.plan import Plan
from tests.giveaway_fans import TABLE, accounts
from tests.giveaway_stage import drafted, row
from tests.shop import TELEGRAM_BOT, URL, Web, classes, kept, new_link, phone, urls
from tests.stage import Stage

HOUR = 3600


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def sponsored(bot: Stage) -> Message:
    """The post of a giveaway whose sponsor's link gives a ticket."""
    await new_link(bot)
    (link,) = await kept(bot, "select id, campaign from links")
    preview = await drafted(bot)
    packed = Plan(tickets=TABLE, link=link["id"]).packed()
    labels = "disclosure_bn = 'বিজ্ঞাপন · আড়ং', disclosure_en = 'Ad · Aarong'"
    await kept(
        bot,
        f"update giveaways set plan = '{packed}', campaign = '{link['campaign']}', {labels}"
        " where published_at is null",
    )
    before = bot.playground.tick
    await bot.press("creator", preview, "প্রকাশ করুন")
    return next(m for m in bot.seen(place="fans", after=before) if m.platform == "telegram")


async def mine(bot: Stage) -> Message:
    return (await bot.say("Rima", "/giveaway me"))[-1]


async def test_opening_ones_own_link_gives_a_ticket_and_counts_as_incentivised(
    bot: Stage, web: Web
) -> None:
    post = await sponsored(bot)
    await bot.press("Rima", post, "যোগ দিন")
    shown = await mine(bot)
    assert shown.text.startswith("বিজ্ঞাপন")  # the label comes first
    assert "আপনার টিকিট ১টি" in shown.text
    (address,) = urls(shown)
    path = address.removeprefix(URL)
    await web.get(path, TELEGRAM_BOT)  # a preview is nobody's opening
    assert "আপনার টিকিট ১টি" in (await mine(bot)).text
    await web.get(path, phone(1))
    after = await mine(bot)
    assert "আপনার টিকিট ২টি" in after.text
    assert urls(after) == []  # nothing more to be had
    assert "incentivised" in await classes(bot)
    assert [one.click for one in await accounts(bot, post)] == [True]


async def test_the_free_way_stands_beside_the_link_and_gives_the_same(bot: Stage) -> None:
    post = await sponsored(bot)
    await bot.press("Rima", post, "যোগ দিন")
    assert "আপনার টিকিট ২টি" in (await bot.press("Rima", await mine(bot), "লিংক ছাড়াই"))[-1].text
    assert await kept(bot, "select * from clicks") == []


@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_opening_outside_its_time_gives_none(bot: Stage, when: str) -> None:
    post = await sponsored(bot)
    await bot.press("Rima", post, "যোগ দিন")
    await mine(bot)  # the link is given
    found: Any = await row(bot, (await kept(bot, "select id from giveaways"))[0]["id"])
    at = found["published_at"] - 1 if when == "before" else found["closes_at"]
    await kept(bot, f"update link_tokens set opened_at = {at}, opened_by = 'x'")
    assert [one.click for one in await accounts(bot, post)] == [False]


async def test_a_ticket_earned_long_ago_outlives_the_links_own_forgetting(bot: Stage) -> None:
    post = await sponsored(bot)
    await bot.press("Rima", post, "যোগ দিন")
    await mine(bot)
    await kept(bot, "update link_tokens set opened_at = issued_at, opened_by = 'x'")
    far = round(bot.clock.now().timestamp() * 1000) + 10**12
    await bot.unit(lambda tx: tx.run("tokens_forget_old", community="c1", before=far))
    assert [one.click for one in await accounts(bot, post)] == [True]
    await kept(bot, "update giveaways set cancelled_at = 1")
    await bot.unit(lambda tx: tx.run("tokens_forget_old", community="c1", before=far))
    assert await kept(bot, "select * from link_tokens") == []
