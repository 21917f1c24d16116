"""Changing campaigns and links: by buttons and forms, every change kept with before and after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.platforms.playground import Message
from storage import campaigns, links
from storage.links import Rule
from tests.shop import BN, SHOP, URL, kept, new_link
from tests.stage import Stage

LINE = f"/campaign new আড়ং | লাল শাড়ি | {SHOP} | ৭ দিন"


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    """A community that has a public address and one campaign."""
    async with Stage.open(ready_url, public_url=URL) as stage:
        await stage.say("creator", LINE)
        yield stage


async def text(bot: Stage, line: str, who: str = "creator") -> str:
    return (await bot.say(who, line))[-1].text


async def shown(bot: Stage, platform: str = "discord") -> Message:
    return (await bot.command("creator", "campaign edit", {}, platform=platform))[-1]


async def fill(bot: Stage, button: str, **values: str) -> str:
    """Change by the form behind a button, on Discord."""
    form = (await bot.press("creator", await shown(bot), button))[-1]
    return (await bot.fill("creator", form, values))[-1].text


async def changes(bot: Stage) -> list[tuple[str, str, str]]:
    """What the history holds beside what was made, oldest first."""
    rows = await kept(bot, "select field, before, after from campaign_changes order by id")
    return [(r["field"], r["before"], r["after"]) for r in rows if r["field"] != "made"]


async def test_the_form_holds_what_is_and_only_what_differs_changes(bot: Stage) -> None:
    form = (await bot.press("creator", await shown(bot), "তারিখ"))[-1]
    assert form.sheet is not None
    assert [line.value for line in form.sheet.lines] == ["20.11.2026", "27.11.2026"]
    was = (await kept(bot, "select starts_at, ends_at from campaigns"))[0]
    changed = (await bot.fill("creator", form, {"ends": "৩০ নভেম্বর"}))[-1].text
    assert "সোমবার, ৩০ নভেম্বর রাত ১১:৫৯ পর্যন্ত" in changed
    now = (await kept(bot, "select starts_at, ends_at from campaigns"))[0]
    assert now["starts_at"] == was["starts_at"]
    assert await changes(bot) == [("ends_at", str(was["ends_at"]), str(now["ends_at"]))]


async def test_an_end_can_be_taken_away_and_cannot_lie_before_the_start(bot: Stage) -> None:
    assert "আগে হয়ে যাচ্ছে" in await fill(bot, "তারিখ", starts="25.11.2026", ends="21.11.2026")
    assert "পার হয়ে গেছে" in await fill(bot, "তারিখ", ends="19.11.2026")
    assert "শেষের তারিখ দেওয়া নেই" in await fill(bot, "তারিখ", ends="-")
    assert "মঙ্গলবার, ২৪ নভেম্বর রাত ১২:০০" in await fill(bot, "তারিখ", starts="24/11", ends="")


async def test_a_label_is_changed_one_language_alone_and_never_to_nothing(bot: Stage) -> None:
    assert (await fill(bot, "বিজ্ঞাপন-লাইন", disclosure="স্পন্সর: আড়ং")).startswith("স্পন্সর: আড়ং\n")
    assert (await fill(bot, "বিজ্ঞাপন-লাইন", disclosure="")).startswith("স্পন্সর: আড়ং\n")
    assert "এটা যে বিজ্ঞাপন" in await fill(bot, "বিজ্ঞাপন-লাইন", disclosure="কিনুন আড়ং থেকে")
    assert "এটা যে বিজ্ঞাপন" in await fill(bot, "বিজ্ঞাপন-লাইন", disclosure="Great shop: আড়ং")
    labels = await kept(bot, "select disclosure_bn, disclosure_en from campaigns")
    assert list(labels[0].values()) == ["স্পন্সর: আড়ং", "Ad · paid partnership with আড়ং"]
    assert [field for field, _, _ in await changes(bot)] == ["disclosure_bn"]


async def test_name_goal_coupon_and_parameters(bot: Stage) -> None:
    values = {"name": "ঈদ", "goal": "৫০০০", "coupon": "EID", "utm": "হ্যাঁ"}
    changed = await fill(bot, "নাম, লক্ষ্য", **values)
    assert "বদলে দিয়েছি: আড়ং · ঈদ" in changed
    assert "লক্ষ্য: ৫,০০০ ক্লিক\nকুপন: EID\nদোকানের ঠিকানায় UTM" in changed
    cleared = await fill(bot, "নাম, লক্ষ্য", goal="0", coupon="নেই", utm="না")
    assert "লক্ষ্য" not in cleared
    assert "কুপন:" not in cleared
    told = await text(bot, "/campaign history ঈদ")
    assert "নাম: আগে লাল শাড়ি, এখন ঈদ" in told
    assert "ঠিকানায় UTM: আগে হ্যাঁ, এখন কিছু নেই" in told
    assert "ক্লিকের লক্ষ্য: ৫,০০০" in told


async def test_another_place_is_added_by_a_button(bot: Stage) -> None:
    added = await fill(bot, "আরেকটা লিংক", placement="ভিডিও ১২", slug="video-12")
    assert added.splitlines()[:3] == [BN, "আড়ং · ভিডিও ১২ → shop.example", f"{URL}/video-12"]
    await fill(bot, "আরেকটা প্রোডাক্ট", product="ব্যাগ", destination="https://bags.example/b")
    added = await fill(bot, "আরেকটা লিংক", placement="Bio", product="ব্যাগ")
    assert "আড়ং · Bio → bags.example" in added


async def test_a_products_links_follow_it_to_another_page(bot: Stage) -> None:
    slug = await new_link(bot, to="https://own.example/")
    await text(bot, "/campaign product আড়ং | লাল শাড়ি | https://shop.example/new")
    found = await kept(bot, "select slug, destination from links order by id")
    own = [row["destination"] for row in found if row["slug"] == slug]
    others = {row["destination"] for row in found if row["slug"] != slug}
    assert (own, others) == (["https://own.example/"], {"https://shop.example/new"})
    assert len(await kept(bot, "select id from products")) == 1
    fields = [field for field, _, _ in await changes(bot)]
    assert fields == ["product", "destination", "destination", "destination"]


# Links ---------------------------------------------------------------------------------------


async def test_an_edited_link_shows_in_the_history_what_it_was(bot: Stage) -> None:
    slug = await new_link(bot)
    edited = await text(bot, f"/link edit {URL}/{slug} | https://other.example/x")
    assert edited.splitlines()[:2] == [BN, "বদলে দিয়েছি। আড়ং · TikTok → other.example"]
    told = await text(bot, "/campaign history")
    assert f"“TikTok” ({slug}): আগে {SHOP}, এখন https://other.example/x" in told
    assert "এখনও ওখানেই যায়" in await text(bot, f"/link edit {slug} | https://other.example/x")
    assert "https:// বা http://" in await text(bot, f"/link edit {slug} | javascript:alert(1)")
    await bot.command("creator", "link edit", {"address": slug, "placement": "Bio"})
    assert await changes(bot) == [
        ("destination", SHOP, "https://other.example/x"), ("placement", "TikTok", "Bio")
    ]  # fmt: skip


async def test_another_community_reads_and_changes_nothing(bot: Stage) -> None:
    id = (await kept(bot, "select id from campaigns"))[0]["id"]
    assert await bot.unit(lambda tx: campaigns.changes(tx, "c1", id, 50)) != []
    assert await bot.unit(lambda tx: campaigns.changes(tx, "c2", id, 50)) == []
    assert await bot.unit(lambda tx: campaigns.get(tx, "c2", id)) is None
    assert await bot.unit(lambda tx: links.of_campaign(tx, "c2", id, 0, 9)) == []


async def test_rules_lead_elsewhere_narrowest_first_until_taken_away(bot: Stage) -> None:
    slug = await new_link(bot)
    await text(bot, f"/link rule {slug} | bn | any | https://bn.example/")
    await text(bot, f"/link rule {slug} | any | ios | https://ios.example/")
    told = (await bot.say("creator", f"/link rule {slug} | bn | android | https://a.example/"))[-1]
    assert told.text.splitlines()[1:] == [
        "বাংলা পাঠক, অ্যান্ড্রয়েড: a.example", "আইফোন, আইপ্যাড: ios.example", "বাংলা পাঠক: bn.example",
        "বাকি সবাই: shop.example",
    ]  # fmt: skip
    await bot.press("creator", told, "বাদ: বাংলা পাঠক, অ্যান্ড্রয়েড")
    found = await bot.unit(lambda tx: links.link_by_slug(tx, slug))
    assert found.rules == (
        Rule("", "ios", "https://ios.example/"), Rule("bn", "", "https://bn.example/")
    )  # fmt: skip
    assert [field for field, _, _ in await changes(bot)] == ["rules"] * 4
    assert "/link edit" in await text(bot, f"/link rule {slug} | any | any | https://a.example/")


async def test_a_fan_changes_nothing(bot: Stage) -> None:
    slug = await new_link(bot)
    edit = (await shown(bot, "telegram")).rows[0][1].data
    for line in (f"/link edit {slug} | https://x.example/", f"/link rules {slug}",
                 "/campaign end", "/campaign product আড়ং | x | https://x.example/"):  # fmt: skip
        assert "টিমের জন্য" in await text(bot, line, "Rima")
    hello = (await bot.say("Rima", "/links"))[-1]
    assert "টিমের জন্য" in (await bot.press("Rima", hello, edit or ""))[-1].text
    assert await changes(bot) == []


async def test_two_who_change_different_fields_at_once_lose_nothing(bot: Stage) -> None:
    forms = [
        (await bot.press("creator", await shown(bot), button))[-1]
        for button in ("তারিখ", "নাম, লক্ষ্য")
    ]
    fill = bot.playground.fill
    await asyncio.gather(
        fill("creator", "discord", forms[0].id, {"ends": "1.12.2026"}),
        fill("creator", "discord", forms[1].id, {"coupon": "EID"}),
    )
    assert {field for field, _, _ in await changes(bot)} == {"ends_at", "coupon"}
    row = (await kept(bot, "select coupon, ends_at from campaigns"))[0]
    assert (row["coupon"], row["ends_at"]) == ("EID", 1_796_147_940_000)


# Ending --------------------------------------------------------------------------------------


async def test_an_ended_campaign_can_run_again(bot: Stage) -> None:
    await bot.advance(60)
    ended = (await bot.command("creator", "campaign end", {}, platform="discord"))[-1]
    assert "শেষ করা হলো" in ended.text
    assert "কোনো স্পনসর লিংক চলছে না" in await text(bot, "/links", "Rima")
    form = (await bot.press("creator", ended, "তারিখ"))[-1]
    await bot.fill("creator", form, {"ends": "৩ দিন"})
    assert (await text(bot, "/links", "Rima")).startswith(BN)


async def test_of_several_it_is_asked_which(bot: Stage) -> None:
    await bot.say("creator", f"/campaign new Bata | Shoes | {SHOP}")
    asked = (await bot.say("creator", "/campaign end"))[-1]
    assert asked.text == "কোন ক্যাম্পেইন?"
    await bot.press("creator", asked, "Bata")
    ended = await kept(bot, "select name from campaigns where ends_at = starts_at")
    assert [row["name"] for row in ended] == ["Shoes"]
    assert "“Yellow” নামে কোনো ক্যাম্পেইন পাচ্ছি না" in await text(bot, "/campaign end Yellow")


async def test_who_is_forgotten_leaves_changes_without_a_name(bot: Stage) -> None:
    assert {r["member"] for r in await kept(bot, "select member from campaign_changes")} == {
        "owner-telegram"
    }
    await bot.press("creator", (await bot.say("creator", "/forgetme"))[-1], "হ্যাঁ")
    rows = await kept(bot, "select member from campaign_changes")
    assert {row["member"] for row in rows} == {None}
