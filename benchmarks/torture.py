"""`kill -9` again and again while people use the bot: what they were promised must stand.

`python -m benchmarks.torture --kills 200 --database sqlite` (or `postgres`: a new database on the
server that ADDABOT_TEST_POSTGRES names). A dozen kills are a round with one giveaway: two thirds
of them while people enter, ask and click, the others around the draw. With `--beacon` the chance
comes from relays of a drand of the tests on loopback, one of which misbehaves, the winners claim,
and half of the kills come from the close on: around the freeze, the round, the draw, what is said
of it, and the claims. With `--links` only short links are served, by `run --only web`, and killed.
Prints what was found.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import fields
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.torture_links import LinkFindings, torture_links
from tests.claimants import Claimants
from tests.crowd import Crowd, has_button
from tests.judgement import Findings, Judge
from tests.own_drand import NETWORK
from tests.peers.discord import DiscordPeer
from tests.peers.drand import Manner, Relay
from tests.peers.telegram import TelegramPeer
from tests.peers.telegram_people import Json
from tests.process import Program, discord_settings, program, telegram_settings
from tests.stage import postgres_url

ROUND, AROUND_THE_DRAW = 12, 4  # kills
TO_THE_CLAIMS = 6  # of them with a beacon, whose round comes seconds after the close
BUSY = (15, 60, 300)  # most things it may be seen doing before it is killed, one of these
DRAWING = (5, 15, 40)  # and around the draw
EARLY = 0.15  # of the kills come while it starts
PATIENCE = 1.5  # seconds until it is killed at the latest
SETTLE = 60.0  # seconds until all that was left is said
WINNERS = 3
MISBEHAVING = (
    Manner.EARLY, Manner.BROKEN, Manner.PROSE, Manner.OTHER_ROUND, Manner.FORGED, Manner.HANGING,
)  # fmt: skip


class Torture:
    """One bot, two platforms, a crowd, and somebody with `kill -9`."""

    def __init__(
        self, bot: Program, telegram: TelegramPeer, discord: DiscordPeer, seed: int,
        relay: Relay | None = None,
    ) -> None:  # fmt: skip
        """`relay`: one of several, which misbehaves from round to round; then people claim."""
        self.bot, self.telegram, self.discord = bot, telegram, discord
        self.rng = Random(seed)
        self.crowd = Crowd(telegram, discord, bot.url, Random(seed + 1))
        self.group = telegram.group("Fans", bot="left")
        self.found = Findings()
        self.claimants = Claimants(self.crowd)
        self._judge = Judge(self.crowd, self.claimants, bot, self.group, self.found)
        self._winners: dict[str, list[str]] = {}
        self._relay = relay

    # The creator --------------------------------------------------------------------------------

    async def open(self) -> None:
        """A community on both platforms that knows an answer and has a link."""
        self.telegram.person("creator", "en")
        await self._rise()
        await self._creator(f"/claim {self.bot.code()}", "You own this bot now")
        self.telegram.adds_bot("creator", self.group)
        invited = await self._creator("/team invite owner", "/claim")
        await self._creator_there("claim", {"code": invited.rpartition(" ")[2]}, dm=True)
        await self._creator_there("here")
        await self._creator("/answers add red dress price? | 1,200 taka", "Answer no. 1 added")
        line = "/link new Aarong | https://shop.example/saree | TikTok"
        self.crowd.slug = (await self._creator(line, "/link end")).partition("/link end ")[2][:7]
        await self.bot.stop()

    async def _creator(self, line: str, words: str) -> str:
        """What the creator reads with these words, after they wrote the line."""
        before = len(self.telegram.seen("creator"))
        self.telegram.says("creator", line)
        return str((await self._answer(before, words))["text"])

    async def _answer(self, after: int, words: str) -> Json:
        def answer() -> Json | None:
            seen = self.telegram.seen("creator")[after:]
            return next((message for message in seen if words in message["text"]), None)

        found = await self.telegram.until(answer, 15.0)
        assert found is not None
        return found

    async def _creator_there(self, command: str, options: Json | None = None, **more: Any) -> None:
        told = await self.discord.slash("creator", command, options, **more)
        await self.discord.until(lambda: told.state == "shown", 10.0)

    async def _publish(self, prize: str) -> None:
        before = len(self.telegram.seen("creator"))
        self.telegram.says("creator", f"/giveaway new {prize} | 24 | {WINNERS}")
        preview = await self._answer(before, "Only you see this")
        self.telegram.presses("creator", preview, "Publish")
        start = f"Giveaway: {prize}"

        def here() -> list[Json]:
            return [m for m in self.telegram.seen(self.group) if m["text"].startswith(start)]

        def there() -> list[Json]:
            ours = (m for m in self.discord.messages if m["content"].startswith(start))
            return [message for message in ours if has_button(message)]

        (post,) = await self.telegram.until(here, 15.0)
        await self.discord.until(there, 15.0)
        self.crowd.posts = {"telegram": post, "discord": there()[0]}

    # Death --------------------------------------------------------------------------------------

    async def _rise(self) -> None:
        """Up, polling, and with a session of its own on Discord."""
        polls, sessions = len(self.telegram.polls), len(self.discord.gateway.identifies)
        gateway = self.discord.gateway
        await self.bot.up()
        await self.telegram.until(lambda: len(self.telegram.polls) > polls, 15.0)
        await self.discord.until(
            lambda: len(gateway.identifies) > sessions and gateway.connected, 15.0
        )

    async def _die(self, most: Sequence[int]) -> None:
        """Start, and be killed after a few things it was seen doing, or some time."""
        if self.rng.random() < EARLY:
            await self.bot.start()
            await self._while(10**9)
        else:
            await self.bot.up()
            await self._while(self.rng.randint(0, self.rng.choice(most)))
        await self._kill()

    async def _while(self, seen: int) -> None:
        start, end = self.crowd.seen, time.monotonic() + self.rng.uniform(0.0, PATIENCE)
        while self.crowd.seen - start < seen and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.001)  # three servers' news, as they come

    async def _kill(self) -> None:
        await self.bot.kill()
        self.found.kills += 1
        await self.bot.leases_end()
        await self._look()

    async def _look(self) -> None:
        """Nothing went wrong in it that it knew of, and winners once drawn never change."""
        for line in self.bot.log:
            if '"level": "error"' in line:
                self.found.wrong("errors_logged", line)
        now: dict[str, list[str]] = {}
        for row in await self.bot.sql(
            "select giveaway, commitment from giveaway_list where rank > 0 order by giveaway, rank"
        ):
            now.setdefault(row["giveaway"], []).append(row["commitment"])
        for giveaway, winners in self._winners.items():
            if now.get(giveaway) != winners:
                self.found.wrong("draws_changed", f"the winners of {giveaway}")
        self._winners = now

    # One round ----------------------------------------------------------------------------------

    async def round(self, number: int, kills: int = ROUND) -> None:
        """A giveaway from its beginning to its end, and `kills` deaths on the way."""
        prize, since = f"Saree {number:04}", round(time.time() * 1000)
        around = kills * (TO_THE_CLAIMS if self._relay else AROUND_THE_DRAW) // ROUND
        self.crowd.forget()
        if self._relay:
            self._relay.manner = self.rng.choice(MISBEHAVING)
        await self._rise()
        await self._publish(prize)
        acting = asyncio.create_task(self.crowd.act())
        await self._while(BUSY[-1])
        await self._kill()
        for _ in range(kills - around - 1):
            await self._die(BUSY)
        self.telegram.says("creator", "/giveaway end")
        over = asyncio.Event()
        claiming = asyncio.create_task(self.claimants.act(over))
        for _ in range(around):
            await self._die(DRAWING)
        self.crowd.enough.set()
        await acting
        await self._rise()
        await self._settled()
        over.set()
        await claiming
        await self._end(prize, since)

    async def _end(self, prize: str, since: int) -> None:
        await self._settled()
        if await self.bot.stop() != 0:
            self.found.wrong("errors_logged", "it did not end well")
        await self._look()
        await self._judge.judge(prize, since)
        for problem in self.telegram.invalid + self.discord.invalid:
            self.found.wrong("invalid_requests", problem)

    async def _settled(self) -> None:
        """Returns when nothing is left to be said, and every draw is made."""
        left = (
            "select (select count(*) from outbox where settled_at is null and platform <> 'self')"
            " + (select count(*) from giveaways where drawn_at is null) as things"
        )

        async def nothing_left() -> bool:
            (row,) = await self.bot.sql(left)
            return not (row["things"] or self.telegram.waiting or self.claimants.waiting)

        await self.bot.until(nothing_left, SETTLE)


async def torture(
    folder: Path, database_url: str, kills: int, seed: int, beacon: bool = False
) -> Findings:
    """Rounds until there were so many kills; `beacon`: with relays on loopback."""
    async with AsyncExitStack() as around:
        telegram = await around.enter_async_context(TelegramPeer())
        discord = await around.enter_async_context(DiscordPeer())
        relays = [Relay(NETWORK), Relay(NETWORK)] if beacon else []
        for relay in relays:
            await around.enter_async_context(relay)
        settings = {**telegram_settings(telegram), **discord_settings(discord)}
        settings["BEACON_RELAYS"] = ",".join(relay.base for relay in relays) or "none"
        module = "tests.own_drand" if beacon else "bot"
        bot = await around.enter_async_context(
            program(folder, module=module, DATABASE_URL=database_url, **settings)
        )
        bot.settings["PUBLIC_URL"] = bot.url
        victim = Torture(bot, telegram, discord, seed, relays[0] if beacon else None)
        return await _rounds(victim, kills)


async def _rounds(victim: Torture, kills: int) -> Findings:
    await victim.open()
    number = 0
    while victim.found.kills < kills:
        number += 1
        await victim.round(number, min(ROUND, kills - victim.found.kills))
    return victim.found


@asynccontextmanager
async def _database(kind: str) -> AsyncIterator[str]:
    if kind == "sqlite":
        yield "sqlite:///data/adda.db"
        return
    async with postgres_url(os.environ["ADDABOT_TEST_POSTGRES"]) as url:
        yield url


async def _main(options: argparse.Namespace) -> Findings | LinkFindings:
    with tempfile.TemporaryDirectory() as folder:
        async with _database(options.database) as url:
            if options.links:
                return await torture_links(Path(folder), url, options.kills, options.seed)
            return await torture(Path(folder), url, options.kills, options.seed, options.beacon)


def main() -> None:
    """Print a line for everything that was counted; 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beacon", action="store_true", help="draws by a beacon, and claims")
    parser.add_argument("--links", action="store_true", help="redirects alone")
    found = asyncio.run(_main(parser.parse_args()))
    for one in fields(found):
        if one.name != "details":
            print(f"{one.name.replace('_', ' '):<24}{getattr(found, one.name):>8,}")
    print(*found.details, sep="\n")
    with contextlib.suppress(BrokenPipeError):
        sys.exit(bool(found.details))


if __name__ == "__main__":
    main()
