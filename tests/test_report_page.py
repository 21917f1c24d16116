"""A report's page: what a brand reads, in both languages, on small and large screens."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from handlers.reporting.sealing import Sealer
from handlers.reporting.verify import check
from storage.whole import whole
from tests.browser import chromium, needs_chromium
from tests.reported import ms
from tests.shop import kept, new_link
from tests.stage import START, Stage
from tests.test_report_links import DAY, URL, browser, clicked, entered, shared
from web.app import Site, application
from web.report import report_routes

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
    await _many_days(bot)
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


async def _many_days(bot: Stage) -> None:
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


CUT = """() => {
  const wide = [...document.querySelectorAll('body *')].filter(e =>
    !e.closest('.skip, svg') && e.clientWidth && e.scrollWidth > e.clientWidth + 1);
  const out = [...document.querySelectorAll('svg text')].filter(t => {
    const a = t.getBoundingClientRect(), b = t.closest('svg').getBoundingClientRect();
    return a.left < b.left - 1 || a.right > b.right + 1 || a.bottom > b.bottom + 1;
  });
  const aside = document.documentElement.scrollWidth > innerWidth ? ['page'] : [];
  return [...aside, ...[...wide, ...out].map(e => e.textContent)];
}"""
PLACES = (
    "TikTok ভিডিও ১২", "Telegram চ্যানেল", "YouTube: প্রতিদিনের ভ্লগ, ক্রিকেট আর স্ত্রী-কথা", "a" * 60,
)  # fmt: skip


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize("language", ["bn", "en"])
async def test_a_brand_walks_in_and_no_text_is_cut(bot: Stage, language: str) -> None:
    """At 320 px, at 1280 px in the dark, and on paper, where it is one page."""
    for number, place in enumerate(PLACES):
        await clicked(bot, await new_link(bot, place), 5 + 40 * number)
    await _many_days(bot)
    path = await shared(bot)
    locale = {"bn": "bn-BD", "en": "en-GB"}[language]
    routes = report_routes(bot.adda.database, bot.adda.world, secure=False)
    async with Site(application(routes), "127.0.0.1", 0) as site, chromium() as chrome:
        screens: tuple[tuple[int, Any], ...] = ((320, "light"), (1280, "dark"))
        for width, scheme in screens:
            context: Any = await chrome.new_context(
                viewport={"width": width, "height": 800}, locale=locale, color_scheme=scheme,
                java_script_enabled=True,
            )  # fmt: skip
            page, complaints = await context.new_page(), list[str]()
            page.on("console", lambda message, into=complaints: into.append(message.text))
            await page.goto(site.address + path)
            assert await page.evaluate(CUT) == []
            await page.locator("button").first.click()
            await page.locator("#figures").wait_for()
            assert await page.evaluate("document.documentElement.lang") == language
            await page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert await page.evaluate(CUT) == []
            paper = await page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type ?/Page\b", paper)) == 1
            assert complaints == []
            await context.close()
