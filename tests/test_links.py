"""Sponsored links in chat: made for a brand, disclosed first, one's own for every member."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from handlers.links.disclosure import USUAL_BN
from tests.shop import BN, EN, SHOP, URL, kept, labels, new_link, own_link, urls
from tests.stage import Stage


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    """A community that has a public address."""
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


async def test_a_manager_makes_a_link_in_one_line(bot: Stage) -> None:
    seen = await bot.say("creator", f"/link new আড়ং | {SHOP} | TikTok ভিডিও ১২")
    slug = (await kept(bot, "select slug from links"))[0]["slug"]
    lines = seen[-1].text.splitlines()
    assert lines[0] == BN
    assert lines[1] == "আড়ং · TikTok ভিডিও ১২ → shop.example"
    assert lines[2] == f"{URL}/{slug}"
    assert len(slug) >= 7


async def test_a_fan_makes_no_links(bot: Stage) -> None:
    seen = await bot.say("Rima", f"/link new আড়ং | {SHOP} | TikTok")
    assert "টিমের জন্য" in seen[-1].text
    assert await kept(bot, "select * from links") == []


WRONG = {
    "javascript:alert(1)": "https:// বা http://",
    "shop.example": "https:// বা http://",
    "https://shop.example@evil.example/": "@-এর আগে",
    "https://shop.example/a\u0007b": "চিহ্ন",
    "https://shop.example/\u202egpj.exe": "চিহ্ন",
    "https://127.0.0.1/": "ওয়েবসাইটের নাম",
    "https://shop.example:0x50/": "পোর্ট",
    f"https://shop.example/{'a' * 2000}": "২,০০০",
}


async def test_a_wrong_destination_is_refused_with_the_reason(bot: Stage) -> None:
    for to, why in WRONG.items():
        seen = await bot.say("creator", f"/link new আড়ং | {to} | TikTok")
        assert why in seen[-1].text
    assert await kept(bot, "select * from links") == []
    assert await kept(bot, "select * from brands") == []


async def test_a_playground_may_lead_to_its_own_machine(ready_url: str) -> None:
    async with Stage.open(ready_url, public_url="http://127.0.0.1:8080") as bot:
        assert await new_link(bot, to="http://127.0.0.1:9000/shop")


async def test_a_bengali_host_is_shown_in_both_writings(bot: Stage) -> None:
    seen = await bot.say("creator", "/link new আড়ং | https://দোকান.বাংলা/ | TikTok")
    assert "দোকান.বাংলা (xn--p5b7ah1gxc.xn--54b7fta0cc)" in seen[-1].text


async def test_a_form_holds_the_usual_label_beforehand(bot: Stage) -> None:
    asked = await bot.command("creator", "link new", {}, platform="discord")
    sheet = asked[-1].sheet
    assert sheet is not None
    assert {line.name: line.value for line in sheet.lines}["disclosure_bn"] == USUAL_BN
    values = {"brand": "আড়ং", "destination": SHOP, "placement": "Discord", "disclosure_bn": ""}
    seen = await bot.fill("creator", asked[-1], values)
    assert seen[-1].text.splitlines()[0] == BN


async def test_where_there_are_no_forms_the_fields_are_asked_one_by_one(bot: Stage) -> None:
    await bot.say("creator", "/link new")
    for answer in ("আড়ং", SHOP, "TikTok"):
        seen = await bot.say("creator", answer)
    assert USUAL_BN in seen[-1].text
    await bot.press("creator", seen[-1], "বাদ দিন")
    seen = await bot.press("creator", bot.seen("creator", "telegram", "dm")[-1], "বাদ দিন")
    assert seen[-1].text.startswith(BN)


async def test_a_label_that_hides_who_pays_or_that_somebody_does_is_refused(bot: Stage) -> None:
    for hidden in ("দারুণ সব শাড়ি", "আড়ং ভালো দোকান", "বিজ্ঞাপন"):
        seen = await bot.say("creator", f"/link new আড়ং | {SHOP} | TikTok | {hidden}")
        assert "“আড়ং” নামটা আর এটা যে বিজ্ঞাপন" in seen[-1].text
    assert await kept(bot, "select * from campaigns") == []


async def test_own_words_in_a_label_are_kept(bot: Stage) -> None:
    words = "স্পন্সর করেছে আড়ং | Sponsored by {brand}"
    seen = await bot.say("creator", f"/link new আড়ং | {SHOP} | TikTok | {words}")
    assert seen[-1].text.startswith("স্পন্সর করেছে আড়ং\n")
    await new_link(bot, "YouTube")
    campaigns = await kept(bot, "select disclosure_bn, disclosure_en from campaigns")
    assert campaigns == [{"disclosure_bn": "স্পন্সর করেছে আড়ং", "disclosure_en": "Sponsored by আড়ং"}]


async def test_links_of_a_brand_share_its_open_campaign(bot: Stage) -> None:
    await new_link(bot, "TikTok", "Aarong")
    await new_link(bot, "YouTube", "aarong")
    assert len(await kept(bot, "select * from links")) == 2
    assert len(await kept(bot, "select * from campaigns")) == 1
    assert [row["name"] for row in await kept(bot, "select name from brands")] == ["Aarong"]


async def test_two_managers_at_once_make_one_brand_and_one_campaign(bot: Stage) -> None:
    say = partial(bot.playground.say, "creator", place="dm")
    line = f"/link new আড়ং | {SHOP} | "
    await asyncio.gather(
        *(say(platform=door, text=line + door) for door in ("telegram", "discord") * 3)
    )
    assert len(await kept(bot, "select * from links")) == 6
    assert len(await kept(bot, "select * from brands")) == 1
    assert len(await kept(bot, "select * from campaigns")) == 1


async def test_a_hostile_brand_name_is_only_a_name(bot: Stage) -> None:
    for brand in ("{evil}", "<script>x</script>", "a\nb\u202ec", "%s %(x)s", "{en}{bn.__class__}"):
        await new_link(bot, brand=brand)
        shown = (await bot.say("Rima", "/links"))[-1].text.splitlines()
        name = brand.replace("\n", " ").replace("\u202e", " ")
        assert shown[0] == f"বিজ্ঞাপন · {name}-র সাথে পেইড পার্টনারশিপ"
        assert f"{name} · TikTok" in shown[1]
        await bot.advance(1)


# What fans see -------------------------------------------------------------------------------


async def test_each_link_is_listed_with_its_label_first(bot: Stage) -> None:
    await new_link(bot, "TikTok")
    await new_link(bot, "YouTube", "Bata")
    text = (await bot.say("Rima", "/links"))[-1].text
    first, second = text.split("\n\n")
    assert first.startswith("বিজ্ঞাপন · Bata-র সাথে পেইড পার্টনারশিপ\n১. Bata · YouTube")
    assert second.startswith(f"{BN}\n২. আড়ং · TikTok")


async def test_a_reader_of_english_reads_the_label_in_english(bot: Stage) -> None:
    await new_link(bot)
    await bot.say("Rima", "/language en")
    shown = (await bot.say("Rima", "/links"))[-1]
    assert shown.text.splitlines()[0] == EN
    assert labels(shown)[0] == "See in shop ↗ (ad)"


@pytest.mark.parametrize("platform", ["telegram", "discord"])
async def test_in_a_private_chat_the_button_is_a_link_of_ones_own(
    bot: Stage, platform: str
) -> None:
    slug = await new_link(bot)
    mine, theirs = [await own_link(bot, who, platform) for who in ("Rima", "Lota")]
    assert mine != theirs
    assert mine.startswith(f"/{slug}.")
    assert len(mine.partition(".")[2]) == 12


@pytest.mark.parametrize(("platform", "kind"), [("discord", "ephemeral"), ("telegram", "message")])
async def test_in_a_group_a_press_brings_a_link_of_ones_own_in_private(
    bot: Stage, platform: str, kind: str
) -> None:
    slug = await new_link(bot)
    listed = (await bot.command("Rima", "links", platform=platform, place="fans"))[-1]
    assert listed.text.startswith(BN)
    assert urls(listed) == []
    await bot.playground.press("Rima", platform, listed.id, listed.rows[0][0].data or "")
    given = [m for m in bot.seen("Rima", platform) if urls(m)][-1]
    assert (given.kind, given.to) == (kind, "Rima")
    assert given.text.startswith(BN)
    assert urls(given)[0].startswith(f"{URL}/{slug}.")


async def test_the_first_personal_link_says_what_is_counted_and_offers_the_way_without(
    bot: Stage,
) -> None:
    await new_link(bot)
    first = (await bot.say("Rima", "/links"))[-1]
    assert "ছদ্মনামে" in first.text
    assert labels(first) == [
        "দোকানে দেখুন ↗ (বিজ্ঞাপন)", "ট্র্যাকিং ছাড়া খুলুন ↗ (বিজ্ঞাপন)",
        "আমাকে কখনও ট্র্যাক করবেন না",
    ]  # fmt: skip
    assert urls(first)[1] == SHOP
    again = (await bot.say("Rima", "/links"))[-1]
    assert "ছদ্মনামে" not in again.text
    assert len(urls(again)) == 1


async def test_asking_again_and_again_makes_no_heap_of_tokens(bot: Stage) -> None:
    await new_link(bot)
    given = {await own_link(bot, "Rima") for _ in range(5)}
    assert len(given) == 1
    await bot.advance(600)
    assert await own_link(bot, "Rima") not in given


async def test_an_address_too_long_for_a_button_is_written_out(bot: Stage) -> None:
    long = f"https://shop.example/{'a' * 600}"
    await new_link(bot, to=long)
    shown = (await bot.command("Rima", "links", platform="discord"))[-1]
    assert f"ট্র্যাকিং ছাড়া খুলুন ↗ (বিজ্ঞাপন): {long}" in shown.text
    assert len(urls(shown)) == 1


async def test_only_the_team_sees_the_shared_address(bot: Stage) -> None:
    slug = await new_link(bot)
    assert f"{URL}/{slug} " in (await bot.say("creator", "/links"))[-1].text
    assert slug not in (await bot.say("Rima", "/links"))[-1].text


async def test_sponsors_are_an_open_list(bot: Stage) -> None:
    assert "কোনো স্পনসর নেই" in (await bot.say("Rima", "/sponsors"))[-1].text
    await new_link(bot, "TikTok")
    await new_link(bot, "YouTube")
    await new_link(bot, "YouTube", "Bata")
    listed = (await bot.say("Rima", "/sponsors"))[-1].text.splitlines()
    assert listed[1:3] == ["বিজ্ঞাপন · Bata-র সাথে পেইড পার্টনারশিপ", BN]
    assert len(listed) == 4


async def test_without_a_public_address_links_are_direct_and_the_team_is_told(
    ready_url: str,
) -> None:
    async with Stage.open(ready_url) as bot:
        seen = await bot.say("creator", f"/link new আড়ং | {SHOP} | TikTok")
        assert seen[-1].text.startswith(BN)
        assert "PUBLIC_URL" in seen[-1].text
        shown = (await bot.command("Rima", "links", platform="discord", place="fans"))[-1]
        assert shown.text.startswith(BN)
        assert urls(shown) == [SHOP]
        assert "PUBLIC_URL" not in shown.text
        assert "PUBLIC_URL" in (await bot.say("creator", "/links"))[-1].text


# Ending --------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", ["{slug}", "{url}/{slug}", "{url}/{slug}.0123456789ab?x=1#y"])
async def test_a_link_is_ended_by_whatever_of_its_address_was_pasted(
    bot: Stage, given: str
) -> None:
    slug = await new_link(bot)
    listed = (await bot.command("Rima", "links", platform="discord", place="fans"))[-1]
    seen = await bot.say("creator", f"/link end {given.format(slug=slug, url=URL)}")
    assert f"({slug})" in seen[-1].text
    assert "কোনো স্পনসর লিংক চলছে না" in (await bot.say("Rima", "/links"))[-1].text
    assert "কোনো স্পনসর নেই" in (await bot.say("Rima", "/sponsors"))[-1].text
    told = await bot.press("Rima", listed, "দোকানে")
    assert "শেষ হয়েছে" in told[-1].text
    assert "চিনতে পারছি না" in (await bot.say("creator", f"/link end {slug}"))[-1].text


async def test_running_links_are_suggested_to_a_manager_who_ends_one(bot: Stage) -> None:
    slug = await new_link(bot)
    shown = await bot.playground.typing("creator", "discord", "link end", "address", "tik")
    assert shown == ((f"আড়ং · TikTok ({slug})", slug),)
    assert await bot.playground.typing("Rima", "discord", "link end", "address", "") == ()


# What is kept of a person --------------------------------------------------------------------


async def test_a_person_sees_how_many_links_they_were_given_and_has_them_deleted(
    bot: Stage,
) -> None:
    await new_link(bot)
    await own_link(bot, "Rima")
    assert "নিজের লিংক দেওয়া হয়েছে ১টা" in (await bot.say("Rima", "/mydata"))[-1].text
    await bot.press("Rima", (await bot.say("Rima", "/forgetme"))[-1], "হ্যাঁ")
    assert await kept(bot, "select * from link_tokens") == []
    assert "নিজের লিংক দেওয়া হয়েছে ০টা" in (await bot.say("Rima", "/mydata"))[-1].text
