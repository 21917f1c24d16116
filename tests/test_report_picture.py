"""/report: the words and the picture say what the page says, and options narrow it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot import pictures
from bot.platforms.playground import Message
from bot.words import number
from handlers.reporting.charts import png
from handlers.reporting.figures import figures
from handlers.reporting.picture import packed, picture_of, unpacked
from handlers.reporting.view import View, view
from handlers.reporting.wording import Wording
from tests.browser import api
from tests.shop import SHOP, TELEGRAM_BOT, URL, Web, kept, new_link, own_link, phone
from tests.stage import Stage
from tests.test_qr import expected
from tests.test_reports import invite

DAY = 24 * 3600


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@pytest.fixture
async def web(bot: Stage, tmp_path: Path) -> AsyncIterator[Web]:
    async with Web.open(bot, tmp_path / "spill") as opened:
        yield opened


async def page(bot: Stage, days: int = 30) -> View:
    """The only campaign, as the brand's page has it."""
    (row,) = await kept(bot, "select id from campaigns")
    now = bot.adda.world.now()
    until = now.astimezone(ZoneInfo("Asia/Dhaka")).date()
    async with bot.adda.database.read() as tx:
        found = await figures(tx, "c1", row["id"], until - timedelta(days=days - 1), until, now)
    assert found is not None
    return view(found, exact=False)


async def opened(bot: Stage, web: Web) -> None:
    """Three days of clicks: many, few, and what does not count."""
    slugs = [await new_link(bot, "TikTok"), await new_link(bot, "YouTube")]
    for day, counts in enumerate(((30, 3), (14, 0), (21, 12))):
        for slug, count in zip(slugs, counts, strict=True):
            for person in range(count):
                await web.get(f"/{slug}", phone(100 * day + person))
        for _ in range(11):
            await web.get(f"/{slugs[0]}", TELEGRAM_BOT)
        await bot.advance(DAY)
    await web.get(await own_link(bot, "Rima"), phone(999))


async def report(bot: Stage, who: str, args: str = "", platform: str = "telegram") -> Message:
    return (await bot.say(who, f"/report {args}", platform=platform))[-1]


@pytest.mark.parametrize("language", ["bn", "en"])
async def test_the_chat_says_what_the_page_says(bot: Stage, web: Web, language: str) -> None:
    await opened(bot, web)
    await invite(bot, "Aminul", "আড়ং")
    await bot.say("Aminul", f"/language {language}")
    shown = await page(bot)
    words = Wording(shown, language)
    said = await report(bot, "Aminul")
    lines = said.text.splitlines()
    assert isinstance(shown.net, int)
    assert f" {number(shown.net, language)} " in lines[0].replace(":", " ")
    for table in ("placements", "platforms"):
        assert shown.tables[table]
    for row in shown.tables["placements"]:
        assert f"{row.name}: {words.shown(row.clicks)}" in lines
    for row in shown.left_out:
        line = f"{words.say(f'step.{row.name}')} {words.shown(row.clicks)}"
        assert (line in said.text) == (row.clicks != 0)
    assert any(words.shown(shown.numbers["people"]) in line for line in lines)
    assert said.picture is not None
    drawn = unpacked(said.picture.values)
    told = words.chart("days")
    assert [(bar.label, bar.told) for bar in drawn.bars] == [(b.label, b.told) for b in told.bars]
    assert said.picture.alt == f"আড়ং. {words.alt('days')}"
    assert said.picture.png == png(drawn)


async def test_a_number_that_the_page_hides_is_not_in_the_picture_either(
    bot: Stage, web: Web
) -> None:
    await opened(bot, web)
    await invite(bot, "Aminul", "আড়ং")
    brand, team = await report(bot, "Aminul"), await report(bot, "creator")
    assert brand.picture is not None
    assert team.picture is not None
    exact = [row.clicks for row in (await page(bot)).report.tables.days]
    assert [bar[1] for bar in json.loads(team.picture.values)[2]] == exact
    shown = [bar[1] for bar in json.loads(brand.picture.values)[2]]
    assert None in shown
    assert all(now in (was, None) for was, now in zip(exact, shown, strict=True))
    assert not any(now is not None and 0 < now < 10 for now in shown)


async def test_the_team_and_the_page_count_alike(bot: Stage, web: Web) -> None:
    await opened(bot, web)
    shown = await page(bot)
    lines = (await report(bot, "creator")).text.splitlines()
    assert lines[0] == f"আড়ং: শেষ ৩০ দিনে {number(shown.report.net, 'bn')} ক্লিক"
    out = sum(part.clicks for part in shown.report.left_out)
    assert any(line.startswith(f"হিসাবের বাইরে {number(out, 'bn')}:") for line in lines)


async def test_days_campaign_and_place_narrow_it(bot: Stage, web: Web) -> None:
    await opened(bot, web)
    await bot.say("creator", "/language en")
    asked = {"days": "2"}
    seen = (await bot.command("creator", "report", asked, platform="telegram"))[-1]
    assert seen.text.splitlines()[0] == "আড়ং: 34 clicks in the last 2 days"
    assert seen.picture is not None
    assert len(unpacked(seen.picture.values).bars) == 2
    place = await report(bot, "creator", "আড়ং | আড়ং | youtube")
    assert "YouTube: 16 (Telegram 1, shared link 15)" in place.text
    assert "TikTok" not in place.text
    assert place.picture is not None
    assert not unpacked(place.picture.values).upright
    for args, remedy in (
        ("আড়ং | Bata", "no campaign “bata”"),
        ("আড়ং | আড়ং | Reels", "“reels” there is nothing"),
        ("আড়ং | আড়ং | YouTube | 93", "1 to 92 days"),
    ):
        assert remedy in (await report(bot, "creator", args)).text


async def test_a_brand_cannot_tell_a_day_from_two_periods(bot: Stage, web: Web) -> None:
    await opened(bot, web)
    await invite(bot, "Aminul", "আড়ং")
    for days in (1, 2, 3, 8, 29, 31, 92):
        seen = await report(bot, "Aminul", f"আড়ং | আড়ং | TikTok | {days}")
        assert seen.text == "রিপোর্ট শেষ ৭, ৩০ বা ৯০ দিনের হতে পারে। এর একটা সংখ্যা লিখুন।"
        assert seen.picture is None
    seen = (await bot.command("Aminul", "report", {"days": "7"}))[-1]
    assert seen.text.startswith("আড়ং: শেষ ৭ দিনে ৮১ ক্লিক")


async def test_without_clicks_there_is_no_picture(bot: Stage) -> None:
    await new_link(bot)
    assert (await report(bot, "creator")).picture is None


async def test_hostile_names_do_not_harm_the_picture(bot: Stage, web: Web) -> None:
    name = "<script>&\u202e\x07'\"]]>"
    slug = await new_link(bot, name, "<b>আড়ং</b>")
    for person in range(12):
        await web.get(f"/{slug}", phone(person))
    (row,) = await kept(bot, "select placement from links")
    for args in ("", f"<b>আড়ং</b> | <b>আড়ং</b> | {row['placement']}"):
        seen = await report(bot, "creator", args)
        assert seen.picture is not None, seen.text
        assert seen.picture.png.startswith(b"\x89PNG")


async def test_the_qr_code_comes_as_a_picture_beside_its_address(bot: Stage) -> None:
    slug = await new_link(bot)
    for platform in ("telegram", "discord"):
        seen = (await bot.command("creator", "link qr", {"address": slug}, platform=platform))[-1]
        assert seen.picture is not None
        assert seen.picture.png == expected(f"{URL}/{slug}")
        assert f"{URL}/{slug}" in seen.picture.alt
        assert f"{URL}/qr/" in seen.text
    given = {"brand": "আড়ং", "destination": SHOP, "placement": "Box", "direct": "yes"}
    await bot.command("creator", "link new", given)
    (row,) = await kept(bot, f"select slug from links where slug <> '{slug}'")
    seen = (await bot.command("creator", "link qr", {"address": row["slug"]}))[-1]
    assert seen.picture is not None
    assert seen.picture.png == expected(SHOP)


async def test_the_playground_shows_the_picture_with_its_description(bot: Stage) -> None:
    slug = await new_link(bot)
    async with api(bot) as door, aiohttp.ClientSession() as session:
        here = {"who": "creator", "platform": "telegram", "place": "dm"}
        (seen,) = (await door.post("say", **here, text=f"/link qr {slug}"))["seen"]
        assert seen["picture"]["alt"] == f"{URL}/{slug} ঠিকানার QR কোড"
        assert seen["limit"] == 1024
        async with session.get(door.address + seen["picture"]["src"]) as answer:
            assert (answer.status, answer.content_type) == (200, "image/png")
            assert await answer.read() == expected(f"{URL}/{slug}")
        async with session.get(f"{door.address}/playground/api/picture?message=x") as answer:
            assert answer.status == 404


async def test_where_nothing_can_be_drawn_the_words_come_alone(
    bot: Stage, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    await opened(bot, web)
    monkeypatch.setitem(pictures._makers, "chart", lambda _: 1 // 0)
    seen = await report(bot, "creator")
    assert seen.picture is None
    assert seen.text.startswith("আড়ং: শেষ ৩০ দিনে")


async def test_a_long_report_is_kept_as_a_few_values(bot: Stage, web: Web) -> None:
    await opened(bot, web)
    shown = await page(bot, 92)
    picture = picture_of(Wording(shown, "bn"), "আড়ং", "days")
    assert picture is not None
    assert len(picture.values.encode()) < 6000
    assert packed(unpacked(picture.values)) == picture.values


def test_the_libraries_of_charts_wait_until_a_picture_is_drawn() -> None:
    heavy = "{'pygal', 'resvg_py', 'fontpkg', 'segno'}"
    program = f"import sys, bot.app, bot.commands.run; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
