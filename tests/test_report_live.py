"""An open report follows its figures, and tells by that nothing that it does not show."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import expect

from tests.browser import chromium, needs_chromium
from tests.shop import kept, new_link
from tests.stage import Stage
from tests.test_report_links import URL, clicked, entered, shared
from web import report_live
from web.app import Site, application
from web.report import report_routes

SOON = 0.05  # seconds between two looks


@pytest.fixture
async def bot(ready_url: str) -> AsyncIterator[Stage]:
    async with Stage.open(ready_url, public_url=URL) as stage:
        yield stage


@asynccontextmanager
async def reading(bot: Stage) -> AsyncIterator[TestClient[Any, Any]]:
    routes = report_routes(bot.adda.database, bot.adda.world, secure=False, every=SOON)
    async with TestClient(TestServer(application(routes))) as client:
        yield client


@asynccontextmanager
async def listening(client: TestClient[Any, Any], page: ClientResponse) -> AsyncIterator[Any]:
    """`event()` is the next event as its lines; comments are passed over."""
    mark = (await page.text()).split('data-mark="')[1].split('"')[0]
    path = page.url.path.replace("/report", f"/live?mark={mark}")
    answer = await client.get(path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"

    async def event() -> str:
        async with asyncio.timeout(10):
            while True:
                text = (await answer.content.readuntil(b"\n\n")).decode().strip()
                if not text.startswith((":", "retry")):
                    return text

    yield event
    answer.close()


async def test_a_click_is_an_event_and_the_page_then_shows_it(bot: Stage) -> None:
    slug = await new_link(bot)
    await clicked(bot, slug, 40)
    path = await shared(bot)
    async with reading(bot) as client:
        page = await entered(client, path)
        async with listening(client, page) as event:
            await clicked(bot, slug, 25, "bot")
            told = await event()
        assert told.endswith("data: changed")
        again = await (await client.get(page.url.path, params={"language": "en"})).text()
    assert told.split("\n")[0].removeprefix("id: ") in again


async def test_clicks_that_are_not_told_are_no_events(bot: Stage) -> None:
    slug = await new_link(bot)
    other = await new_link(bot, "bio")
    await clicked(bot, slug, 3)
    await clicked(bot, slug, 2, "bot")
    path = await shared(bot)
    async with reading(bot) as client:
        page = await entered(client, path)
        async with listening(client, page) as event:
            await clicked(bot, other, 4, "bot")  # "<10", as before
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(SOON * 10):
                    await event()
            await clicked(bot, slug, 60, "preview")
            assert (await event()).endswith("data: changed")


async def test_taking_a_report_back_ends_its_events(bot: Stage) -> None:
    await clicked(bot, await new_link(bot), 40)
    path = await shared(bot)
    async with reading(bot) as client:
        page = await entered(client, path)
        async with listening(client, page) as event:
            await bot.say("creator", "/report revoke আড়ং")
            assert await event() == "event: over\ndata: over"
        refused = await client.get(page.url.path.replace("/report", "/live"))
        assert refused.status == 404


async def test_a_stranger_hears_nothing(bot: Stage) -> None:
    await clicked(bot, await new_link(bot), 40)
    path = await shared(bot)
    async with reading(bot) as client, reading(bot) as stranger:
        page = await entered(client, path)
        assert (await stranger.get(page.url.path.replace("/report", "/live"))).status == 404


async def test_there_are_only_so_many_listeners_and_a_place_is_free_again(
    bot: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_live, "OF_ONE", 2)
    await clicked(bot, await new_link(bot), 40)
    path = await shared(bot)
    async with reading(bot) as client:
        page = await entered(client, path)
        live = page.url.path.replace("/report", "/live")
        async with listening(client, page), listening(client, page):
            refused = await client.get(live)
            assert refused.status == 503
            assert refused.headers["Retry-After"] == "60"
        async with asyncio.timeout(10):
            while True:
                answer = await client.get(live)
                if answer.status == 200:
                    break
                await asyncio.sleep(SOON)
        answer.close()


async def test_an_open_page_does_not_hold_up_the_end(bot: Stage) -> None:
    await clicked(bot, await new_link(bot), 40)
    path = await shared(bot)
    routes = report_routes(bot.adda.database, bot.adda.world, secure=False, every=60)
    site = Site(application(routes), "127.0.0.1", 0)
    await site.start()
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        page = await session.post(site.address + path)
        live = await session.get(str(page.url).replace("/report", "/live"))
        assert live.status == 200
        async with asyncio.timeout(2):
            await site.close()


async def test_following_is_no_new_opening(bot: Stage) -> None:
    await clicked(bot, await new_link(bot), 40)
    path = await shared(bot)
    async with reading(bot) as client:
        page = await entered(client, path)
        await bot.advance(3600)
        followed = await client.get(page.url.path, headers={"Adda-Follows": "1"})
        assert followed.status == 200
        assert len(await kept(bot, "select id from report_openings")) == 1
        await client.get(page.url.path)
    assert len(await kept(bot, "select id from report_openings")) == 2


@pytest.mark.browser
@needs_chromium
async def test_an_open_page_shows_new_clicks_and_keeps_what_is_unfolded(bot: Stage) -> None:
    slug = await new_link(bot)
    await clicked(bot, slug, 40)
    path = await shared(bot)
    routes = report_routes(bot.adda.database, bot.adda.world, secure=False, every=SOON)
    async with Site(application(routes), "127.0.0.1", 0) as site, chromium() as chrome:
        page, complaints = await chrome.new_page(locale="en-GB"), list[str]()
        page.on("console", lambda message: complaints.append(message.text))
        await page.goto(site.address + path)
        await page.locator("button").first.click()
        await expect(page.locator("#figures")).to_contain_text("40 link clicks")
        folded = page.locator("section", has=page.locator("#h-hours")).locator("details")
        with contextlib.suppress(AssertionError):
            await expect(folded).not_to_have_attribute("open", "", timeout=100)
        await folded.evaluate("fold => fold.open = true")
        other = await new_link(bot, "bio")
        await clicked(bot, other, 30)
        await expect(page.locator("#figures")).to_contain_text("70 link clicks")
        assert await folded.evaluate("fold => fold.open") is True
        assert complaints == []
        await page.close()
