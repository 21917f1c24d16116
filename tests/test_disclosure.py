"""What other features show as an ad: the disclosure first, the way to the shop last."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator

import asyncpg
import pytest

from bot.feature import Context
from bot.model import Button, Community, Event, Identity, Member, Place, Said, Say
from bot.words import Reader
from handlers.links import personal
from handlers.links.disclosure import Shown, disclosed
from storage.tx import Tx
from tests.shop import BN, EN, SHOP, URL, kept, new_link
from tests.stage import Stage


@pytest.fixture
async def linked(ready_url: str) -> AsyncIterator[Stage]:
    """A community with a link that has a word of its own."""
    async with Stage.open(ready_url, public_url=URL) as stage:
        given = {"brand": "আড়ং", "destination": SHOP, "placement": "Bio", "slug": "eid-sari"}
        await stage.command("creator", "link new", given)
        yield stage


READ = {language: Reader(language, "Asia/Dhaka").text for language in ("bn", "en")}


def context(bot: Stage, tx: Tx, *, private: bool = True) -> Context:
    place = Place("discord", "creator" if private else "fans", private=private)
    now = bot.adda.world.now()
    event = Event("x:1", now, place, Identity("discord", "creator"), Said("?"))
    home = Community("c1", "Mitu")
    return Context(tx, bot.adda.world, now, event, home, Member("owner-discord"), "bn")


MORE = (Button(Say("form.cancel"), "https://more.example"),)
TEXT = Say("text", text="লাল ড্রেস ২,৪৫০ টাকা")


@pytest.mark.parametrize("private", [True, False])
async def test_an_answer_with_a_link_is_labelled_first_and_leads_to_the_shop_last(
    bot: Stage, private: bool
) -> None:
    await new_link(bot)
    link = (await kept(bot, "select id from links"))[0]["id"]

    async def unit(tx: Tx) -> Shown:
        ctx = context(bot, tx, private=private)
        return await personal.sponsored(ctx, URL, link, TEXT, MORE)

    shown: Shown = await bot.unit(unit)
    assert READ["bn"](shown.text).startswith(f"{BN}\nলাল ড্রেস")
    assert READ["en"](shown.text).startswith(f"{EN}\nলাল ড্রেস")
    assert (shown.buttons[0], shown.buttons[-1].label) == (MORE[0], Say("link.open"))
    assert isinstance(shown.buttons[-1].to, str) is private


async def test_a_post_with_a_link_is_labelled_first_and_its_button_is_pressed(bot: Stage) -> None:
    slug = await new_link(bot)
    link = (await kept(bot, "select id from links"))[0]["id"]
    now = round(bot.clock.now().timestamp() * 1000)
    shown: Shown = await bot.unit(lambda tx: disclosed(tx, "c1", link, TEXT, MORE, now))
    assert READ["bn"](shown.text).startswith(f"{BN}\n")
    assert not isinstance(shown.buttons[-1].to, str)
    await bot.say("creator", f"/link end {slug}")
    over: Shown = await bot.unit(lambda tx: disclosed(tx, "c1", link, TEXT, MORE, now))
    assert READ["bn"](over.text).startswith(f"{BN}\n")
    assert over.buttons == MORE


async def test_a_link_of_another_community_adds_nothing(bot: Stage) -> None:
    await new_link(bot)
    link = (await kept(bot, "select id from links"))[0]["id"]
    shown: Shown = await bot.unit(lambda tx: disclosed(tx, "c2", link, TEXT, MORE, 0))
    assert shown == Shown(TEXT, MORE)


# Giveaways -----------------------------------------------------------------------------------

CAMPAIGN = "/campaign new আড়ং | শাড়ি | https://shop.example/saree"


async def given_away(bot: Stage, line: str) -> list[str]:
    """Every text about the prize that a fan reads, from the preview to the result."""
    preview = (await bot.say("creator", f"/giveaway new {line}"))[-1]
    before = bot.playground.tick
    await bot.press("creator", preview, "প্রকাশ করুন")
    post = bot.seen("Rima", "telegram", "fans", after=before)[-1]
    await bot.press("Rima", post, "যোগ দিন")
    await bot.press("Rima", post, "নিয়ম")
    await bot.say("Rima", "/giveaway")
    for _ in range(3):
        await bot.advance(3600)
    await bot.say("Rima", "/giveaway result")
    seen = bot.seen("Rima", "telegram", after=before) + bot.seen("Rima", "discord", after=before)
    prize = line.partition(" |")[0]
    return [preview.text.partition("\n\n")[2], *(m.text for m in seen if prize in m.text)]


@pytest.mark.parametrize("line", ["লাল শাড়ি | 1 | 1 | আড়ং", "আড়ং-এর শাড়ি | 1 | 1"])
async def test_whoever_pays_for_a_giveaway_is_named_first_in_all_of_it(
    bot: Stage, line: str
) -> None:
    await bot.say("creator", CAMPAIGN)
    texts = await given_away(bot, line)
    assert len(texts) >= 8
    for text in texts:
        assert text.startswith(f"{BN}\n"), text


async def test_a_giveaway_nobody_pays_for_carries_no_label(bot: Stage) -> None:
    await bot.say("creator", CAMPAIGN)
    assert not any("বিজ্ঞাপন" in text for text in await given_away(bot, "লাল শাড়ি | 1 | 1"))


async def test_a_sponsor_without_a_campaign_gives_nothing_away(bot: Stage) -> None:
    for sponsor in ("Bata", "zzzzzzz"):
        told = (await bot.say("creator", f"/giveaway new জুতা | 1 | 1 | {sponsor}"))[-1].text
        assert f"“{sponsor}” নামে কোনো ক্যাম্পেইন চলছে না" in told
    assert await kept(bot, "select * from giveaways") == []


async def test_a_sponsor_may_be_named_by_a_link(bot: Stage) -> None:
    slug = await new_link(bot)
    told = (await bot.say("creator", f"/giveaway new জুতা | 1 | 1 | {URL}/{slug}"))[-1].text
    assert told.partition("\n\n")[2].startswith(BN)


# What the database itself refuses ------------------------------------------------------------


@pytest.mark.parametrize("column", ["disclosure_bn", "disclosure_en"])
@pytest.mark.parametrize("empty", ["", "  "])
async def test_no_campaign_and_no_sponsored_giveaway_is_kept_without_its_labels(
    bot: Stage, column: str, empty: str
) -> None:
    await bot.say("creator", CAMPAIGN)
    await bot.say("creator", "/giveaway new শাড়ি | 1 | 1 | আড়ং")
    for table in ("campaigns", "giveaways"):
        with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
            await kept(bot, f"update {table} set {column} = '{empty}'")
    with pytest.raises((sqlite3.IntegrityError, asyncpg.CheckViolationError)):
        await kept(bot, f"update giveaways set {column} = null")


# Addresses in answers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        f"{URL}/eid-sari",
        f"{URL}/EID-SARI?x=1",
        "https://shop.example/saree",
        "http://SHOP.example/saree/",
    ],
)
async def test_an_answer_that_leads_to_a_sponsor_by_itself_is_refused(
    linked: Stage, address: str
) -> None:
    told = (await linked.say("creator", f"/answers add দাম? | এখানে {address} দেখুন"))[-1].text
    assert "বিজ্ঞাপন তা শুরুতে বলা নেই" in told


@pytest.mark.parametrize(
    "address",
    ["https://shop.example/saree2", "https://shop.example/", "https://my.shop.example.org/saree"],
)
async def test_an_answer_that_leads_elsewhere_is_not(linked: Stage, address: str) -> None:
    told = (await linked.say("creator", f"/answers add দাম? | এখানে {address} দেখুন"))[-1].text
    assert "বলা নেই" not in told
    assert "দাম?" in told
