"""The playground's brand pane is the report page, and follows what happens beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.commands.demo import PLATFORMS
from tests.browser import chromium, needs_chromium, opened
from tests.shop import new_link
from tests.stage import Stage
from tests.test_report_links import URL, clicked
from tests.test_report_looks import CUT
from web.app import Site, application
from web.playground import playground
from web.report import report_routes
from web.report_pane import BrandPane

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage.open(f"sqlite:///{tmp_path / 'adda.db'}", public_url=URL) as stage:
        yield stage


@pytest.fixture
async def address(stage: Stage) -> AsyncIterator[str]:
    database, world = stage.adda.database, stage.adda.world
    pane = BrandPane(database, world, "আড়ং")
    routes = playground(stage.playground, "Asia/Dhaka", pane.enter)
    routes += report_routes(database, world, secure=False, framed=True, every=0.05)
    async with Site(application(routes), "127.0.0.1", 0) as site:
        yield site.address


@pytest.mark.parametrize(("language", "width"), [("bn", 320), ("en", 1280)])
async def test_the_brands_pane_is_its_report_and_moves_with_a_click(
    stage: Stage, address: str, language: str, width: int
) -> None:
    slug = await new_link(stage)
    await clicked(stage, slug, 40)
    async with chromium() as browser, opened(browser, address, language, width=width) as screen:
        if width == 320:
            await screen.page.locator(".tab").last.click()
        report = screen.pane("brand").frame_locator("iframe")
        figures = {"bn": ("৪০টি লিংক ক্লিক", "৭০টি লিংক ক্লিক"), "en": ("40 link", "70 link")}
        before, after = figures[language]
        await expect(report.locator("#figures")).to_contain_text(before)
        await clicked(stage, await new_link(stage, "bio"), 30)
        await expect(report.locator("#figures")).to_contain_text(after)
        inside = screen.page.frames[-1]
        assert await inside.evaluate(CUT) == []
        await expect(screen.pane("brand").locator(".composer")).to_be_hidden()
        await screen.pane("brand").locator(".view label").last.click()
        await screen.say("brand", "/report")
        await expect(screen.lines("brand").last).to_be_visible()


async def test_before_the_first_campaign_the_frame_says_that_there_is_nothing(
    stage: Stage, address: str
) -> None:
    assert stage.adda.platforms.keys() == set(PLATFORMS)
    async with chromium() as browser:
        page = await browser.new_page()
        answer = await page.goto(f"{address}/playground/report")
        assert answer is not None
        assert answer.status == 404
        assert "কিছু নেই" in await page.locator("body").inner_text()
