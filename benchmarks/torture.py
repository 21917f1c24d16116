"""`kill -9` again and again while people use the bot: what they were promised must stand.

`python -m benchmarks.torture --kills 200 --database sqlite` (or `postgres`, a new database on the
server that ADDABOT_TEST_POSTGRES names). A dozen kills are a round with one giveaway: two thirds
of them while people enter, ask and click, the others around the draw. Prints what was found.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from random import Random
from typing import Any

from handlers.giveaways import terms
from storage import giveaway_pool as pool
from storage import giveaways as store
from storage import people
from storage.tx import Tx
from tests.crowd import NUMBER, Crowd, has_button
from tests.peers.discord import HOME, DiscordPeer
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_people import Chat, Json
from tests.process import Program, discord_settings, program, telegram_settings
from tests.stage import postgres_url

ROUND, AROUND_THE_DRAW = 12, 4  # kills
WINNERS = 3
SETTLE = 60.0  # seconds until all that was left is said
EARLY = 0.15  # of the kills come before it is up


@dataclass(slots=True)
class Findings:
    """What a torture brought to light; all but the first five must be nothing."""

    kills: int = 0
    entries_acknowledged: int = 0
    clicks_acknowledged: int = 0
    answers: int = 0
    in_doubt: int = 0  # answers that may have arrived, on record as such
    entries_lost: int = 0
    clicks_lost: int = 0
    answered_twice: int = 0
    answers_lost: int = 0  # neither seen nor on record as in doubt
    draws_changed: int = 0
    announcements_missing: int = 0
    announcements_doubled: int = 0
    invalid_requests: int = 0
    errors_logged: int = 0
    details: list[str] = field(default_factory=list)

    def count(self, what: str, told: str, number: int = 1) -> None:
        """Something that must not be."""
        setattr(self, what, getattr(self, what) + number)
        self.details.append(f"{what}: {told}")


class Torture:
    """One bot, two platforms, a crowd, and somebody with `kill -9`."""

    def __init__(
        self, bot: Program, telegram: TelegramPeer, discord: DiscordPeer, seed: int
    ) -> None:
        self.bot, self.telegram, self.discord = bot, telegram, discord
        self.rng = Random(seed)
        self.crowd = Crowd(telegram, discord, bot.url, Random(seed + 1))
        self.found = Findings()
        self.group = telegram.group("Fans", bot="left")
        self._winners: dict[str, list[str]] = {}

    # The creator --------------------------------------------------------------------------------

    async def open(self) -> None:
        """A community on both platforms that knows an answer and has a link."""
        self.telegram.person("creator", "en")
        await self._rise()
        await self._creator(f"/claim {self.bot.code()}", "You own this bot now")
        self.telegram.adds_bot("creator", self.group)
        invited = await self._creator("/team invite owner", "/claim")
        await self._creator_there("claim", {"code": invited["text"].rpartition(" ")[2]}, dm=True)
        await self._creator_there("here")
        await self._creator("/answers add red dress price? | 1,200 taka", "Answer no. 1 added")
        line = "/link new Aarong | https://shop.example/saree | TikTok"
        made = await self._creator(line, "/link end")
        self.crowd.slug = made["text"].partition("/link end ")[2].split()[0]

    async def _creator(self, line: str, words: str) -> Json:
        """The newest message to the creator with these words, after they wrote the line."""
        before = len(self.telegram.seen("creator"))
        self.telegram.says("creator", line)

        def answer() -> list[Json]:
            return [m for m in self.telegram.seen("creator")[before:] if words in m["text"]]

        return (await self.telegram.until(answer, 15.0))[-1]

    async def _creator_there(self, command: str, options: Json | None = None, **more: Any) -> None:
        told = await self.discord.slash("creator", command, options, **more)
        await self.discord.until(lambda: told.state == "shown", 10.0)

    async def _publish(self, prize: str) -> None:
        preview = await self._creator(f"/giveaway new {prize} | 24 | {WINNERS}", "Publish")
        self.telegram.presses("creator", preview, "Publish")
        start = f"Giveaway: {prize} "

        def here() -> list[Json]:
            return [m for m in self.telegram.seen(self.group) if m["text"].startswith(start)]

        def there() -> list[Json]:
            return [
                m for m in self.discord.messages
                if m["content"].startswith(start) and has_button(m)
            ]  # fmt: skip

        post = (await self.telegram.until(here, 15.0))[-1]
        await self.discord.until(there, 15.0)
        self.crowd.posts = {"telegram": post, "discord": there()[-1]}

    # Death --------------------------------------------------------------------------------------

    async def _rise(self) -> None:
        """Up, polling, and with a session on Discord."""
        polls, sessions = len(self.telegram.polls), len(self.discord.gateway.identifies)
        gateway = self.discord.gateway
        await self.bot.up()
        await self.telegram.until(lambda: len(self.telegram.polls) > polls, 15.0)
        await self.discord.until(
            lambda: len(gateway.identifies) > sessions and gateway.connected, 15.0
        )

    async def _die(self, most: int) -> None:
        """Start, and be killed after up to `most` things it was seen doing, or 1.5 s."""
        if self.rng.random() < EARLY:
            await self.bot.start()
            await asyncio.sleep(self.rng.uniform(0.1, 1.5))
        else:
            await self.bot.up()
            await self._until_seen(self.rng.randint(0, most), self.rng.uniform(0.0, 1.5))
        await self.bot.kill()
        self.found.kills += 1
        self._listen()
        if self.bot.on_postgres:
            await self.bot.leases_end()
        await self._look_at_draws()

    async def _until_seen(self, count: int, seconds: float) -> None:
        start, end = self.crowd.seen, time.monotonic() + seconds
        while self.crowd.seen - start < count and time.monotonic() < end:
            await asyncio.sleep(0.001)

    def _listen(self) -> None:
        for line in self.bot.log:
            if '"level": "error"' in line:
                self.found.count("errors_logged", line)

    async def _look_at_draws(self) -> None:
        """Winners once stored never change."""
        rows = await self.bot.sql(
            "select giveaway, commitment from giveaway_list where rank is not null "
            "order by giveaway, rank"
        ) if self.bot.has_database else []  # fmt: skip
        now: dict[str, list[str]] = {}
        for row in rows:
            now.setdefault(row["giveaway"], []).append(row["commitment"])
        for giveaway, winners in self._winners.items():
            if now.get(giveaway) != winners:
                self.found.count("draws_changed", giveaway)
        self._winners = now

    # One round ----------------------------------------------------------------------------------

    async def round(self, number: int, kills: int = ROUND) -> None:
        """A giveaway from its beginning to its end, and `kills` deaths on the way."""
        prize = f"Saree {number}"
        await self._publish(prize)
        enough = asyncio.Event()
        acting = asyncio.create_task(self.crowd.act(enough))
        around = kills * AROUND_THE_DRAW // ROUND
        await self.bot.kill()
        self.found.kills += 1
        for _ in range(kills - around - 1):
            await self._die(60)
        self.telegram.says("creator", "/giveaway end")
        for _ in range(around):
            await self._die(25)
        enough.set()
        await acting
        await self._rise()
        await self._settled(prize)
        if await self.bot.stop() != 0:
            self.found.count("errors_logged", "it did not end well")
        self._listen()
        await self._look_at_draws()
        await self._judge(prize)

    async def _settled(self, prize: str) -> None:
        """Returns when nothing is left to be said, and the draw is made."""
        idle = (
            "select (select count(*) from outbox where settled_at is null and platform <> 'self')"
            " + (select count(*) from giveaways where drawn_at is null) as left_over"
        )

        async def nothing_left() -> bool:
            (row,) = await self.bot.sql(idle)
            return not row["left_over"] and not self.telegram.waiting

        await self.bot.until(nothing_left, SETTLE)

    # Judgement ----------------------------------------------------------------------------------

    async def _judge(self, prize: str) -> None:
        answers = self.crowd.read()
        async with self.bot.database() as database, database.read() as tx:
            await self._entries(tx, prize, answers)
            await self._draw(tx, prize)
        await self._answers(answers)
        await self._clicks()
        for problem in self.telegram.invalid + self.discord.invalid:
            self.found.count("invalid_requests", problem)
        self.telegram.invalid.clear()
