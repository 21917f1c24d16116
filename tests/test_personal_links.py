"""Whose click it was: known for a while and to nobody outside, the way to the shop for ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.playground import Message
from handlers.links.intents import by_day
from handlers.links.personal import new_token
from storage.tokens import forget_old, rewarded_at, take_token
from tests.shop import (
    SHOP,
    TELEGRAM_BOT,
    URL,
    Web,
    classes,
    clicks,
    kept,
    new_link,
    own_link,
    phone,
    urls,
)  # fmt: skip
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


# Presses -------------------------------------------------------------------------------------


async def pressed(bot: Stage, who: str, platform: str = "telegram") -> Message:
    """What a press in a group brings."""
    listed = (await bot.command(who, "links", platform=platform, place="fans"))[-1]
    return (await bot.press(who, listed, "দোকানে"))[-1]


async def campaign_of(bot: Stage, slug: str) -> str:
    found = await kept(bot, f"select campaign from links where slug = '{slug}'")
    return str(found[0]["campaign"])


async def test_each_press_is_an_intent_of_its_day_and_platform(bot: Stage) -> None:
    slug = await new_link(bot)
    for who, platform in (("Rima", "telegram"), ("Lota", "telegram"), ("Lota", "discord")):
        await pressed(bot, who, platform)
    await bot.advance(12 * 3600)  # midnight in Dhaka, still the same day in UTC
    await pressed(bot, "Rima")
    campaign = await campaign_of(bot, slug)
    found = await bot.unit(lambda tx: by_day(tx, "c1", campaign, "2026-11-20"))
    assert [(one.placement, one.day, one.platform, one.intents) for one in found] == [
        ("TikTok", "2026-11-20", "discord", 1),
        ("TikTok", "2026-11-20", "telegram", 2),
        ("TikTok", "2026-11-21", "telegram", 1),
    ]
    later = await bot.unit(lambda tx: by_day(tx, "c1", campaign, "2026-11-21"))
    assert [one.intents for one in later] == [1]


async def test_presses_are_read_for_one_campaign_of_one_community(bot: Stage) -> None:
    mine = await campaign_of(bot, await new_link(bot))
    await pressed(bot, "Rima")
    other = await campaign_of(bot, await new_link(bot, brand="Bata"))
    for community, campaign in (("c1", other), ("c2", mine)):
        found = await bot.unit(lambda tx, c=community, g=campaign: by_day(tx, c, g, "2026-01-01"))
        assert found == []


async def test_a_direct_link_is_a_press_everywhere_and_never_a_redirect_of_ours(
    bot: Stage,
) -> None:
    await new_link(bot)
    await kept(bot, "update links set direct = 1")
    listed = (await bot.say("Rima", "/links"))[-1]
    assert urls(listed) == []
    given = (await bot.press("Rima", listed, "দোকানে"))[-1]
    assert urls(given) == [SHOP]
    assert await kept(bot, "select intents from link_intents") == [{"intents": 1}]
    assert await kept(bot, "select * from link_tokens") == []


# Links for a giveaway's ticket ----------------------------------------------------------------


async def ticket(bot: Stage, who: str) -> str:
    """The path of the link this member was given for a ticket."""
    (row,) = await kept(
        bot, f"select l.id, i.member from links l, identities i where i.user_id = '{who}'"
    )
    world, now = bot.adda.world, round(bot.clock.now().timestamp() * 1000)
    token = await bot.unit(
        lambda tx: new_token(tx, world, row["id"], row["member"], "telegram", now, incentive=True)
    )
    return f"/{(await kept(bot, 'select slug from links'))[0]['slug']}.{token}"


async def rewarded(bot: Stage, who: str) -> bool:
    (row,) = await kept(
        bot, f"select l.id, i.member from links l, identities i where i.user_id = '{who}'"
    )
    at: int | None = await bot.unit(lambda tx: rewarded_at(tx, row["member"], row["id"]))
    return at is not None


async def test_nothing_but_the_members_own_opening_earns_a_ticket(bot: Stage, web: Web) -> None:
    await new_link(bot)
    ordinary = await own_link(bot, "Rima")
    await web.get(ordinary)
    mine = await ticket(bot, "Rima")
    await web.get(mine, TELEGRAM_BOT)
    await web.head(mine)
    await web.get(mine, Sec_Purpose="prefetch")
    await web.get(mine, "")
    await web.get(mine, "curl/8.5.0")
    assert not await rewarded(bot, "Rima")
    await web.get(mine, phone(1))
    assert await rewarded(bot, "Rima")


async def test_a_late_opening_earns_no_ticket(bot: Stage, web: Web) -> None:
    await new_link(bot)
    await own_link(bot, "Rima")
    mine = await ticket(bot, "Rima")
    await bot.advance(15 * 60 + 1)
    await web.get(mine)
    await web.get(mine, phone(2))
    assert not await rewarded(bot, "Rima")


async def test_a_link_for_a_ticket_is_told_from_an_ordinary_one(bot: Stage) -> None:
    slug = await new_link(bot)
    ordinary = (await own_link(bot, "Rima")).partition(".")[2]
    special = (await ticket(bot, "Rima")).partition(".")[2]
    assert await own_link(bot, "Rima") == f"/{slug}.{ordinary}"
    link = (await kept(bot, "select id from links"))[0]["id"]
    now = round(bot.clock.now().timestamp() * 1000)
    for token, incentive in ((ordinary, False), (special, True)):
        holder = await bot.unit(lambda tx, t=token: take_token(tx, t, link, "phone", now))
        assert (holder.incentive, holder.opened_by) == (incentive, "phone")


async def test_old_tokens_go_and_their_links_still_lead_on(bot: Stage, web: Web) -> None:
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    now = round(bot.clock.now().timestamp() * 1000)
    await bot.unit(lambda tx: forget_old(tx, "c1", now))
    assert len(await kept(bot, "select * from link_tokens")) == 1
    await bot.unit(lambda tx: forget_old(tx, "c1", now + 1))
    assert await kept(bot, "select * from link_tokens") == []
    assert (await web.get(mine)).status == 302


async def test_neither_the_token_nor_our_address_is_told_to_the_shop(bot: Stage, web: Web) -> None:
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    answer = await web.get(mine)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert mine.partition(".")[2] not in answer.headers["Location"]
