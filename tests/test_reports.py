"""Reports: exactly what was counted, each brand its own, and why the rest was left out."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.shop import TELEGRAM_BOT, URL, Web, clicks, kept, new_link, own_link, phone
from tests.stage import Stage
from tests.user_agents import BOTS

DAY = 24 * 3600


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def invite(bot: Stage, who: str, brand: str) -> None:
    """Make someone the brand's person."""
    seen = await bot.say("creator", f"/team invite brand | {brand}")
    await bot.say(who, f"/claim {seen[-1].text.split('/claim ')[1].strip()}")


async def report(bot: Stage, who: str = "creator", args: str = "") -> list[str]:
    return (await bot.say(who, f"/report {args}"))[-1].text.splitlines()


async def test_a_fan_counts_and_the_chats_preview_does_not(bot: Stage, web: Web) -> None:
    slug = await new_link(bot)
    await web.get(f"/{slug}", TELEGRAM_BOT)
    await web.get(await own_link(bot, "Rima"))
    lines = await report(bot)
    assert lines[0] == "আড়ং: শেষ ৩০ দিনে ১ ক্লিক"
    assert lines[1] == "TikTok: ১ (Telegram ১)"
    assert lines[2] == "হিসাবের বাইরে ১: চ্যাটের প্রিভিউ ১"
    assert lines[-1].startswith("ক্লিক মানে একজন মানুষ")


async def test_clicks_are_told_by_placement_and_platform_in_english_too(
    bot: Stage, web: Web
) -> None:
    first, second = await new_link(bot, "TikTok"), await new_link(bot, "YouTube")
    await web.get(f"/{first}", phone(1))
    await web.get(f"/{second}", phone(2))
    await web.get(await own_link(bot, "Lota", "discord"), phone(3))
    await web.get(f"/{first}", BOTS[0])
    await web.get(f"/{first}", phone(1))
    await web.head(f"/{second}")
    await bot.say("creator", "/language en")
    lines = await report(bot)
    assert lines[:4] == [
        "আড়ং: 3 clicks in the last 30 days",
        "TikTok: 1 (shared link 1)",
        "YouTube: 2 (Discord 1, shared link 1)",
        "Left out 3: checks only (HEAD) 1, robots 1, opened again at once 1",
    ]


async def test_before_the_first_click_the_report_says_since_when_there_is_a_link(
    bot: Stage,
) -> None:
    assert await report(bot) == ["দেখানোর মতো কোনো স্পনসর লিংক এখনও নেই।"]
    await new_link(bot)
    assert (await report(bot))[0] == (
        "আড়ং: শেষ ৩০ দিনে কোনো ক্লিক আসেনি। প্রথম লিংক তৈরি হয়েছে শুক্রবার, ২০ নভেম্বর দুপুর ১২:০০।"
    )


async def test_a_brand_reads_its_own_figures_and_nobody_elses(bot: Stage, web: Web) -> None:
    ours, theirs = await new_link(bot, "TikTok", "আড়ং"), await new_link(bot, "Reels", "Bata")
    await web.get(f"/{ours}")
    for number in range(12):
        await web.get(f"/{theirs}", phone(number))
    await invite(bot, "Aminul", "আড়ং")
    lines = await report(bot, "Aminul")
    assert lines[0] == "আড়ং: শেষ ৩০ দিনে <১০ ক্লিক"
    assert not any("Bata" in line or "Reels" in line or "১২" in line for line in lines)
    unknown = await report(bot, "Aminul", "Nobody")
    assert await report(bot, "Aminul", "Bata") == [unknown[0].replace("Nobody", "Bata")]
    assert (await report(bot, "creator", "bata"))[0] == "Bata: শেষ ৩০ দিনে ১২ ক্লিক"


async def test_clicks_are_kept_one_by_one_for_ninety_days_and_the_totals_stay(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    await new_link(bot, "bio")
    await web.get(f"/{slug}")
    await bot.advance(89 * DAY)
    assert len(await clicks(bot)) == 1
    await bot.advance(2 * DAY)
    assert await clicks(bot) == []
    assert (await kept(bot, "select sum(clicks) as n from click_totals"))[0]["n"] == 1
    timers = await kept(bot, "select key from outbox where kind = 'timer' order by key")
    assert [timer["key"].partition(":")[0] for timer in timers] == ["clicks", "shops"]


async def test_a_fan_reads_no_report(bot: Stage) -> None:
    await new_link(bot)
    assert "টিমের জন্য" in (await report(bot, "Rima"))[0]


async def test_a_brand_is_not_told_the_size_of_a_group_of_less_than_ten(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    for number in range(10):
        await web.get(f"/{slug}", phone(number))
    await web.get(await own_link(bot, "Rima"), phone(11))
    await invite(bot, "Aminul", "আড়ং")
    lines = await report(bot, "Aminul")
    assert lines[:2] == [
        "আড়ং: শেষ ৩০ দিনে ১১ ক্লিক",
        "TikTok: ১১",
    ]
    assert not any("১০ ক্লিক" in line or "Telegram ১" in line for line in lines)
    assert lines[2].count("দেখানো হয়নি") == 2  # as on the page: 11 less 10 would give Telegram away


async def test_a_day_is_the_communitys_day_and_a_month_is_thirty_of_them(
    bot: Stage, web: Web
) -> None:
    slug = await new_link(bot)
    await bot.advance(12.5 * 3600)  # 18:30 in Greenwich, half past midnight in Dhaka
    await web.get(f"/{slug}")
    assert await kept(bot, "select day from click_totals") == [{"day": "2026-11-21"}]
    await bot.advance(29 * 24 * 3600)
    assert (await report(bot))[0] == "আড়ং: শেষ ৩০ দিনে ১ ক্লিক"
    await bot.advance(24 * 3600)
    assert "কোনো ক্লিক আসেনি" in (await report(bot))[0]


async def test_the_totals_are_what_a_recount_of_the_rows_gives(bot: Stage, web: Web) -> None:
    slugs = [await new_link(bot, "TikTok"), await new_link(bot, "YouTube", "Bata")]
    chance = random.Random(1)
    for _ in range(60):
        agent = chance.choice([phone(chance.randrange(9)), TELEGRAM_BOT, BOTS[0], ""])
        path = f"/{chance.choice(slugs)}"
        await (web.head(path, agent) if chance.random() < 0.1 else web.get(path, agent))
        await bot.advance(chance.choice([0, 5, 40_000]))
    zone = ZoneInfo("Asia/Dhaka")
    counted = Counter(
        (row["link"], str(datetime.fromtimestamp(row["at"] / 1000, UTC).astimezone(zone).date()),
         row["platform"], row["class"])
        for row in await clicks(bot)
    )  # fmt: skip
    totals = await kept(bot, "select link, day, platform, class, clicks from click_totals")
    assert {tuple(row.values())[:4]: row["clicks"] for row in totals} == counted
    assert counted.total() == 60
    people = sum(count for key, count in counted.items() if key[3] == "human")
    said = "".join(line for line in await report(bot) if "শেষ ৩০ দিনে" in line)
    digits = [int(word) for word in said.replace(":", " ").split() if word.isdecimal()]
    assert sum(digits) - 30 * 2 == people
