"""Campaigns in chat: made in a form or a line, several of one brand, shown to everyone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from functools import partial

import pytest

from handlers.links.disclosure import USUAL
from tests.shop import BN, EN, SHOP, URL, kept, urls
from tests.stage import Stage

LINE = f"/campaign new আড়ং | লাল শাড়ি | {SHOP}"


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    """A community that has a public address."""
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


async def text(bot: Stage, line: str, who: str = "creator") -> str:
    return (await bot.say(who, line))[-1].text


async def test_a_line_makes_a_campaign_with_a_link_for_each_place(bot: Stage) -> None:
    lines = (await text(bot, f"{LINE} | ৭ দিন")).splitlines()
    assert lines[0] == BN
    assert lines[1] == "ক্যাম্পেইন তৈরি হয়ে গেছে: আড়ং · লাল শাড়ি"
    assert lines[2].endswith("থেকে শুক্রবার, ২৭ নভেম্বর রাত ১১:৫৯ পর্যন্ত।")
    assert lines[3] == "প্রোডাক্ট: লাল শাড়ি → shop.example/saree"
    slugs = [row["slug"] for row in await kept(bot, "select slug from links order by id")]
    places = ("বটের উত্তর", "fans (Discord)", "fans (Telegram)")
    assert lines[5:8] == [f"{p}: {URL}/{s}" for p, s in zip(places, slugs, strict=True)]
    assert all(len(slug) >= 7 for slug in slugs)


async def test_on_telegram_each_field_is_asked_and_what_is_optional_skipped(bot: Stage) -> None:
    await bot.say("creator", "/campaign new")
    for answer in ("আড়ং", "লাল শাড়ি", SHOP):
        asked = await bot.say("creator", answer)
    asked = await bot.press("creator", asked[-1], "বাদ দিন")
    assert USUAL in asked[-1].text
    made = await bot.press("creator", asked[-1], "বাদ দিন")
    assert made[-1].text.startswith(BN)
    assert "শেষের তারিখ দেওয়া নেই" in made[-1].text


async def test_on_discord_a_form_of_five_holds_the_label_beforehand(bot: Stage) -> None:
    form = (await bot.command("creator", "campaign new", {}, platform="discord"))[-1]
    assert form.sheet is not None
    held = {line.name: line.value for line in form.sheet.lines}
    assert list(held) == ["brand", "product", "destination", "ends", "disclosure"]
    assert held["disclosure"] == USUAL
    values = {"brand": "আড়ং", "product": "শাড়ি", "destination": SHOP, "disclosure": ""}
    made = await bot.fill("creator", form, values)
    assert made[-1].text.startswith(BN)


async def test_everything_can_be_given_by_name(bot: Stage) -> None:
    given = {
        "brand": "আড়ং", "product": "শাড়ি", "destination": SHOP, "starts": "২৫.১১.২০২৬",
        "ends": "30 Nov", "goal": "10,000", "coupon": "EID10",
        "disclosure": "স্পন্সর করেছে {brand}\nSponsored by {brand}",
    }  # fmt: skip
    shown = (await bot.command("creator", "campaign new", given))[-1].text
    assert shown.startswith("স্পন্সর করেছে আড়ং\n")
    assert "চলবে বুধবার, ২৫ নভেম্বর রাত ১২:০০ থেকে সোমবার, ৩০ নভেম্বর রাত ১১:৫৯ পর্যন্ত" in shown
    assert "লক্ষ্য: ১০,০০০ ক্লিক\nকুপন: EID10" in shown
    kept_now = await kept(bot, "select goal, coupon, disclosure_en from campaigns")
    assert kept_now == [{"goal": 10_000, "coupon": "EID10", "disclosure_en": "Sponsored by আড়ং"}]


WRONG = {
    " | 1.1.2020": "“1.1.2020” তো পার হয়ে গেছে",
    " | soonish": "“soonish” কোন দিন তা বুঝতে পারিনি",
    " | 25.11.2026 | 28.11.2026": "শুরুর (শনিবার, ২৮ নভেম্বর রাত ১২:০০) আগে",
    " | 7 days | 1.11.2026": "“1.11.2026” তো পার হয়ে গেছে",
    " | 7 days | today | -5": "লক্ষ্য ০ থেকে",
    " | 7 days | today | 5 | X | দারুণ সব শাড়ি": "“আড়ং” নামটা আর এটা যে বিজ্ঞাপন",
    " | 7 days | today | 5 | X | বিজ্ঞাপন আড়ং\nAd আড়ং\nBuy now": "প্রথমটা বাংলায়, পরেরটা ইংরেজিতে",
}


async def test_what_cannot_be_is_refused_with_the_remedy_and_nothing_is_kept(bot: Stage) -> None:
    for more, why in WRONG.items():
        assert why in await text(bot, LINE + more)
    assert "https:// বা http://" in await text(bot, "/campaign new আড়ং | শাড়ি | shop.example")
    assert await kept(bot, "select * from campaigns") == []
    assert await kept(bot, "select * from brands") == []


async def test_a_fan_makes_no_campaign(bot: Stage) -> None:
    assert "টিমের জন্য" in await text(bot, LINE, "Rima")
    assert await kept(bot, "select * from campaigns") == []


async def test_a_brand_has_several_campaigns_but_none_twice(bot: Stage) -> None:
    await text(bot, LINE)
    await text(bot, f"/campaign new আড়ং | ব্যাগ | {SHOP}")
    assert "তো এখনই চলছে" in await text(bot, LINE)
    names = await kept(bot, "select name from campaigns order by id")
    assert [row["name"] for row in names] == ["লাল শাড়ি", "ব্যাগ"]
    listed = await text(bot, "/campaign list")
    assert "আড়ং · ব্যাগ: শুরু" in listed
    assert "আড়ং · লাল শাড়ি: শুরু" in listed


async def test_two_at_once_make_one(bot: Stage) -> None:
    await text(bot, f"/campaign new আড়ং | ব্যাগ | {SHOP}")  # the brand is there already
    say = partial(bot.playground.say, "creator", place="dm", text=LINE)
    await asyncio.gather(*(say(platform=door) for door in ("telegram", "discord") * 3))
    assert len(await kept(bot, "select * from campaigns")) == 2


async def test_a_link_of_a_brand_belongs_to_its_newest_campaign_or_to_the_named_one(
    bot: Stage,
) -> None:
    await text(bot, LINE)
    await bot.advance(60)
    await text(bot, f"/campaign new আড়ং | ব্যাগ | {SHOP}")
    await text(bot, f"/link new আড়ং | {SHOP} | TikTok")
    await text(bot, f"/link new লাল শাড়ি | {SHOP} | YouTube")
    found = await kept(
        bot,
        "select l.placement, c.name from links l join campaigns c on c.id = l.campaign"
        " where l.placement in ('TikTok', 'YouTube') order by l.placement",
    )
    assert [row["name"] for row in found] == ["ব্যাগ", "লাল শাড়ি"]


async def test_a_product_saves_the_address(bot: Stage) -> None:
    await text(bot, LINE)
    assert "→ shop.example" in await text(bot, "/link new আড়ং | | TikTok")
    await text(bot, "/campaign product আড়ং | ব্যাগ | https://bags.example/b")
    assert "কোন প্রোডাক্টের লিংক? নামটা লিখুন: লাল শাড়ি, ব্যাগ" in await text(
        bot, "/link new আড়ং | | YouTube"
    )
    given = {"brand": "আড়ং", "placement": "YouTube", "product": "ব্যাগ"}
    shown = (await bot.command("creator", "link new", given))[-1].text
    assert "→ bags.example" in shown
    assert "“দোকানের ঠিকানা" in await text(bot, "/link new Bata | | YouTube")


@pytest.mark.parametrize("word", ["eid-sari", "EID-2026"])
async def test_a_link_has_a_word_of_ones_own(bot: Stage, word: str) -> None:
    given = {"brand": "আড়ং", "destination": SHOP, "placement": "Bio", "slug": word}
    shown = (await bot.command("creator", "link new", given))[-1].text
    assert f"{URL}/{word.lower()}\n" in shown
    again = await bot.command("creator", "link new", given)
    assert "আগেই নেওয়া হয়েছে" in again[-1].text


@pytest.mark.parametrize("word", ["r", "v1", "healthz", "api", "static", "qr", "শাড়ি", "a b", "-ab"])
async def test_a_word_of_ours_or_no_word_is_refused(bot: Stage, word: str) -> None:
    given = {"brand": "আড়ং", "destination": SHOP, "placement": "Bio", "slug": word}
    shown = (await bot.command("creator", "link new", given))[-1].text
    assert f"“{word}” লিংকের শব্দ হতে পারে না" in shown
    assert await kept(bot, "select * from links") == []


async def test_before_it_starts_nobody_is_shown_it_and_after_its_end_it_is_over(
    bot: Stage,
) -> None:
    await text(bot, f"{LINE} | 23.11.2026 | 22.11.2026")
    slug = (await kept(bot, "select slug from links"))[0]["slug"]
    assert "কোনো স্পনসর লিংক চলছে না" in await text(bot, "/links", "Rima")
    assert "কোনো স্পনসর নেই" in await text(bot, "/sponsors", "Rima")
    await bot.advance(2 * 86_400)
    assert (await text(bot, "/links", "Rima")).startswith(BN)
    assert (await text(bot, "/sponsors", "Rima")).splitlines()[1:3] == [
        BN, "লাল শাড়ি – সোমবার, ২৩ নভেম্বর রাত ১১:৫৯ পর্যন্ত"
    ]  # fmt: skip
    await bot.advance(2 * 86_400)
    assert "কোনো স্পনসর নেই" in await text(bot, "/sponsors", "Rima")
    assert "চিনতে পারছি না" in await text(bot, f"/link qr {slug}")


async def test_a_fan_is_shown_an_offer_once_by_the_bots_own_link(bot: Stage) -> None:
    await text(bot, f"{LINE} | | | | EID10")
    await text(bot, "/link new আড়ং | | TikTok")
    own = (await kept(bot, "select slug from links where placement = 'বটের উত্তর'"))[0]["slug"]
    shown = (await bot.say("Rima", "/links"))[-1]
    assert shown.text.splitlines()[:3] == [BN, "আড়ং · বটের উত্তর", "কুপন: EID10"]
    assert urls(shown)[0].startswith(f"{URL}/{own}.")


async def test_a_direct_link_never_leads_through_us(bot: Stage) -> None:
    given = {"brand": "আড়ং", "destination": SHOP, "placement": "Bio", "direct": "yes"}
    made = (await bot.command("creator", "link new", given))[-1].text
    assert (f"\n{SHOP}\n" in made, URL in made) == (True, False)
    assert URL not in await text(bot, "/links")
    shown = (await bot.say("Rima", "/links"))[-1]
    assert urls(shown) == []
    opened = await bot.press("Rima", shown, "দোকানে")
    assert opened[-1].text.startswith(BN)
    assert urls(opened[-1]) == [SHOP]
    assert await kept(bot, "select intents from link_intents") == [{"intents": 1}]


async def test_english_readers_get_english_sentences(bot: Stage) -> None:
    await bot.say("creator", "/language en")
    lines = (await text(bot, f"{LINE} | tomorrow | | 1")).splitlines()
    assert lines[0] == EN
    assert lines[2] == "Runs from Fri 20 Nov, 12:00 PM to Sat 21 Nov, 11:59 PM."
    assert lines[3] == "Goal: 1 click"
    assert not re.search("[\u0980-\u09ff]", lines[-1])
