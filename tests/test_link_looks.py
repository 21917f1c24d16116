"""The pages of short links in Chromium: on a narrow phone and a desk, without scripts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route

from tests.browser import chromium, needs_chromium
from tests.shop import SHOP, URL, Web, classes, new_link
from tests.stage import Stage
from tests.user_agents import CHROME

pytestmark = [pytest.mark.browser, needs_chromium, pytest.mark.asyncio(loop_scope="module")]
LONG = "সৌন্দর্যবর্ধক হস্তশিল্প ও তাঁতবস্ত্র প্রদর্শনী কেন্দ্র"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage.open(f"sqlite:///{tmp_path / 'adda.db'}", public_url=URL) as stage:
        yield stage


@pytest.mark.parametrize("language", ["bn", "en"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_every_page_fits_speaks_first_to_its_reader_and_needs_no_script(
    browser: Browser, stage: Stage, tmp_path: Path, language: str, width: int
) -> None:
    slug = await new_link(stage, brand=LONG, to=f"https://{'শাড়ি' * 8}.example/x")
    old = await new_link(stage, "old", "Bata")
    await stage.say("creator", f"/link end {old}")
    async with Web.open(stage, tmp_path / "spill") as web:
        context = await browser.new_context(
            viewport={"width": width, "height": 640}, locale=language, java_script_enabled=False
        )
        page = await context.new_page()
        for path in (f"/{slug}+", f"/{old}", "/unknown"):
            await page.goto(str(web.client.make_url(path)))
            await page.screenshot(
                path=tmp_path / f"{language}-{width}-{path.strip('/+') or 'x'}.png", full_page=True
            )
            first = page.locator("section").first
            assert await first.get_attribute("lang") == (language if path != "/unknown" else "bn")
            wide = await page.locator("html").bounding_box()
            assert wide is not None
            assert wide["width"] <= width
            for element in await page.locator("p, dd, a, h1, h2, li").all():
                box = await element.bounding_box()
                assert box is not None
                assert 0 <= box["x"] <= box["x"] + box["width"] <= width, path
        await context.close()


async def test_the_button_goes_on_to_the_shop_which_does_not_hear_from_where(
    browser: Browser, stage: Stage, tmp_path: Path
) -> None:
    slug = await new_link(stage)
    async with Web.open(stage, tmp_path / "spill") as web:
        context = await browser.new_context(java_script_enabled=False, user_agent=CHROME)
        page = await context.new_page()
        told: list[dict[str, str]] = []

        async def arrive(route: Route) -> None:
            told.append(await route.request.all_headers())
            await route.fulfill(body="the shop")

        await context.route("https://shop.example/**", arrive)
        await page.goto(str(web.client.make_url(f"/{slug}+")))
        label, button = page.locator(".label").first, page.locator("a.go").first
        above, below = await label.bounding_box(), await button.bounding_box()
        assert above is not None
        assert below is not None
        assert above["y"] < below["y"]
        assert below["height"] >= 44  # a thumb's width
        await button.click()
        await page.wait_for_url(SHOP)
        assert len(told) == 1
        assert "referer" not in told[0]
        await context.close()
    assert await classes(stage) == ["human"]
