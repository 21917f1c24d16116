"""A report in a browser: nothing cut, nothing pale, one page on paper, whole without a script."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.browser import chromium, needs_chromium
from tests.shop import new_link
from tests.stage import Stage
from tests.test_report_links import URL, clicked, shared
from tests.test_report_page import many_days
from web.app import Site, application
from web.report import report_routes

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


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
# Of every text on the page, its contrast with what is behind it, where that is less than 4.5.
PALE = """() => {
  const parts = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).slice(0, 3).map((c) => c / 255)
      .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  let seen = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const [a, b] = [node.closest('svg') ? style.fill : style.color, behind(node)].map(light);
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    seen += 1;
    if (contrast < 4.5) found.push([walker.currentNode.data.trim(), contrast]);
  }
  return { seen, found };
}"""
# The language that a reader is told for each text of another script.
UNTOLD = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!node.matches('th[scope=row]') || !node.closest('[aria-labelledby=h-placements]')) continue;
    const bengali = /[\\u0980-\\u09ff]/.test(node.textContent);
    const said = node.closest('[lang]').lang;
    if (said !== (bengali ? 'bn' : 'en')) found.push([node.textContent, said]);
  }
  return found;
}"""
PLACES = (
    "TikTok ভিডিও ১২", "Telegram চ্যানেল", "YouTube: প্রতিদিনের ভ্লগ, ক্রিকেট আর স্ত্রী-কথা", "a" * 60,
)  # fmt: skip


@pytest.mark.parametrize("language", ["bn", "en"])
async def test_a_brand_walks_in_and_no_text_is_cut(bot: Stage, language: str) -> None:
    """At 320 px, at 1280 px in the dark, and on paper, where it is one page."""
    for number, place in enumerate(PLACES):
        slug = await new_link(bot, place)
        await clicked(bot, slug, 5 + 40 * number)
        await bot.say("creator", f"/link edit {slug} | https://shop.example/{'a' * 90} |")
    await many_days(bot)
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
            pale = await page.evaluate(PALE)
            assert pale["found"] == []
            assert pale["seen"] > 100
            assert await page.evaluate(UNTOLD) == []
            figures = page.locator("figure")
            assert await figures.count() == await page.locator("figure + details table").count()
            paper = await page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type ?/Page\b", paper)) == 1
            await page.set_viewport_size({"width": width // 2 if width > 640 else width,
                                          "height": 400})  # fmt: skip
            await page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert await page.evaluate(CUT) == []
            assert complaints == []
            await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pale_text_would_be_found(bot: Stage, scheme: Any) -> None:
    """The check of contrasts can fail."""
    path = await shared_one(bot)
    routes = report_routes(bot.adda.database, bot.adda.world, secure=False)
    async with Site(application(routes), "127.0.0.1", 0) as site, chromium() as chrome:
        page = await chrome.new_page(color_scheme=scheme)
        await page.goto(site.address + path)
        assert (await page.evaluate(PALE))["found"] == []
        await page.evaluate("document.querySelector('h1').style.color = '#777777'")
        (found,) = (await page.evaluate(PALE))["found"]
        assert "আড়ং" in found[0]
        await page.close()


async def shared_one(bot: Stage) -> str:
    await clicked(bot, await new_link(bot), 40)
    return await shared(bot)


async def test_without_a_script_everything_is_there(bot: Stage) -> None:
    await clicked(bot, await new_link(bot), 40)
    path = await shared(bot)
    routes = report_routes(bot.adda.database, bot.adda.world, secure=False)
    async with Site(application(routes), "127.0.0.1", 0) as site, chromium() as chrome:
        context = await chrome.new_context(java_script_enabled=False, locale="en-GB")
        page = await context.new_page()
        await page.goto(site.address + path)
        await page.locator("button").first.click()
        assert "40 link clicks" in await page.locator("#figures").inner_text()
        folded = page.locator("details:not([open])").first
        name = await folded.locator("table").get_attribute("aria-labelledby")
        table = page.locator(f"table[aria-labelledby={name}]")
        assert not await table.is_visible()
        await folded.locator("summary").click()
        assert await table.is_visible()
        assert (
            await page.locator("figure svg").count() == await page.locator("details").count() >= 4
        )
        await context.close()
