"""Member identity: what the community decides, what each member does, and who may ask."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.links.personal import new_token
from storage.tokens import clickers, rewarded_at
from tests.members import joins, told
from tests.shop import TELEGRAM_BOT, URL, Web, clicks, kept, labels, new_link, own_link, phone, urls
from tests.stage import Stage

SHOP_BUTTON = "দোকানে দেখুন"
NEVER = "আমাকে কখনও ট্র্যাক করবেন না"


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


# The community's switch ----------------------------------------------------------------------


async def test_a_community_tells_members_apart_and_names_nobody_until_its_owner_decides(
    bot: Stage,
) -> None:
    assert "ছদ্মনামে: কে কে আলাদা" in await told(bot, "creator", "/identity")
    assert "/link clickers" in await told(bot, "creator", "/identity on")
    assert await kept(bot, "select identity from communities") == [{"identity": "on"}]
    assert "শুধু মালিক" not in await told(bot, "creator", "/identity pseudonymous")


@pytest.mark.parametrize("role", ["manager", "helper"])
async def test_nobody_but_an_owner_decides(bot: Stage, role: str) -> None:
    await joins(bot, "Mina", role)
    await told(bot, "Mina", "/identity on")
    assert await kept(bot, "select identity from communities") == [{"identity": "pseudonymous"}]


async def test_with_names_on_the_team_sees_who_opened_a_link_and_when(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await bot.say("creator", "/identity on")
    for number, who in enumerate(("Rima", "Lota"), 1):
        mine = await own_link(bot, who)
        await bot.advance(60)
        await web.get(mine, phone(number))
    await joins(bot, "Mina", "helper")
    lines = (await told(bot, "Mina", f"/link clickers {URL}/{slug}")).splitlines()
    assert lines[0].startswith("বিজ্ঞাপন")
    assert lines[-2:] == [
        "Lota (telegram) – শুক্রবার, ২০ নভেম্বর দুপুর ১২:০২",
        "Rima (telegram) – শুক্রবার, ২০ নভেম্বর দুপুর ১২:০১",
    ]


async def test_only_a_members_own_opening_in_time_names_them(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await bot.say("creator", "/identity on")
    await web.get(await own_link(bot, "creator"))  # the team's own
    seen = await own_link(bot, "Rima")
    await web.get(seen, TELEGRAM_BOT)
    await web.head(seen)
    await web.get(seen, DNT="1")
    late = await own_link(bot, "Lota")
    await bot.advance(15 * 60 + 1)
    await web.get(late)
    assert "এখনও খোলেননি" in await told(bot, "creator", f"/link clickers {slug}")


async def test_whoever_opened_a_link_under_a_pseudonym_is_never_named(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    early = await own_link(bot, "Rima")
    await web.get(early)
    await bot.say("creator", "/identity on")
    await bot.advance(11)
    await web.get(early)
    assert "এখনও খোলেননি" in await told(bot, "creator", f"/link clickers {slug}")
    await web.get(await own_link(bot, "Rima"))
    assert "Rima (telegram)" in await told(bot, "creator", f"/link clickers {slug}")


@pytest.mark.parametrize("mode", ["pseudonymous", "off"])
async def test_with_names_off_nobody_asks_and_the_refusal_says_what_would_help(
    bot: Stage, web: Web, mode: str
) -> None:
    slug = await new_link(bot)
    await bot.say("creator", "/identity on")
    await web.get(await own_link(bot, "Rima"))
    await bot.say("creator", f"/identity {mode}")
    answer = await told(bot, "creator", f"/link clickers {slug}")
    assert "Rima" not in answer
    assert "/identity on" in answer
    link = (await kept(bot, "select id from links"))[0]["id"]
    assert await bot.unit(lambda tx: clickers(tx, "c1", link, 50)) == []


async def test_members_are_told_again_before_the_team_may_see_them(bot: Stage) -> None:
    await new_link(bot)
    assert "ছদ্মনামে গোনা হয়" in await told(bot, "Rima", "/links")
    await bot.say("creator", "/identity on")
    first = await told(bot, "Rima", "/links")
    assert "কখন খুলেছেন তা Mitu-এর টিম দেখতে পারে" in first
    assert "টিম দেখতে পারে" not in await told(bot, "Rima", "/links")


async def test_switched_off_there_are_no_personal_links_and_old_ones_name_nobody(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    mine = await own_link(bot, "Rima")
    await bot.say("creator", "/identity off")
    assert (await web.get(mine)).status == 302
    (click,) = await clicks(bot)
    assert (click["who"], click["class"], click["platform"]) == (None, "human", "telegram")
    assert await kept(bot, "select opened_by from link_tokens") == [{"opened_by": None}]
    for place in ("dm", "fans"):
        (listed,) = await bot.command("Lota", "links", platform="discord", place=place)
        assert urls(listed) == [f"{URL}/{slug}"]
    assert len(await kept(bot, "select * from link_tokens")) == 1


async def test_a_ticket_earned_under_a_pseudonym_names_nobody_later(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await own_link(bot, "Rima")
    (row,) = await kept(bot, "select link, member from link_tokens")
    now = round(bot.clock.now().timestamp() * 1000)
    given = row["link"], row["member"], "telegram", now
    token = await bot.unit(lambda tx: new_token(tx, bot.adda.world, *given, incentive=True))
    await web.get(f"/{slug}.{token}")
    assert await bot.unit(lambda tx: rewarded_at(tx, row["member"], row["link"])) == now
    await bot.say("creator", "/identity on")
    assert "এখনও খোলেননি" in await told(bot, "creator", f"/link clickers {slug}")


async def test_a_fan_asks_in_vain(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await bot.say("creator", "/identity on")
    await web.get(await own_link(bot, "Rima"))
    answer = await told(bot, "Lota", f"/link clickers {slug}")
    assert "টিমের জন্য" in answer
    assert "Rima" not in answer


async def test_running_links_are_suggested_to_the_team_that_asks(bot: Stage) -> None:
    slug = await new_link(bot)
    ask = ("discord", "link clickers", "address", "tik")
    assert await bot.playground.typing("creator", *ask) == ((f"আড়ং · TikTok ({slug})", slug),)
    assert await bot.playground.typing("Rima", *ask) == ()


# A member's own ------------------------------------------------------------------------------


async def test_who_declines_for_good_gets_the_shared_link_everywhere(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    first = (await bot.say("Rima", "/links"))[-1]
    mine = urls(first)[0].removeprefix(URL)
    assert "/tracking on" in (await bot.press("Rima", first, NEVER))[-1].text
    await web.get(mine)
    assert (await clicks(bot))[0]["who"] is None
    assert urls((await bot.say("Rima", "/links"))[-1]) == [f"{URL}/{slug}"]
    (group,) = await bot.command("Rima", "links", place="fans")
    given = (await bot.press("Rima", group, SHOP_BUTTON))[-1]
    assert urls(given) == [f"{URL}/{slug}"]
    assert "শুধু আপনার" not in given.text
    assert "." in await own_link(bot, "Lota")


async def test_a_member_changes_their_mind_by_command(bot: Stage) -> None:
    slug = await new_link(bot)
    await bot.say("Rima", "/tracking off")
    assert await own_link(bot, "Rima") == f"/{slug}"
    shown = (await bot.say("Rima", "/tracking"))[-1]
    assert "ট্র্যাকিং বন্ধ রেখেছেন" in shown.text
    await bot.press("Rima", shown, "আবার ট্র্যাকিং")
    assert re.fullmatch(rf"/{slug}\.\w{{12}}", await own_link(bot, "Rima"))


async def test_privacy_says_what_this_community_keeps_and_offers_the_way_out(bot: Stage) -> None:
    shown = (await bot.say("Rima", "/privacy"))[-1]
    assert "ছদ্মনামে ৯০ দিন" in shown.text
    assert labels(shown) == [NEVER]
    await bot.say("creator", "/identity on")
    assert "Mitu-এর টিম দেখতে পারে" in await told(bot, "Rima", "/privacy")
    await bot.press("Rima", shown, NEVER)
    assert "ট্র্যাকিং বন্ধ রেখেছেন" in await told(bot, "Rima", "/privacy")
    await bot.say("creator", "/identity off")
    off = (await bot.say("Rima", "/privacy"))[-1]
    assert "কে খুললেন তা রাখা হয় না" in off.text
    assert labels(off) == []


async def test_without_a_public_address_privacy_promises_what_is_true(ready_url: str) -> None:
    async with Stage.open(ready_url) as bot:
        shown = (await bot.say("Rima", "/privacy"))[-1]
        assert "সরাসরি দোকানে যায়; কে খুললেন তার কিছুই রাখা হয় না" in shown.text
        assert labels(shown) == []


async def test_among_many_links_the_way_out_is_never_cut_off(bot: Stage) -> None:
    for number in range(8):
        await new_link(bot, brand=f"Brand {number}")
        await bot.advance(1)
    (listed,) = await bot.command("Rima", "links", platform="discord")
    assert len(urls(listed)) == 8
    assert labels(listed)[-1] == NEVER


async def test_mydata_shows_a_person_their_own_clicks_and_links(bot: Stage, web: Web) -> None:
    await new_link(bot)
    mine = await own_link(bot, "Rima")
    await web.get(mine)
    await web.get(mine)
    text = await told(bot, "Rima", "/mydata")
    assert "দেওয়া হয়েছে ১টা; ছদ্মনামে রাখা ক্লিক ২টা" in text
    assert "আড়ং · TikTok: ১টা লিংক, শেষটা শুক্রবার, ২০ নভেম্বর দুপুর ১২:০০" in text
    own = [line for line in text.splitlines() if line.startswith("শুক্রবার")]
    assert own == [
        "শুক্রবার, ২০ নভেম্বর দুপুর ১২:০০ · আড়ং · TikTok: গোনা হয়নি",
        "শুক্রবার, ২০ নভেম্বর দুপুর ১২:০০ · আড়ং · TikTok: গোনা হয়েছে",
    ]
    assert "আড়ং" not in await told(bot, "Lota", "/mydata")


async def test_mydata_shows_the_newest_twenty(bot: Stage, web: Web) -> None:
    for brand in ("আড়ং", "Bata"):
        await new_link(bot, brand=brand)
        mine = await own_link(bot, "Rima")
        for _ in range(13):
            await web.get(mine)
            await bot.advance(11)
    shown = "\n".join(message.text for message in await bot.say("Rima", "/mydata"))
    assert "রাখা ক্লিক ২৬টা" in shown
    own = [line for line in shown.splitlines() if line.startswith("শুক্রবার")]
    assert (len(own), sum("Bata" in line for line in own)) == (20, 13)


async def test_forgetting_leaves_counts_and_nobody_behind_them(bot: Stage, web: Web) -> None:
    await new_link(bot)
    await web.get(await own_link(bot, "Rima"))
    (click,) = await clicks(bot)
    await kept(
        bot,
        "insert into click_members (campaign, who, first_at) "
        f"select campaign, '{click['who']}', 0 from links where true on conflict do nothing",
    )
    await bot.say("Rima", "/tracking off")
    await bot.press("Rima", (await bot.say("Rima", "/forgetme"))[-1], "হ্যাঁ")
    assert (await clicks(bot))[0]["who"] is None
    (member,) = await kept(bot, "select who from click_members")
    assert member["who"] != click["who"]
    assert len(member["who"]) == 32
    for table in ("link_tokens", "untracked"):
        assert await kept(bot, f"select * from {table}") == []
