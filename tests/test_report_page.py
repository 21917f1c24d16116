"""A report's page: what a brand reads, in both languages, on small and large screens."""

from __future__ import annotations

import csv
import html as html_module
import io
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from handlers.reporting.sealing import Sealer
from handlers.reporting.verify import check
from storage.whole import whole
from tests.reported import ms
from tests.shop import kept, new_link
from tests.stage import START, Stage
from tests.test_report_links import DAY, URL, browser, clicked, entered, shared

HOSTILE = '=cmd()"><script>alert(1)</script>'


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


async def test_page_and_files_say_the_same(bot: Stage) -> None:
    for place, count in (("TikTok", 40), ("bio", 25), ("YouTube", 13)):
        await clicked(bot, await new_link(bot, place), count)
    await clicked(bot, await new_link(bot, "TikTok"), 15, "bot")
    path = await shared(bot)
    async with browser(bot) as client:
        page = await entered(client, path)
        html, inside = await page.text(), page.url.path
        table = await (await client.get(inside.replace("/report", "/report.csv"))).text()
        told = json.loads(
            await (await client.get(inside.replace("/report", "/report.json"))).text()
        )
    rows: list[tuple[str, ...]] = [
        tuple(row) for row in csv.reader(io.StringIO(table.removeprefix("\ufeff")))
    ]
    for place, told_count in (("TikTok", "40"), ("bio", "25"), ("YouTube", "13")):
        assert ("placements", place, told_count) in rows
        assert f'<th scope="row">{place}</th><td>{told_count}</td>' in html
        assert {"name": place, "clicks": int(told_count)} in told["tables"]["placements"]
    assert ("waterfall", "net", "78") in rows
    assert ("waterfall", "bots", "15") in rows
    assert told["waterfall"] == {
        "gross": 93, "checks": 0, "previews": 0, "bots": 15, "self": 0, "rate": 0, "repeats": 0,
        "incentivised": 0, "net": 78,
    }  # fmt: skip
    assert re.search(r"Robots and programs</th><td>15<", html)


@pytest.mark.parametrize("language", ["bn", "en"])
async def test_the_page_is_small_runs_nothing_foreign_and_is_found_by_no_search(
    bot: Stage, language: str
) -> None:
    for number in range(12):
        await clicked(bot, await new_link(bot, f"ভিডিও {number}"), 20 + number)
    await many_days(bot)
    path = await shared(bot)
    async with browser(bot) as client:
        page = await entered(client, path, language)
        text = await page.text()
    assert len(text.encode()) < 50_000
    assert f'<html lang="{language}">' in text
    assert re.findall(r"<script[^>]*>[^<]*", text) == ['<script src="/r/report.js" defer>']
    assert not re.search(r"\son\w+=|style=|javascript:|https?://(?!www.w3.org)", text)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    for heading in re.findall(r'aria-labelledby="([^"]+)"', text):
        assert f'id="{heading}"' in text
    assert text.count("<figure") == len(re.findall(r"<figure[^>]*>.*?</figure>\s*<details", text))


async def test_hostile_names_of_campaign_and_product_are_harmless_everywhere(bot: Stage) -> None:
    """On the page, in the CSV, in the picture of a chat, and in the browser that shows the page."""
    slug = await new_link(bot)
    await clicked(bot, slug, 40)
    named = HOSTILE.replace("'", "''")
    await kept(bot, f"update campaigns set name = '{named}'")
    (row,) = await kept(bot, "select id from campaigns")
    async with whole(bot.adda.settings.database_url) as db:
        await db.fill("products", ("id", "campaign", "name", "destination", "created_at"),
                      [("p1", row["id"], HOSTILE, "https://s.example", 1)])  # fmt: skip
        await db.script([f"update links set product = 'p1' where slug = '{slug}'"])
    path = await shared(bot)
    async with browser(bot) as client:
        page = await entered(client, path)
        text = await page.text()
        table = await (await client.get(page.url.path.replace("/report", "/report.csv"))).text()
    assert text.count("&lt;script&gt;alert(1)") >= 3
    assert text.count("<script") == 1
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert ["products", "'" + HOSTILE, "40"] in rows
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    said = (await bot.say("creator", "/report"))[-1]
    assert said.picture is not None
    assert said.picture.png.startswith(b"\x89PNG")


async def test_the_largest_report_is_still_a_small_page(bot: Stage) -> None:
    """Half a year, two hundred places with long names, and edits of long addresses."""
    slug = await new_link(bot)
    await clicked(bot, slug, 40)
    await many_days(bot)
    (row,) = await kept(bot, f"select id, campaign from links where slug = '{slug}'")
    at, link, long = ms(START), row["id"], "https://shop.example/" + "a" * 1900
    places = [(f"p{n:03}", f"slug-{n:03}", "c1", row["campaign"], "https://s.example",
               f"{n:03} " + "ভিডিও " * 9, at) for n in range(200)]  # fmt: skip
    async with whole(bot.adda.settings.database_url) as db:
        await db.fill(
            "links", ("id", "slug", "community", "campaign", "destination", "placement",
                      "created_at"), places,
        )  # fmt: skip
        await db.fill(
            "click_totals", ("link", "day", "platform", "class", "clicks"),
            [(one[0], "2026-11-20", "web", "human", 100) for one in places],
        )  # fmt: skip
        await db.fill(
            "campaign_changes", ("id", "campaign", "link", "at", "field", "before", "after"),
            [(f"h{n:03}", row["campaign"], link, at + n, "destination", long, f"{long}{n}")
             for n in range(100)],
        )  # fmt: skip
    path = await shared(bot)
    async with browser(bot) as client:
        for language in ("bn", "en"):
            page = await entered(client, path, language)
            text = await page.text()
            assert len(text.encode()) < 50_000
        assert "More rows are in the files below: 177." in text
        assert "More that was changed is in the files below: 94." in text
        table = await (await client.get(page.url.path.replace("/report", "/report.csv"))).text()
    assert table.count("placements,") == 201
    assert table.count(f"{long}99") == 1


async def test_an_edit_of_a_destination_is_told_on_the_page_and_in_the_files(bot: Stage) -> None:
    slug = await new_link(bot)
    await clicked(bot, slug, 40)
    await bot.say("creator", f'/link edit {slug} | https://other.example/<b>?a="1 |')
    path = await shared(bot)
    async with browser(bot) as client:
        page = await entered(client, path)
        text = html_module.unescape(await page.text())
        files = [
            await (await client.get(page.url.path.replace("/report", f"/report.{kind}"))).text()
            for kind in ("csv", "json")
        ]
    assert (
        "<li>Fri 20 Nov, 12:00 PM: TikTok: Address of the shop, before "
        "“https://shop.example/saree?size=m”, now “https://other.example/%3Cb%3E?a=%221”.</li>"
    ) in text
    assert all("https://other.example/%3Cb%3E?a=%221" in file for file in files)


async def many_days(bot: Stage) -> None:
    """A campaign of half a year with clicks every day."""
    url = bot.adda.settings.database_url
    row = (await kept(bot, "select id from links order by id limit 1"))[0]
    began = ms(START - timedelta(days=200))
    days = [(START - timedelta(days=n)).date().isoformat() for n in range(1, 200)]
    async with whole(url) as db:
        await db.script([f"update campaigns set starts_at = {began}"])
        await db.fill(
            "click_totals", ("link", "day", "platform", "class", "clicks"),
            [(row["id"], day, "web", "human", 100_000) for day in days],
        )  # fmt: skip
        await db.fill(
            "click_facets", ("link", "day", "facet", "value", "clicks"),
            [(row["id"], days[0], "hour", f"{hour:02}", 500) for hour in range(24) if hour != 12],
        )  # fmt: skip


async def test_hostile_names_are_harmless_on_the_page_and_in_the_files(bot: Stage) -> None:
    slug = await new_link(bot, HOSTILE[:60], "Evil <b>&")
    await clicked(bot, slug, 40)
    path = await shared(bot, "Evil <b>&")
    async with browser(bot) as client:
        assert "<b>" not in await (await client.get(path)).text()
        page = await entered(client, path)
        text = await page.text()
        table = await (await client.get(page.url.path.replace("/report", "/report.csv"))).text()
    assert "<script>" not in text
    assert "<b>" not in text
    assert "&lt;script&gt;" in text
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


async def test_before_the_first_click_the_page_says_since_when_there_is_a_link(bot: Stage) -> None:
    await new_link(bot)
    path = await shared(bot)
    async with browser(bot) as client:
        text = await (await entered(client, path, "bn")).text()
    assert "এখনও কোনো ক্লিক আসেনি। লিংক প্রকাশ হয়েছে শুক্রবার, ২০ নভেম্বর দুপুর ১২:০০।" in text


async def test_fewer_than_ten_are_not_told_exactly(bot: Stage) -> None:
    await clicked(bot, await new_link(bot), 7)
    path = await shared(bot)
    async with browser(bot) as client:
        text = await (await entered(client, path, "bn")).text()
    assert "&lt;১০টি লিংক ক্লিক" in text
    assert "<td>৭</td>" not in text


async def test_a_sealed_report_gives_a_proof_that_holds(bot: Stage) -> None:
    await clicked(bot, await new_link(bot), 40)
    path = await shared(bot)
    await bot.advance(2 * DAY)
    assert await Sealer(bot.adda.database, bot.adda.world).catch_up() == 2
    async with browser(bot) as client:
        page = await entered(client, path)
        text = await page.text()
        proof = await (await client.get(page.url.path.replace("/report", "/proof.zip"))).read()
    found = check(proof)
    assert found.faults == []
    assert (found.entries, found.days, found.compared) == (2, 1, 1)
    assert found.key in text
    assert "Last sealed day: 21 November 2026. Entry 2 of the chain." in text
