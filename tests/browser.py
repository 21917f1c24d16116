"""The playground over HTTP and in Chromium, for tests."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright

from tests.stage import Stage
from web.app import Site, application
from web.health import health
from web.playground import playground

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
needs_chromium = pytest.mark.skipif(
    not CHROMIUM.exists(), reason="needs Chromium: apt-get install chromium (Debian)"
)


@asynccontextmanager
async def served(stage: Stage) -> AsyncIterator[str]:
    """The address of the playground on a free port."""
    routes = [
        *playground(stage.playground, stage.adda.settings.timezone),
        *health(stage.adda.database, stage.adda.platforms),
    ]
    async with Site(application(routes), "127.0.0.1", 0) as site:
        yield site.address


class Door:
    """The JSON API as a stranger to the code sees it."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self.address = address

    async def post(self, name: str, **fields: Any) -> Any:
        """The answer to a call that is expected to work."""
        status, answer = await self.attempt(name, fields)
        assert status == 200, answer
        return answer

    async def attempt(self, name: str, body: Any) -> tuple[int, Any]:
        """(status, answer) to any body; bytes go out as they are."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        url = f"{self.address}/playground/api/{name}"
        async with self._session.post(url, data=io.BytesIO(raw)) as response:
            return response.status, await response.json()

    async def get(self, name: str, **query: str) -> Any:
        url = f"{self.address}/playground/api/{name}"
        async with self._session.get(url, params=query) as response:
            assert response.status == 200, await response.text()
            return await response.json()


@asynccontextmanager
async def api(stage: Stage) -> AsyncIterator[Door]:
    async with served(stage) as address, aiohttp.ClientSession() as session:
        yield Door(session, address)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=list(ARGUMENTS)
        )
        try:
            yield browser
        finally:
            await browser.close()


@dataclass(frozen=True, slots=True)
class Screen:
    """A page of the playground, and the address behind it."""

    page: Page
    address: str

    def pane(self, name: str) -> Locator:
        return self.page.locator(f"#pane-{name}")

    def lines(self, name: str) -> Locator:
        return self.pane(name).locator(".line")

    async def say(self, name: str, text: str) -> None:
        field = self.pane(name).locator("textarea")
        await field.fill(text)
        await field.press("Enter")

    async def go(self, name: str, what: str, value: str) -> None:
        await self.pane(name).locator(f".{what} [value={value}]").check()


@asynccontextmanager
async def opened(
    browser: Browser, address: str, language: str = "en", scheme: Any = "light", width: int = 1280
) -> AsyncIterator[Screen]:
    """The page, ready. Nothing may be written to its console: no errors, no blocked scripts."""
    locale = {"bn": "bn-BD", "en": "en-GB"}[language]
    context = await browser.new_context(
        viewport={"width": width, "height": 640}, locale=locale, color_scheme=scheme
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    await page.locator("html[data-ready]").wait_for()
    yield Screen(page, address)
    assert [line for line in complaints if "400 (Bad Request)" not in line] == []
    await context.close()
