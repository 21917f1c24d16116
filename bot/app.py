"""The composition root: builds every part, joins them, and runs them under one task group."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.book import Book
from bot.core import Core
from bot.feature import Feature
from bot.forms import forms
from bot.outbox import Postman
from bot.platforms.base import CommandCard, Platform, Stopped
from bot.settings import Settings
from bot.world import World
from handlers.giveaways.checks import Checks
from handlers.giveaways.commands import Tools, giveaways, winnings
from handlers.giveaways.proofs import proofs
from handlers.giveaways.relays import Relays
from handlers.links.clickers import clickers
from handlers.links.commands import links
from handlers.links.health import shop_health
from handlers.links.identity import identity
from handlers.links.shop_pages import Probe
from handlers.people import people
from handlers.places import places
from handlers.questions.assist.tier import Assist, Terms
from handlers.questions.commands import questions
from handlers.questions.memory import give_back
from handlers.reporting.api_tokens import api_tokens
from handlers.reporting.commands import reporting
from handlers.reporting.posting import Post
from handlers.reporting.webhooks import webhooks
from handlers.reports import reports
from storage.database import Database

STOP_WITHIN = 6.0  # seconds to finish what is under way; the rest stays in the database
CLOSE_WITHIN = 2.0  # seconds to take leave of the platforms
RESTART_AFTER = (1.0, 5.0, 30.0, 120.0)  # seconds before a platform that broke is started again
log = structlog.get_logger("app")


def tune_interpreter() -> None:
    """What start-up made is never garbage, and looking through it again is a fifth of an event; the
    thread that stores clicks gets its turn after 1 ms rather than 5, which batches wait for."""
    gc.collect()
    give_back()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    sys.setswitchinterval(0.001)


def features(
    settings: Settings, assist: Assist | None = None, probe: Probe | None = None,
    post: Post | None = None, tools: Tools | None = None,
) -> list[Feature]:  # fmt: skip
    """Everything Adda can do; `tools` are what giveaways draw with."""
    keeping: Sequence[Feature] = (
        questions(settings.public_url, assist=assist),
        winnings(),  # forgets before giveaways do
        giveaways(tools or Tools(settings.public_url)),
        reporting(settings.public_url),  # forgets before the features of links do
        links(settings.public_url),
        identity(settings.public_url),
        clickers(),
        reports(),
    )
    promises = (assist.privacy,) if assist else ()
    rest = (
        api_tokens(settings.public_url), webhooks(settings.public_url, post),
        proofs(settings.public_url),
        shop_health(settings.public_url, probe),
    )  # fmt: skip
    return [forms, places, people(settings.operator, keeping, promises), *keeping, *rest]


@dataclass(frozen=True, slots=True)
class Adda:
    """All parts, joined; `run` makes them work."""

    settings: Settings
    world: World
    database: Database
    book: Book
    postman: Postman
    core: Core
    platforms: Mapping[str, Platform]
    assist: Assist | None = None
    relays: Relays | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set: then take nothing more, finish, and let go."""
        tune_interpreter()
        await self.postman.open()
        sending = asyncio.create_task(self.postman.run(self.core.handle))
        cards = self.book.cards()
        receiving = [asyncio.create_task(self._attend(p, cards)) for p in self.platforms.values()]
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({sending, stopped}, return_when=asyncio.FIRST_COMPLETED)
        broken = sending.done()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_WITHIN):
                await cancel(stopped, *receiving)  # events taken in by then are finished
                if not broken:
                    await self.postman.finish()
        await cancel(sending)  # before the connections go: a send must not fail for want of one
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_WITHIN):
                await asyncio.gather(*(platform.close() for platform in self.platforms.values()))
        if self.assist is not None:
            await self.assist.close()
        if self.relays is not None:
            await self.relays.close()
        if broken:
            sending.result()

    async def _attend(self, platform: Platform, cards: Sequence[CommandCard]) -> None:
        """Keep one platform receiving; only `Stopped` ends it, and the others go on."""
        for attempt in range(1_000_000):
            try:
                await platform.run(self.core, cards)
            except Stopped as end:
                log.error("platform is off", platform=platform.name, why=str(end))
                return
            except Exception:
                log.exception("platform broke", platform=platform.name)
            await asyncio.sleep(RESTART_AFTER[min(attempt, len(RESTART_AFTER) - 1)])


async def cancel(*tasks: asyncio.Task[object]) -> None:
    """End tasks and wait until they have."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def assemble(
    settings: Settings, world: World, database: Database, platforms: Mapping[str, Platform],
    probe: Probe | None = None, post: Post | None = None, relays: Relays | None = None,
) -> Adda:  # fmt: skip
    """Join the parts; nothing runs yet. `probe` looks at the shops behind links, `post` sends to
    programs of brands, `relays` serve the beacon of draws."""
    assist = Assist.of(_terms(settings), database, world)
    tools = Tools(settings.public_url, relays, Checks(platforms))
    book = Book(features(settings, assist, probe, post, tools))
    postman = Postman(database, world, platforms, settings.timezone)
    capabilities = {name: platform.capabilities for name, platform in platforms.items()}
    core = Core(database, book, world, postman, capabilities)
    return Adda(settings, world, database, book, postman, core, platforms, assist, relays)


def _terms(settings: Settings) -> Terms:
    return Terms(
        settings.assist_url, settings.assist_key, settings.assist_embeddings, settings.assist_chat,
        settings.assist_daily_budget, settings.assist_timeout,
    )  # fmt: skip


def run_to_end(work: Coroutine[Any, Any, None]) -> None:
    """Run until it is done: on uvloop, except on Windows, which has none."""
    if sys.platform == "win32":
        asyncio.run(work)
    else:
        import uvloop

        uvloop.run(work)


def stop_on_signal() -> asyncio.Event:
    """An event that SIGTERM and Ctrl-C set."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    return stop
