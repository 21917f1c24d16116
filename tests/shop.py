"""A shop's links in tests: making them in chat, opening them over HTTP, reading what was kept."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.platforms.playground import Message
from handlers.links.clicks import Clicks
from storage.database import Database
from tests.stage import Stage
from tests.user_agents import CHROME
from web.app import application
from web.redirect import Doors, redirect_routes
from web.visitor import Network

URL = "https://links.example"
SHOP = "https://shop.example/saree?size=m"
BN = "বিজ্ঞাপন · আড়ং-র সাথে পেইড পার্টনারশিপ"
EN = "Ad · paid partnership with আড়ং"
TELEGRAM_BOT = "TelegramBot (like TwitterBot)"


async def new_link(
    bot: Stage, placement: str = "TikTok", brand: str = "আড়ং", to: str = SHOP
) -> str:
    """The slug of a new link."""
    seen = await bot.say("creator", f"/link new {brand} | {to} | {placement}")
    found = re.search(r"/link end ([a-z0-9]+)", seen[-1].text)
    assert found is not None, seen[-1].text
    return found[1]


async def own_link(bot: Stage, who: str, platform: str = "telegram") -> str:
    """The path of the personal link to the newest link, from a private chat."""
    seen = await bot.command(who, "links", platform=platform)
    return urls(seen[-1])[0].removeprefix(URL)


def urls(message: Message) -> list[str]:
    return [key.url for row in message.rows for key in row if key.url]


def labels(message: Message) -> list[str]:
    return [key.label for row in message.rows for key in row]


class Web:
    """The redirect on a real server, and a browser in front of it."""

    def __init__(self, clicks: Clicks, client: TestClient[Any, Any]) -> None:
        self.clicks = clicks
        self.client = client

    @classmethod
    @asynccontextmanager
    async def open(
        cls, bot: Stage, spill: Path, database: Database | None = None,
        trusted: Sequence[Network] = (), patience: float = 30.0, attended: bool = True,
        country: str = "",
    ) -> AsyncIterator[Web]:  # fmt: skip
        """Not `attended`, nothing is brought back from the spill file but by `catch_up`."""
        clicks = Clicks(database or bot.adda.database, bot.adda.world, spill, patience)
        app = application(
            redirect_routes(clicks, bot.adda.database, bot.adda.world, Doors(trusted, country))
        )
        running = asyncio.create_task(clicks.run() if attended else asyncio.sleep(0))
        async with TestClient(TestServer(app)) as client:
            yield cls(clicks, client)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    async def get(self, path: str, agent: str = CHROME, **headers: str) -> ClientResponse:
        """Open a path as a browser does, but do not follow."""
        return await self._ask("GET", path, agent, headers)

    async def head(self, path: str, agent: str = CHROME) -> ClientResponse:
        return await self._ask("HEAD", path, agent, {})

    async def _ask(
        self, method: str, path: str, agent: str, headers: dict[str, str]
    ) -> ClientResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.request(
            method, path, headers={"User-Agent": agent, **named}, allow_redirects=False
        )


def phone(number: int) -> str:
    """The browser of one person out of many."""
    return CHROME.replace("Android 10; K", f"Android 10; SM-A{number}")


async def kept(bot: Stage, sql: str) -> list[dict[str, Any]]:
    """What another program reads in the database."""
    url = bot.adda.settings.database_url
    if not url.startswith("sqlite"):
        conn = await asyncpg.connect(url)
        try:
            return [dict(row) for row in await conn.fetch(sql)]
        finally:
            await conn.close()
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        file.row_factory = sqlite3.Row
        found = [dict(row) for row in file.execute(sql)]
        file.commit()
        return found


async def clicks(bot: Stage) -> list[dict[str, Any]]:
    """Every click, oldest first."""
    return await kept(bot, "select * from clicks order by id")


async def classes(bot: Stage) -> list[str]:
    return [row["class"] for row in await clicks(bot)]
