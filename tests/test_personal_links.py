"""Whose click it was: known for a while and to nobody outside, the way to the shop for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.shop import TELEGRAM_BOT, URL, Web, classes, clicks, kept, new_link, own_link, phone
from tests.stage import Stage


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def test_a_personal_link_tells_the_platform_and_a_pseudonym(bot: Stage, web: Web) -> None:
    await new_link(bot)
    await web.get(await own_link(bot, "Rima"))
    await web.get(await own_link(bot, "Lota", "discord"), phone(2))
    first, second = await clicks(bot)
    assert (first["platform"], second["platform"]) == ("telegram", "discord")
    assert len({first["who"], second["who"]}) == 2
    members = await kept(bot, "select id from members")
    assert not {first["who"], second["who"]} & {None, *(row["id"] for row in members)}


async def test_a_member_has_another_pseudonym_in_another_campaign(bot: Stage, web: Web) -> None:
    for brand in ("আড়ং", "Bata"):
        await new_link(bot, brand=brand)
        await web.get(await own_link(bot, "Rima"))
    assert len({row["who"] for row in await clicks(bot)}) == 2


async def test_a_forwarded_link_leads_on_without_the_first_ones_name(bot: Stage, web: Web) -> None:
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    for number in (1, 2, 1):
        assert (await web.get(mine, phone(number))).status == 302
        await bot.advance(11)
    first, other, again = await clicks(bot)
    assert first["who"] == again["who"] is not None
    assert (other["who"], other["class"]) == (None, "human")
    assert [row["forwarded"] for row in (first, other, again)] == [0, 1, 0]


async def test_after_a_quarter_of_an_hour_a_link_still_leads_on_but_names_nobody(
    bot: Stage, web: Web
) -> None:
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    await bot.advance(15 * 60 + 1)
    assert (await web.get(mine)).status == 302
    click = (await clicks(bot))[0]
    assert (click["who"], click["forwarded"], click["platform"]) == (None, 1, "telegram")


async def test_previews_and_heads_do_not_use_a_personal_link_up(bot: Stage, web: Web) -> None:
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    await web.get(mine, TELEGRAM_BOT)
    await web.head(mine)
    await web.get(mine)
    found = await clicks(bot)
    assert [row["who"] is None for row in found] == [True, True, False]
    assert {row["platform"] for row in found} == {"telegram"}


@pytest.mark.parametrize("header", ["DNT", "Sec_GPC"])
async def test_who_asks_not_to_be_tracked_is_counted_without_a_name(
    bot: Stage, web: Web, header: str
) -> None:
    await new_link(bot)
    await web.get(await own_link(bot, "Rima"), **{header: "1"})
    click = (await clicks(bot))[0]
    assert (click["who"], click["class"], click["platform"]) == (None, "human", "telegram")
    assert await kept(bot, "select opened_by from link_tokens") == [{"opened_by": None}]


async def test_the_teams_own_openings_are_theirs_but_not_those_of_whom_they_pass_it_to(
    bot: Stage, web: Web
) -> None:
    await new_link(bot)
    mine = await own_link(bot, "creator")
    await web.get(mine)
    await web.get(mine, phone(2))
    assert await classes(bot) == ["self", "human"]


async def test_a_token_of_another_link_names_nobody(bot: Stage, web: Web) -> None:
    await new_link(bot)
    token = (await own_link(bot, "Rima")).partition(".")[2]
    other = await new_link(bot, "YouTube")
    assert (await web.get(f"/{other}.{token}")).status == 302
    click = (await clicks(bot))[0]
    assert (click["who"], click["platform"]) == (None, "web")


async def test_forgetting_takes_the_name_off_clicks_and_leaves_the_link_working(
    bot: Stage, web: Web
) -> None:
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    await web.get(mine)
    assert "ছদ্মনামে রাখা ক্লিক ১টা" in (await bot.say("Rima", "/mydata"))[-1].text
    await bot.press("Rima", (await bot.say("Rima", "/forgetme"))[-1], "হ্যাঁ")
    await bot.advance(11)
    assert (await web.get(mine)).status == 302
    assert [(row["who"], row["class"]) for row in await clicks(bot)] == [(None, "human")] * 2


async def test_of_two_at_once_with_one_personal_link_one_is_the_member(
    bot: Stage, web: Web
) -> None:
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    await asyncio.gather(web.get(mine, phone(1)), web.get(mine, phone(2)))
    assert sorted(row["who"] is None for row in await clicks(bot)) == [False, True]
