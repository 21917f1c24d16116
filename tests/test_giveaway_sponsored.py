"""A giveaway somebody pays for: their label first, adults only, a ticket for their link, and the
same ticket without it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.playground import Message
from handlers.giveaways.plan import Plan, unpacked
from handlers.giveaways.plan_actions import Template
from tests.giveaway_stage import handed_in, id_of, row, told
from tests.shop import BN, URL, Web, classes, clicks, kept, new_link, phone, urls
from tests.stage import Stage

CAMPAIGN = "/campaign new আড়ং | শাড়ি | https://shop.example/saree"
DAY = 86_400


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def sponsored(bot: Stage, **values: str) -> Message:
    """What the creator sees after the template for sponsors."""
    templates = (await bot.command("creator", "giveaway new", {}, "discord"))[-1]
    form = (await bot.press("creator", templates, "স্পনসরসহ"))[-1]
    given = {"prize": "লাল শাড়ি", "sponsor": "আড়ং", "until": "24", "winners": "1", "click": "1"}
    return (await bot.fill("creator", form, {**given, **values}))[-1]


async def running(bot: Stage) -> dict[str, Message]:
    """The public posts of a sponsored giveaway with a ticket for the link."""
    await bot.say("creator", CAMPAIGN)
    preview = await sponsored(bot)
    before = bot.playground.tick
    await bot.press("creator", preview, "প্রকাশ করুন")
    return {m.platform: m for m in bot.seen(place="fans", after=before)}


async def plan_of(bot: Stage, preview: Message) -> Plan:
    return unpacked((await row(bot, id_of(preview)))["plan"])


async def test_with_a_sponsor_it_is_for_adults_and_their_link_gives_a_ticket(bot: Stage) -> None:
    await bot.say("creator", CAMPAIGN)
    preview = await sponsored(bot)
    plan = await plan_of(bot, preview)
    links = {link["id"] for link in await kept(bot, "select id from links")}
    assert (plan.adult, plan.cap, dict(plan.tickets)) == (True, 10, {"enter": 1, "click": 1})
    assert plan.link in links
    assert "বয়স: ১৮ বা তার বেশি" in preview.text
    assert preview.text.partition("\n\n")[2].startswith(BN)


async def test_a_sponsor_named_by_a_link_gives_the_ticket_for_that_link(bot: Stage) -> None:
    await new_link(bot, "TikTok")
    slug = await new_link(bot, "YouTube")
    plan = await plan_of(bot, await sponsored(bot, sponsor=f"{URL}/{slug}"))
    found = await kept(bot, f"select id from links where slug = '{slug}'")
    assert plan.link == found[0]["id"]


async def test_the_plain_command_with_a_sponsor_gives_equal_chances(bot: Stage) -> None:
    await bot.say("creator", CAMPAIGN)
    preview = (await bot.say("creator", "/giveaway new লাল শাড়ি | 24 | 1 | আড়ং"))[-1]
    plan = await plan_of(bot, preview)
    assert (plan.adult, dict(plan.tickets)) == (True, {"enter": 1})


async def test_a_sponsor_without_a_campaign_is_refused(bot: Stage) -> None:
    assert "“আড়ং” নামে কোনো ক্যাম্পেইন চলছে না" in (await sponsored(bot)).text
    form = Template("sponsored")
    refused = await handed_in(bot, "creator", form, {"prize": "শাড়ি", "sponsor": " "})
    assert "লিখে আবার পাঠান" in refused
    assert await kept(bot, "select id from giveaways") == []


async def test_the_label_stands_first_and_the_rules_name_the_brand(bot: Stage) -> None:
    posts = await running(bot)
    assert all(post.text.startswith(f"{BN}\n") for post in posts.values())
    stored = await row(bot, id_of(posts["telegram"]))
    assert "পুরস্কার দিচ্ছে: আড়ং।" in stored["rules_bn"]
    assert "Age: 18 or over." in stored["rules_en"]
    assert json.loads(stored["params"])["tickets"] == {"click": 1, "enter": 1}


async def test_the_link_and_the_way_without_it_give_the_same_ticket(bot: Stage, web: Web) -> None:
    posts = await running(bot)
    for fan in ("Rima", "Lota", "Mila"):
        await bot.press(fan, posts["telegram"], "যোগ দিন")
    mine = (await bot.say("Rima", "/giveaway me"))[-1]
    path = urls(mine)[0].removeprefix(URL)
    assert (await web.get(path, phone(1))).status == 302
    assert await classes(bot) == ["incentivised"]
    other = (await bot.say("Lota", "/giveaway me"))[-1]
    assert await told(bot, "Lota", other, "লিংক ছাড়াই")
    assert len(await clicks(bot)) == 1  # the free way is no click
    await bot.advance(DAY + 300)
    listed = await kept(bot, "select number, tickets from giveaway_list order by number")
    assert [line["tickets"] for line in listed] == [2, 2, 1]


async def test_opening_the_link_again_or_both_ways_is_one_ticket(bot: Stage, web: Web) -> None:
    posts = await running(bot)
    await bot.press("Rima", posts["telegram"], "যোগ দিন")
    mine = (await bot.say("Rima", "/giveaway me"))[-1]
    path = urls(mine)[0].removeprefix(URL)
    await bot.press("Rima", mine, "লিংক ছাড়াই")
    for _ in range(2):
        await web.get(path, phone(1))
        await bot.advance(60)
    await bot.advance(DAY + 300)
    listed = await kept(bot, "select tickets from giveaway_list")
    assert [line["tickets"] for line in listed] == [2]


async def test_without_a_ticket_for_it_no_link_is_offered(bot: Stage) -> None:
    await bot.say("creator", CAMPAIGN)
    preview = await sponsored(bot, click="0")
    assert dict((await plan_of(bot, preview)).tickets) == {"enter": 1}
    before = bot.playground.tick
    await bot.press("creator", preview, "প্রকাশ করুন")
    post = next(m for m in bot.seen(place="fans", after=before) if m.platform == "telegram")
    await bot.press("Rima", post, "যোগ দিন")
    mine = (await bot.say("Rima", "/giveaway me"))[-1]
    assert urls(mine) == []


async def test_bonus_tickets_for_the_link_can_be_chosen_later(bot: Stage) -> None:
    await bot.say("creator", CAMPAIGN)
    preview = await sponsored(bot, click="0")
    form = (await bot.press("creator", preview, "বোনাস"))[-1]
    assert form.sheet is not None
    assert [line.name for line in form.sheet.lines] == ["linked", "click", "cap"]
    preview = (await bot.fill("creator", form, {"linked": "0", "click": "3", "cap": "2"}))[-1]
    assert "০ থেকে ২ হতে পারে" in preview.text
    preview = (await bot.fill("creator", form, {"linked": "0", "click": "2", "cap": "3"}))[-1]
    plan = await plan_of(bot, preview)
    assert (dict(plan.tickets), plan.cap) == ({"enter": 1, "click": 2}, 3)


async def test_the_next_of_a_series_is_not_opened_when_the_campaign_is_over(bot: Stage) -> None:
    await running(bot)
    await bot.say("creator", "/giveaway repeat weekly")
    await bot.advance(2 * DAY)
    await bot.say("creator", "/campaign end আড়ং")
    await bot.advance(6 * DAY)
    assert any("পরেরটা প্রকাশ করতে পারিনি" in m.text for m in bot.seen("creator"))
    assert len(await kept(bot, "select id from giveaways where published_at is not null")) == 1
