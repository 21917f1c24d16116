"""The test's view of Adda: do what people do, see what they see. Nothing of ours is replaced."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from bot.app import Adda, assemble
from bot.model import Role
from bot.platforms.playground import Message, Playground
from bot.settings import Settings
from bot.world import Clock, counted_world
from handlers.giveaways.relays import Relays
from storage import people
from storage.database import open_database
from storage.seal import Seal
from storage.tx import Tx
from web.playground import upcoming

START = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # Friday noon in Dhaka


@asynccontextmanager
async def postgres_url(server: str) -> AsyncIterator[str]:
    """The address of a new, empty PostgreSQL database, dropped afterwards."""
    name = f"adda_test_{secrets.token_hex(6)}"
    admin = await asyncpg.connect(server)
    try:
        await admin.execute(f'create database "{name}"')
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        await admin.execute(f'drop database if exists "{name}" with (force)')
        await admin.close()


class Stage:
    """A running bot on the playground. `who` is any name; platform "telegram" unless said."""

    def __init__(self, adda: Adda, playground: Playground, clock: Clock) -> None:
        self.adda = adda
        self.playground = playground
        self.clock = clock

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, clock: Clock | None = None, relays: Relays | None = None, **settings: Any
    ) -> AsyncIterator[Stage]:
        clock = clock or Clock(START)
        world = counted_world(clock)
        given = {"community": "Mitu", "operator": "ops@example.org", **settings}
        built = Settings.model_validate({"database_url": url, **given})
        database = await open_database(url, Seal("test secret"))
        playground = Playground(world, clock)
        adda = assemble(built, world, database, playground.doors, relays=relays)
        await database.unit(_community)
        for door in playground.doors.values():
            door.open(adda.core, adda.book.cards())
        playground.connect(adda.postman.idle, upcoming(database))
        await adda.postman.open()
        running = asyncio.create_task(adda.postman.run(adda.core.handle))
        try:
            yield cls(adda, playground, clock)
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            if adda.assist is not None:
                await adda.assist.close()
            await database.close()

    async def say(
        self, who: str, text: str, platform: str = "telegram", place: str = "dm", **more: Any
    ) -> list[Message]:
        """What `who` sees on that platform because of it."""
        before = self.playground.tick
        await self.playground.say(who, platform, place, text, **more)
        return self.seen(who, platform, after=before)

    async def command(
        self,
        who: str,
        command: str,
        args: Mapping[str, str] | str = "",
        platform: str = "telegram",
        place: str = "dm",
    ) -> list[Message]:
        before = self.playground.tick
        await self.playground.command(who, platform, place, command, args)
        return self.seen(who, platform, after=before)

    async def press(self, who: str, message: Message, label: str) -> list[Message]:
        """Press the button whose label contains `label`, or forge a press with that data."""
        before = self.playground.tick
        data = next(
            (k.data for row in message.rows for k in row if label in k.label and k.data), label
        )
        await self.playground.press(who, message.platform, message.id, data)
        return self.seen(who, message.platform, after=before)

    async def fill(self, who: str, form: Message, values: Mapping[str, str]) -> list[Message]:
        before = self.playground.tick
        await self.playground.fill(who, form.platform, form.id, values)
        return self.seen(who, form.platform, after=before)

    async def advance(self, seconds: float) -> list[Message]:
        """What anyone sees because time passed."""
        before = self.playground.tick
        await self.playground.advance(seconds)
        return self.seen(after=before)

    def seen(
        self, who: str | None = None, platform: str | None = None, place: str | None = None,
        after: int = 0,
    ) -> list[Message]:  # fmt: skip
        """The bot's messages."""
        shown = self.playground.seen(who, platform, place, after)
        return [message for message in shown if message.author == "adda"]

    async def unit(self, work: Any) -> Any:
        return await self.adda.database.unit(work)


async def _community(tx: Tx) -> None:
    await people.add_community(tx, "c1", "Mitu", "bn", "Asia/Dhaka", 0)
    for platform in ("telegram", "discord"):
        await people.add_member(
            tx, "c1", f"owner-{platform}", platform, "creator", "creator", Role.OWNER, 0
        )
        await people.attach(tx, "c1", platform, "fans", None, "fans", 0)
